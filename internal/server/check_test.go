package server_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// A dialledBack is the network between a server and the hosts that it checks.
type dialledBack struct {
	tls    *tls.Config // of what answers on TCP. If nil, nothing does.
	hold   bool        // TCP does not answer
	lost   bool        // datagrams are
	tokens chan [wire.TokenLen]byte

	mu      sync.Mutex // guards what follows
	dialled []string
}

func (d *dialledBack) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	d.mu.Lock()
	d.dialled = append(d.dialled, network+" "+address)
	d.mu.Unlock()
	switch {
	case network == "udp":
		near, far := net.Pipe()
		far.Close()
		return datagrams{near, d}, nil
	case d.hold:
		<-ctx.Done()
		return nil, ctx.Err()
	case d.tls == nil:
		return nil, errors.New("connection refused")
	}
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		conn := tls.Server(far, d.tls)
		if conn.Handshake() == nil {
			_, _ = conn.Read(make([]byte, 1))
		}
	}()
	return near, nil
}

// datagrams is the connection of a check to a game port.
type datagrams struct {
	net.Conn
	to *dialledBack
}

func (c datagrams) Write(b []byte) (int, error) {
	if token, ok := wire.ParseCheck(b); ok && !c.to.lost {
		c.to.tokens <- token
	}
	return len(b), nil
}

// TestCheck_Answers asks a server whether it reaches a host, whose network is as each case says.
func TestCheck_Answers(t *testing.T) {
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	pong := trust.ServerTLS(identity, time.Now)
	other := pong.Clone()
	other.NextProtos = []string{"h2"}
	const public = "198.51.100.7"
	for name, test := range map[string]struct {
		back  *dialledBack
		from  string
		want  string
		after time.Duration
		dials int
	}{
		"open":                    {&dialledBack{tls: pong}, public, wire.CheckedOpen, 0, 2},
		"TCP is refused":          {&dialledBack{}, public, wire.CheckedTCP, 0, 1},
		"TCP does not answer":     {&dialledBack{hold: true}, public, wire.CheckedTCP, 3 * time.Second, 1},
		"another program answers": {&dialledBack{tls: other}, public, wire.CheckedTCP, 0, 1},
		"datagrams are lost":      {&dialledBack{tls: pong, lost: true}, public, wire.CheckedUDP, 3 * time.Second, 2},
		"from the same network":   {&dialledBack{tls: pong}, "192.168.1.7", wire.CheckedPrivate, 0, 0},
		"from a shared address":   {&dialledBack{tls: pong}, "100.64.1.7", wire.CheckedPrivate, 0, 0},
	} {
		back := test.back
		bubble(t, func(s *settings) { s.CheckDialer = back }, func(r *rig) {
			back.tokens = make(chan [wire.TokenLen]byte, 1)
			start := time.Now()
			code, ip, err := dial.Check(r.Context(), r.config("host", test.from), dial.Ports{Control: 5555, Game: 5556},
				back.tokens)
			took := time.Since(start)
			if err != nil || code != test.want || ip.String() != test.from || took > test.after+100*time.Millisecond {
				r.Errorf("%s: %q for %v after %v, error %v; want %q after %v", name, code, ip, took, err, test.want,
					test.after)
			}
			want := []string{"tcp " + public + ":5555", "udp " + public + ":5556"}
			if len(back.dialled) != test.dials || test.dials > 0 && back.dialled[0] != want[0] ||
				test.dials > 1 && back.dialled[1] != want[1] {
				r.Errorf("%s: dialled %q, want the first %d of %q", name, back.dialled, test.dials, want)
			}
		})
	}
}

// TestCheck_IsLimited by address prefix and in all, and can be switched off.
func TestCheck_IsLimited(t *testing.T) {
	back := &dialledBack{hold: true}
	ask := func(r *rig, from string) string {
		code, _, err := dial.Check(r.Context(), r.config("host", from), dial.Ports{Control: 1, Game: 2}, nil)
		if err != nil {
			r.Errorf("from %s: %v", from, err)
		}
		return code
	}
	bubble(t, func(s *settings) { s.CheckDialer = back }, func(r *rig) {
		if code := ask(r, "198.51.100.1"); code != wire.CheckedTCP {
			r.Errorf("the first is answered %q", code)
		}
		if code := ask(r, "198.51.100.1"); code != wire.CheckedBusy {
			r.Errorf("the same a moment later is answered %q, want %q", code, wire.CheckedBusy)
		}
		time.Sleep(10 * time.Second)
		var all sync.WaitGroup
		for _, from := range []string{"198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"} {
			all.Go(func() { ask(r, from) })
		}
		time.Sleep(time.Second)
		if code := ask(r, "198.51.100.5"); code != wire.CheckedBusy {
			r.Errorf("beside four others one is answered %q, want %q", code, wire.CheckedBusy)
		}
		all.Wait()
		if code := ask(r, "198.51.100.5"); code != wire.CheckedTCP {
			r.Errorf("after them it is answered %q", code)
		}
		c := r.dialTLS("198.51.100.9")
		c.send(`{"type":"CHECK","port":70000,"udp_port":1}`)
		c.wantRefused(wire.CodeBadLine)
	})
	bubble(t, nil, func(r *rig) {
		if code := ask(r, "198.51.100.1"); code != wire.CheckedOff {
			r.Errorf("where nobody is checked the answer is %q, want %q", code, wire.CheckedOff)
		}
	})
}
