package netsim

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

func TestRelayTCP_Delays(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{Up: Profile{Delay: 20 * ms, Loss: 1}, Down: Profile{Delay: 10 * ms, Loss: 1}})
	c := dial(t, "tcp", r.ControlAddr())
	start := time.Now()
	write(t, c, "JOIN\n")
	wantRead(t, c, "JOIN\n") // despite the loss
	if got := time.Since(start); got < 30*ms {
		t.Errorf("the round trip took %v, want at least 30ms", got)
	}
	write(t, c, "no newline")
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(c); err != nil || string(rest) != "no newline" {
		t.Errorf("after closing one direction the other gave %q, %v", rest, err)
	}
}

func TestRelayTCP_CarriesMuch(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{Up: Profile{Delay: ms}})
	c := dial(t, "tcp", r.ControlAddr())
	data := make([]byte, 8<<20)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(data)
	go func() {
		_, _ = c.Write(data)
		_ = c.(*net.TCPConn).CloseWrite()
	}()
	got, err := io.ReadAll(c)
	if err != nil || sha256.Sum256(got) != sha256.Sum256(data) {
		t.Errorf("sent %d bytes and received %d, or others: %v", len(data), len(got), err)
	}
}

func TestRelayTCP_ConnectionsAreBounded(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{Clients: 1})
	first := dial(t, "tcp", r.ControlAddr())
	write(t, first, "in\n")
	wantRead(t, first, "in\n")
	second := dial(t, "tcp", r.ControlAddr())
	if _, err := second.Read(make([]byte, 1)); err == nil {
		t.Error("one connection too many was served")
	}
	if s := r.Stats(); s.Conns != 1 || s.Refused != 1 {
		t.Errorf("counts are %+v, want one connection and one refused", s)
	}
}

func TestRelayTCP_WithoutServer(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.Close(); err != nil {
		t.Fatal(err)
	}
	r, _ := startRelay(t, RelayConfig{ToControl: nobody.Addr().String()})
	c := dial(t, "tcp", r.ControlAddr())
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("a connection without a server was not closed")
	}
	if n := r.Stats().Errors; n != 1 {
		t.Errorf("%d errors counted, want 1", n)
	}
}

// A sink records the times of writes. Its failing-th write fails.
type sink struct {
	start   time.Time
	failing int
	got     bytes.Buffer
	at      []time.Duration
	closed  bool
}

func (s *sink) Write(b []byte) (int, error) {
	s.at = append(s.at, time.Since(s.start))
	if len(s.at) == s.failing {
		return 0, errors.New("broken pipe")
	}
	return s.got.Write(b)
}

func (s *sink) CloseWrite() error { s.closed = true; return nil }

func TestRelayTCP_CopyDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, in := net.Pipe()
		go func() {
			for _, b := range []string{"one", "two", "three"} {
				_, _ = in.Write([]byte(b))
				time.Sleep(10 * ms)
			}
			_ = in.Close()
		}()
		dst := &sink{start: time.Now()}
		copyDelayed(t.Context(), dst, src, func() time.Duration { return 50 * ms }, func() { t.Error("aborted") })
		if dst.got.String() != "onetwothree" || !dst.closed || len(dst.at) != 3 {
			t.Fatalf("relayed %q, closed %v, want \"onetwothree\" in three and closed", dst.got.String(), dst.closed)
		}
		for i, at := range dst.at {
			if want := time.Duration(50+10*i) * ms; at != want {
				t.Errorf("write %d came after %v, want %v", i, at, want)
			}
		}
	})
}

func TestRelayTCP_CopyEndsWhenEitherSideFails(t *testing.T) {
	t.Run("write", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			src, in := net.Pipe()
			go func() {
				for { // far more than chunksMost
					if _, err := in.Write([]byte("x")); err != nil {
						return
					}
				}
			}()
			dst := &sink{failing: 1}
			delay := func() time.Duration { return time.Second } // meanwhile the reader fills the channel
			copyDelayed(t.Context(), dst, src, delay, func() { _ = src.Close() })
			if dst.got.Len() != 0 || dst.closed {
				t.Errorf("relayed %q, closed %v, want nothing after the failure and no half-close", dst.got.String(),
					dst.closed)
			}
		})
	})
	t.Run("read", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			src, _ := net.Pipe()
			if err := src.SetReadDeadline(time.Now()); err != nil {
				t.Fatal(err)
			}
			aborted := false
			copyDelayed(t.Context(), &sink{}, src, func() time.Duration { return 0 }, func() { aborted = true })
			if !aborted {
				t.Error("a failed read ended like a complete stream")
			}
		})
	})
	t.Run("context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			src, in := net.Pipe()
			go func() { _, _ = in.Write([]byte("x")); _ = in.Close() }()
			start := time.Now()
			copyDelayed(ctx, &sink{}, src, func() time.Duration { return time.Hour }, func() {})
			if got := time.Since(start); got != time.Second {
				t.Errorf("it waited %v for its context, want 1s", got)
			}
		})
	})
}
