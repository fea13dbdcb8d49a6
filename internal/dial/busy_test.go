package dial_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/dial"
	"pong/internal/trust"
	"pong/internal/wire"
)

// hangUp reads what a client sends first, and closes the connection.
func hangUp(c net.Conn) { _, _ = c.Read(make([]byte, 5)) }

// TestDial_TriesABusyServerAgain dials a server that closes the first connections: some before the handshake, some
// with the ERROR busy, and some instead of the WELCOME. Dial waits longer each time and joins in the end. The person is
// asked once, and reads of each attempt.
func TestDial_TriesABusyServerAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		identity := newIdentity(t)
		var connections, joins atomic.Int32
		busy := func(c net.Conn) {
			if connections.Add(1) <= 3 {
				hangUp(c)
				return
			}
			conn := tls.Server(c, trust.ServerTLS(identity, time.Now))
			if _, err := io.ReadAtLeast(conn, make([]byte, wire.MaxLine), 1); err != nil {
				return
			}
			switch joins.Add(1) {
			case 1:
				_, _ = conn.Write([]byte(line(wire.Message{Type: wire.Error, Code: wire.CodeBusy, Message: "busy"})))
			case 2:
			default:
				_, _ = conn.Write([]byte(line(welcome())))
				waitForEnd(conn)
			}
		}
		var waits []dial.Wait
		var asked []dial.Question
		start := time.Now()
		c, err := dial.Dial(t.Context(), piped(dial.Config{
			Ask: always(true, &asked), Waiting: func(w dial.Wait) { waits = append(waits, w) },
		}, busy))
		if err != nil {
			t.Fatalf("%v after the waits %+v", err, waits)
		}
		defer c.Close()
		if took := time.Since(start); took < 2*time.Second || took > 10*time.Second {
			t.Errorf("joining took %v, want growing pauses within 10 s", took)
		}
		if len(waits) != 5 {
			t.Errorf("the person reads of the waits %+v, want one for each of 5 connections that were closed", waits)
		}
		for i, w := range waits {
			if w.Attempt != i+2 || w.Err == nil {
				t.Errorf("wait %d is %+v, want attempt %d and an error", i, w, i+2)
			}
		}
		if len(asked) != 1 {
			t.Errorf("the person was asked %d times, want once", len(asked))
		}
	})
}

// TestDial_BoundsTheWaitForABusyServer dials, and asks for the matches of, a server that closes every connection. The
// attempts end after 10 s, or with the patience or the context.
func TestDial_BoundsTheWaitForABusyServer(t *testing.T) {
	for _, test := range []struct{ patience, cancel, least, most time.Duration }{
		{0, time.Hour, 7 * time.Second, 10 * time.Second},
		{time.Hour, time.Hour, 7 * time.Second, 10 * time.Second},
		{5 * time.Second, time.Hour, 2 * time.Second, 5 * time.Second},
		{time.Millisecond, time.Hour, 0, 0},
		{0, 3 * time.Second, 3 * time.Second, 3 * time.Second},
	} {
		for name, f := range map[string]func(context.Context, dial.Config) error{
			"Dial": func(ctx context.Context, cfg dial.Config) error { _, err := dial.Dial(ctx, cfg); return err },
			"List": func(ctx context.Context, cfg dial.Config) error { _, _, err := dial.List(ctx, cfg); return err },
		} {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), test.cancel)
				defer cancel()
				start := time.Now()
				err := f(ctx, piped(dial.Config{Patience: test.patience}, hangUp))
				if took := time.Since(start); err == nil || took < test.least || took > test.most {
					t.Errorf("with the patience %v and a context of %v, %s took %v, want %v to %v; its error is %v",
						test.patience, test.cancel, name, took, test.least, test.most, err)
				}
				if ctx.Err() == nil {
					refused(t, err, "closed the connection", "overloaded")
				}
			})
		}
	}
}

// TestDial_NamesAPathThatDropsLongSegments dials servers that accept the connection and then receive nothing: one keeps
// it, and one closes it after 5 s as a Pong server does. The error names the likely cause, and there is no second
// attempt, which would end in the same way.
func TestDial_NamesAPathThatDropsLongSegments(t *testing.T) {
	for name, far := range map[string]func(net.Conn){
		"keeps":  waitForEnd,
		"closes": func(c net.Conn) { hangUp(c); time.Sleep(5 * time.Second) },
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := dial.Dial(t.Context(), piped(dial.Config{}, far))
			refused(t, err, "accepted TCP", "no answer within", "segments", "MTU")
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("with a server that %s the connection, Dial took %v, want one attempt", name, took)
			}
		})
	}
}
