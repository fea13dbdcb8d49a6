package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// refused wants an error whose text holds all words.
func refused(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("the client has joined, want an error with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error is\n  %v\nand lacks %q", err, w)
		}
	}
}

// TestWrongFingerprint refuses a server that is not the one --trust or the link names, and says nothing to it.
func TestWrongFingerprint(t *testing.T) {
	f, other := serveTLS(t, nil, says(line(welcome()))), newIdentity(t).Fingerprint()
	_, err := join(t, dial.Config{Address: f.address, Trust: other.String()})
	refused(t, err, f.address, other.String(), f.key(), "ask the operator")
	_, err = join(t, dial.Config{Address: trust.JoinLink{Address: f.address, Key: other, HasKey: true}.String()})
	refused(t, err, other.String(), f.key())
	_, err = join(t, dial.Config{Address: trust.JoinLink{Address: f.address, Key: other, HasKey: true}.String(), Trust: f.key()})
	refused(t, err, "different servers")
	if n := len(f.heard()); n != 0 {
		t.Errorf("%d lines were sent to a server that is not trusted", n)
	}
	if _, err = join(t, dial.Config{Address: f.address, Trust: f.key()}); err != nil {
		t.Errorf("with the right fingerprint: %v", err)
	}
}

// TestChangedPin refuses a server that is not the one that was accepted under this address, though the person would
// say yes.
func TestChangedPin(t *testing.T) {
	f, other := serveTLS(t, nil, says(line(welcome()))), newIdentity(t).Fingerprint()
	file := filepath.Join(t.TempDir(), "known_servers")
	if err := trust.NewPins(file).Store(trust.Pin{Address: f.address, Key: other, Date: time.Now()}); err != nil {
		t.Fatal(err)
	}
	var asked []dial.Question
	_, err := join(t, dial.Config{Address: f.address, PinFile: file, Ask: always(true, &asked)})
	refused(t, err, "has changed", other.String(), f.key(), "\n  pong trust forget "+f.address)
	if len(asked) > 0 || len(f.heard()) > 0 {
		t.Errorf("asked %d times, %d lines sent: a changed identity is a hard stop", len(asked), len(f.heard()))
	}
}

// TestUnknownServer refuses a server that nobody vouches for when there is nobody to ask, or when the answer is no.
func TestUnknownServer(t *testing.T) {
	f := serveTLS(t, nil, says(line(welcome())))
	_, err := join(t, dial.Config{Address: f.address})
	refused(t, err, "not known", f.key(), "--trust")
	var asked []dial.Question
	_, err = join(t, dial.Config{Address: f.address, Ask: always(false, &asked)})
	refused(t, err, "not trusted")
	if len(asked) != 1 || asked[0] != (dial.Question{Host: f.address, Fingerprint: f.key()}) {
		t.Errorf("the questions are %v, want one with the address and the fingerprint as the server prints it", asked)
	}
	if n := len(f.heard()); n != 0 {
		t.Errorf("%d lines were sent to a server that is not trusted", n)
	}
}

// TestAskedOnce accepts an unknown server: its pin is stored and the next time nobody is asked.
func TestAskedOnce(t *testing.T) {
	f := serveTLS(t, nil, says(line(welcome())))
	file := filepath.Join(t.TempDir(), "pong", "known_servers")
	var asked []dial.Question
	cfg := dial.Config{Address: f.address, PinFile: file, Ask: always(true, &asked)}
	for range 2 {
		if _, err := join(t, cfg); err != nil {
			t.Fatal(err)
		}
	}
	if len(asked) != 1 {
		t.Errorf("asked %d times, want once", len(asked))
	}
	if pin, err := trust.NewPins(file).Lookup(f.address); err != nil || pin == nil || pin.String() != f.key() {
		t.Errorf("the pin is %v (%v), want %s", pin, err, f.key())
	}
	cfg.Ask = nil
	if _, err := join(t, cfg); err != nil {
		t.Errorf("a pinned server, with nobody to ask: %v", err)
	}
}

