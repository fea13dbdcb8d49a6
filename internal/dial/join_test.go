package dial_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// TestDial_RefusesStrangeWelcomes has a server answer JOIN with anything but a valid WELCOME.
func TestDial_RefusesStrangeWelcomes(t *testing.T) {
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
		{"ERROR", line(wire.Message{Type: wire.Error, Code: wire.CodeFull, Message: "no seat"}), "no seat"},
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
			answer := answers(test.answer)
			if test.name == "half a line" {
				answer = func(c net.Conn) { _, _ = c.Write([]byte(test.answer)) }
			}
			f := serveTLS(t, nil, answer)
			_, err := join(t, dial.Config{Address: f.address, Trust: f.key(), Patience: time.Millisecond})
			refused(t, err, test.want)
			var no *dial.RefusedError
			if errors.As(err, &no) != (test.name == "ERROR") {
				t.Errorf("%v: want a RefusedError if and only if the answer is an ERROR", err)
			}
		})
	}
}

// piped returns a Config whose stream is a pipe to a function.
func piped(cfg dial.Config, far func(net.Conn)) dial.Config {
	cfg.Address = "192.0.2.1"
	cfg.Transport = pipes(far)
	return cfg
}

// pipes is a Transport of pipes to a function, which work in a bubble.
type pipes func(net.Conn)

func (far pipes) Resolve(_ context.Context, address string) ([]string, error) {
	return []string{address}, nil
}

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

// TestDial_GivesUpOnASilentServer dials servers that stop answering: Dial gives up after 10 s, even if single bytes
// keep arriving, and at once when its context ends.
func TestDial_GivesUpOnASilentServer(t *testing.T) {
	secure := func(t *testing.T, then func(net.Conn)) (dial.Config, func(net.Conn)) {
		id := newIdentity(t)
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
		{"no handshake", func(*testing.T) (dial.Config, func(net.Conn)) {
			return dial.Config{}, waitForEnd
		}, "no answer within 10s"},
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
		{"no welcome", func(t *testing.T) (dial.Config, func(net.Conn)) {
			return secure(t, waitForEnd)
		}, "did not answer JOIN within 10s"},
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
		}, "did not answer JOIN within 10s"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg, far := test.make(t)
				start := time.Now()
				_, err := dial.Dial(t.Context(), piped(cfg, far))
				refused(t, err, test.want)
				if took := time.Since(start); took < 9*time.Second || took > 10100*time.Millisecond {
					t.Errorf("Dial took %v, want 10 s", took)
				}
				t.Log(err)
				time.Sleep(5 * time.Second) // until the other end has ended, too
			})
		})
		t.Run(test.name+", cancelled", func(t *testing.T) {
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

// TestDial_EndsTheWaitForAMatch waits as a watcher at a server that has no match, and closes the connection after its
// first answer, or gives no other one until the person cancels. The server is not dialled again.
func TestDial_EndsTheWaitForAMatch(t *testing.T) {
	for _, closes := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			identity, connections := newIdentity(t), 0
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if closes {
				ctx = t.Context()
			}
			start := time.Now()
			_, err := dial.Dial(ctx, piped(dial.Config{
				Watch: true, AwaitMatch: true, Trust: identity.Fingerprint().String(),
			}, func(c net.Conn) {
				connections++
				conn := tls.Server(c, trust.ServerTLS(identity, time.Now))
				if _, err := conn.Read(make([]byte, wire.MaxLine)); err != nil {
					return
				}
				_, _ = conn.Write([]byte(line(wire.Message{Type: wire.Error, Code: wire.CodeMatch, Message: "none"})))
				if !closes {
					waitForEnd(conn)
				}
			}))
			if took := time.Since(start); took > time.Second || connections != 1 {
				t.Errorf("the server closes: %v; Dial took %v and made %d connections, want a second at most and one",
					closes, took, connections)
			}
			if got := new(dial.RefusedError); closes && (!errors.As(err, &got) || got.Code != wire.CodeMatch) {
				t.Errorf("the server closes: the error is %v, want its answer", err)
			}
			if !closes && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("cancelled: the error is %v, want that of the context", err)
			}
		})
	}
}
