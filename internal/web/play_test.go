package web_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"crypto/tls"

	"pong/internal/client"
	"pong/internal/deny"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/web"
	"pong/internal/web/webdial"
)

// A rig is a server with a page, on loopback.
type rig struct {
	address string
	trusts  string
	monitor *server.Monitor
	deny    *deny.List
}

// serve runs a server with two shards until the test ends.
func serve(t *testing.T) *rig {
	t.Helper()
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	list, err := deny.Open("")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{
		address: control.Addr().String(), trusts: identity.Fingerprint().String(), monitor: new(server.Monitor),
		deny: list,
	}
	page := web.New(web.Config{Control: control.Addr(), Denied: list.Contains, Playing: r.monitor.Occupied,
		Identity: func() string { return r.trusts }})
	packets, err := web.ListenPackets("127.0.0.1", control.Addr().(*net.TCPAddr).Port)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended, pages := make(chan error, 1), make(chan struct{})
	both := page.Sockets(sockets)
	go func() {
		defer close(pages)
		page.Run(ctx, packets)
	}()
	go func() {
		ended <- server.Serve(ctx, server.Config{
			TLS: trust.ServerTLS(identity, time.Now, "h2", "http/1.1"), Auto: true, Seed: 1, Monitor: r.monitor,
			Deny: list, Web: page.ServeTLS, More: []net.Listener{page.Control()}, Log: slog.New(slog.DiscardHandler),
		}, control, both)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve ended with %v, want nil", err)
		}
		<-pages
	})
	return r
}

// patience is how long is waited for what happens within seconds, unless other programs use the processors.
const patience = 2 * time.Minute

// join joins with a transport, and plays frames until a condition is met.
func (r *rig) join(t *testing.T, name string, transport dial.Transport) *dial.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := dial.Dial(ctx, dial.Config{Address: r.address, Trust: r.trusts, Name: name, Transport: transport})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// until plays frames of some clients until a condition holds for the frames of all of them.
func until(t *testing.T, what string, met func(v client.Frame) bool, clients ...*dial.Client) {
	t.Helper()
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	for late := time.Now().Add(patience); ; <-frames.C {
		all := true
		var last client.Frame
		for _, c := range clients {
			c.Update(time.Now(), game.None)
			last = c.Frame(time.Now())
			all = met(last) && all
		}
		if all {
			return
		}
		if time.Now().After(late) {
			t.Fatalf("not within %v: %s; the last frame is in stage %v (%v)", patience, what, last.Stage, last.Reason)
		}
	}
}

func playing(v client.Frame) bool { return v.Stage == client.StagePlaying }

func TestWeb_PlaysAgainstANativePlayer(t *testing.T) {
	for name, transport := range map[string]webdial.Transport{
		"WebTransport": {}, "WebSocket": {WebSocket: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := serve(t)
			page := r.join(t, "page", transport)
			native := r.join(t, "native", nil)
			until(t, "both play", playing, page, native)
			measured := func(v client.Frame) bool { return v.Figures.Samples >= 20 }
			until(t, "round trips are measured", measured, page, native)
			rows := r.monitor.Look(0, 1).Rows
			if len(rows) != 1 {
				t.Fatalf("%d matches, want 1", len(rows))
			}
			for _, seat := range rows[0].Seats {
				if from := seat.From.WithZone(""); from != netip.MustParseAddr("127.0.0.1") {
					t.Errorf("%s comes from %v, want 127.0.0.1", seat.Name, from)
				}
			}
		})
	}
}

func TestWeb_DeniedAddressIsRemovedAndRefused(t *testing.T) {
	r := serve(t)
	page := r.join(t, "page", webdial.Transport{})
	until(t, "the page has a seat", func(v client.Frame) bool { return v.Stage == client.StageWaiting }, page)
	if n, err := r.monitor.Ban(netip.MustParsePrefix("127.0.0.0/8")); err != nil {
		t.Fatalf("deny: %v (%v)", err, n)
	}
	until(t, "the page is removed", func(v client.Frame) bool { return v.Stage == client.StageClosed }, page)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if c, err := (webdial.Transport{}).DialStream(ctx, r.address); err == nil {
		c.Close()
		t.Error("a denied address opened a connection of WebTransport, want an error")
	}
}

func TestWeb_OtherOriginsAreRefused(t *testing.T) {
	r := serve(t)
	for name, transport := range map[string]webdial.Transport{
		"WebTransport": {Origin: "https://example.org"}, "WebSocket": {WebSocket: true, Origin: "https://example.org"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		c, err := transport.DialStream(ctx, r.address)
		cancel()
		if err == nil {
			c.Close()
			t.Errorf("%s: a page of another origin opened a connection, want an error", name)
		}
	}
}

func TestWeb_ServesThePage(t *testing.T) {
	r := serve(t)
	for _, protocol := range []string{"h2", "http/1.1", ""} {
		config := &tls.Config{InsecureSkipVerify: true}
		if protocol != "" {
			config.NextProtos = []string{protocol}
		}
		transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: protocol == "h2"}
		defer transport.CloseIdleConnections()
		for path, kind := range map[string]string{
			"/": "text/html", "/main.js": "text/javascript", "/pong.wasm": "application/wasm",
			"/hash": "application/json",
		} {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+r.address+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Accept-Encoding", "br")
			answer, err := transport.RoundTrip(request)
			if err != nil {
				t.Fatalf("%s with ALPN %q: %v", path, protocol, err)
			}
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || answer.StatusCode != http.StatusOK || len(body) == 0 {
				t.Errorf("%s with ALPN %q: status %d, %d bytes, error %v; want 200", path, protocol, answer.StatusCode,
					len(body), err)
			}
			if got := answer.Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
				t.Errorf("%s: Content-Type %q, want %q", path, got, kind)
			}
			policy := answer.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe-inline") {
				t.Errorf("%s: Content-Security-Policy %q, want nothing by default and nothing inline", path, policy)
			}
			for _, header := range []string{"Strict-Transport-Security", "Set-Cookie", "Alt-Svc"} {
				if got := answer.Header.Get(header); got != "" {
					t.Errorf("%s: %s %q, want none", path, header, got)
				}
			}
		}
	}
}