// TestSwappedWhileAsked has another server answer after the person has said yes to the first.
func TestSwappedWhileAsked(t *testing.T) {
	first, second := newIdentity(t), newIdentity(t)
	now := first
	f := serveTLS(t, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return now.Leaf(time.Now()) },
	}, says(line(welcome())))
	file := filepath.Join(t.TempDir(), "known_servers")
	_, err := join(t, dial.Config{Address: f.address, PinFile: file, Ask: func(context.Context, dial.Question) bool {
		now = second
		return true
	}})
	refused(t, err, first.Fingerprint().String(), second.Fingerprint().String())
	if _, err := os.Stat(file); err == nil {
		t.Error("a pin was stored for a server that was not joined")
	}
}

// TestNoPongServer meets servers of other kinds: each gets one clear sentence, at once.
func TestNoPongServer(t *testing.T) {
	old := &tls.Config{MaxVersion: tls.VersionTLS12}
	foreign := &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	none := &tls.Config{NextProtos: []string{}}
	for _, test := range []struct {
		name  string
		f     *fake
		words []string
	}{
		{"TLS 1.2", serveTLS(t, old, waitForEnd), []string{"a Pong server", "another version"}},
		{"another ALPN", serveTLS(t, foreign, waitForEnd), []string{"a Pong server", "another version"}},
		{"no ALPN", serveTLS(t, none, waitForEnd), []string{"a Pong server", "another version"}},
		{"HTTP", serveTCP(t, says("HTTP/1.1 400 Bad Request\r\n\r\n")), []string{"a Pong server"}},
		{"SSH", serveTCP(t, says("SSH-2.0-OpenSSH_9.9\r\n")), []string{"a Pong server"}},
		{"closes", serveTCP(t, func(net.Conn) {}), []string{"a Pong server", "overloaded"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			var asked []dial.Question
			_, err := join(t, dial.Config{Address: test.f.address, Ask: always(true, &asked)})
			refused(t, err, append(test.words, test.f.address)...)
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines:\n%v", err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if len(asked) > 0 {
				t.Error("the person was asked about a server that is none")
			}
			t.Log(err)
		})
	}
}

// TestNobodyThere says what to look at when there is no connection at all, or no address.
func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, err = join(t, dial.Config{Address: address})
	refused(t, err, address, "refused", "is the server running")
	_, err = join(t, dial.Config{Address: ""})
	refused(t, err, "address is empty")
	_, err = join(t, dial.Config{Address: "127.0.0.1", Name: "a\x1b[2J"})
	refused(t, err, "name")
	_, err = join(t, dial.Config{Address: "127.0.0.1", Trust: "12:34"})
	refused(t, err, "fingerprint")
}

// TestStrangeWelcome answers JOIN with anything but a good WELCOME.
func TestStrangeWelcome(t *testing.T) {
	bad := func(change func(*wire.Message)) string {
		m := welcome()
		change(&m)
		return line(m)
	}
	for _, test := range []struct{ name, answer, want string }{
		{"garbage", "\x00\x01\x02garbage\n", "cannot be read"},
		{"a line without end", strings.Repeat("x", 10_000), "cannot be read"},
		{"half a line", "{", "closed the connection"},
		{"START", line(wire.Message{Type: wire.Start}), "START"},
		{"ERROR", line(wire.Message{Type: wire.Error, Code: wire.CodeFull, Message: "no seat is free"}), "no seat is free"},
		{"no session", bad(func(m *wire.Message) { m.Session = "" }), "session"},
		{"a short session", bad(func(m *wire.Message) { m.Session = "01" }), "session"},
		{"no token", bad(func(m *wire.Message) { m.Token = "AAAA" }), "token"},
		{"unknown rules", bad(func(m *wire.Message) { m.Rules = "chess" }), "chess"},
		{"player 3", bad(func(m *wire.Message) { m.PlayerID = 3 }), "player 3"},
		{"port -1", bad(func(m *wire.Message) { m.UDPPort = -1 }), "port -1"},
		{"port 65536", bad(func(m *wire.Message) { m.UDPPort = 65536 }), "port 65536"},
		{"-1 points", bad(func(m *wire.Message) { m.Points = -1 }), "-1 points"},
		{"25 STATEs", bad(func(m *wire.Message) { m.StateRate = 25 }), "25 STATEs"},
		{"50 ticks", bad(func(m *wire.Message) { m.TickRate = 50 }), "50 ticks"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := says(test.answer)
			if test.name == "half a line" {
				answer = func(c net.Conn) { _, _ = c.Write([]byte(test.answer)) }
			}
			f := serveTLS(t, nil, answer)
			_, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
			refused(t, err, test.want)
			var no *dial.RefusedError
			if errors.As(err, &no) != (test.name == "ERROR") {
				t.Errorf("%v: want a RefusedError exactly for an ERROR", err)
			}
		})
	}
}

// piped returns a configuration whose connection ends at a function, in a bubble.
func piped(cfg dial.Config, far func(net.Conn)) dial.Config {
	cfg.Address = "192.0.2.1"
	cfg.Transport = pipes(far)
	return cfg
}

// pipes is a Transport of which each connection is a pipe that ends at a function.
type pipes func(net.Conn)

func (far pipes) DialStream(context.Context, string) (net.Conn, error) {
	a, b := net.Pipe()
	go func() {
		defer b.Close()
		far(b)
	}()
	return a, nil
}

func (far pipes) DialDatagrams(ctx context.Context, _ net.Conn, _ int) (net.Conn, error) {
	return far.DialStream(ctx, "")
}

// TestServerNeverAnswers meets servers that stop in the middle: Dial gives up after 10 s, however slowly bytes dribble
// in, and at once when it is called off.
func TestServerNeverAnswers(t *testing.T) {
	identity := newIdentity
	secure := func(t *testing.T, then func(net.Conn)) (dial.Config, func(net.Conn)) {
		id := identity(t)
		return dial.Config{Trust: id.Fingerprint().String()}, func(c net.Conn) {
			conn := tls.Server(c, trust.ServerTLS(id, time.Now))
			if conn.Handshake() == nil {
				then(conn)
			}
		}
	}
	for _, test := range []struct {
		name string
		make func(*testing.T) (dial.Config, func(net.Conn))
		want string
	}{
		{"no handshake", func(*testing.T) (dial.Config, func(net.Conn)) { return dial.Config{}, waitForEnd }, "no answer within 10s"},
		{"a handshake that dribbles", func(*testing.T) (dial.Config, func(net.Conn)) {
			return dial.Config{}, func(c net.Conn) {
				go waitForEnd(c)
				for {
					if _, err := c.Write([]byte{22}); err != nil {
						return
					}
					time.Sleep(4 * time.Second)
				}
			}
		}, "no answer within 10s"},
		{"no welcome", func(t *testing.T) (dial.Config, func(net.Conn)) { return secure(t, waitForEnd) }, "said nothing for 10s"},
		{"a welcome that dribbles", func(t *testing.T) (dial.Config, func(net.Conn)) {
			return secure(t, func(c net.Conn) {
				go waitForEnd(c)
				for {
					if _, err := c.Write([]byte{' '}); err != nil {
						return
					}
					time.Sleep(4 * time.Second)
				}
			})
		}, "said nothing for 10s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, far := test.make(t)
				start := time.Now()
				_, err := dial.Dial(t.Context(), piped(cfg, far))
				refused(t, err, test.want)
				if took := time.Since(start); took < 9*time.Second || took > 10100*time.Millisecond {
					t.Errorf("given up after %v, want 10 s", took)
				}
				t.Log(err)
				time.Sleep(5 * time.Second) // until the fake has noticed
			})
		})
		t.Run(test.name+", called off", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, far := test.make(t)
				ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Second, context.Canceled)
				defer cancel()
				start := time.Now()
				_, err := dial.Dial(ctx, piped(cfg, far))
				if took := time.Since(start); err == nil || took > 3100*time.Millisecond {
					t.Errorf("%v after %v, want an error after 3 s", err, took)
				}
				time.Sleep(5 * time.Second)
			})
		})
	}
}

// TestCalledOffWhileAsked ends Dial while the person thinks: that is no "no".
func TestCalledOffWhileAsked(t *testing.T) {
	f := serveTLS(t, nil, says(line(welcome())))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := dial.Dial(ctx, dial.Config{Address: f.address, Ask: func(ctx context.Context, _ dial.Question) bool {
		cancel()
		<-ctx.Done()
		return false
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Dial ends with %v, want %v", err, context.Canceled)
	}
}
