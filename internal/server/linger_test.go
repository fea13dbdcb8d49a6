package server_test

import (
	"bufio"
	"crypto/tls"
	"net"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/shard"
	"pong/internal/wire"
)

// TestLinger_LastLineArrives has players say far more than they may in one go, before and after the WELCOME. The server
// ends it with bytes unread, and what it said last must not be lost to that.
func TestLinger_LastLineArrives(t *testing.T) {
	r := listen(t)
	for _, test := range []struct{ name, lines string }{
		{"after JOIN", joinLine + "\n" + strings.Repeat(`{"type":"REMATCH","ts":1}`+"\n", 1000)},
		{"instead of JOIN", strings.Repeat("x", 20000)},
	} {
		for range 20 {
			c, err := tls.Dial("tcp", r.address, clientTLS())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Write([]byte(test.lines)); err != nil {
				t.Fatalf("%s: %v", test.name, err)
			}
			// Read late: by then a reset would have thrown away what has arrived.
			<-time.After(20 * time.Millisecond)
			_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
			last := wire.Message{}
			for lines := bufio.NewScanner(c); lines.Scan(); {
				if last, err = wire.ParseLine(append(lines.Bytes(), '\n')); err != nil {
					t.Fatal(err)
				}
			}
			// What the client still says into the closed connection is answered with a reset only now.
			if last.Type != wire.Error || last.Code != wire.CodeBadLine {
				t.Fatalf("%s: the last line is %+v, want an ERROR that says what was wrong", test.name, last)
			}
			c.Close()
		}
	}
}

// TestCloseReason_IsLogged reads in the log why a seat is free.
func TestCloseReason_IsLogged(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		rude := r.raw("10.0.0.1")
		rude.say(joinLine)
		rude.hear()
		rude.say("GET / HTTP/1.1")
		rude.refused(wire.CodeBadLine)
		rude.Close()
		gone := r.raw("10.0.0.2")
		gone.say(joinLine)
		gone.hear()
		gone.Close()
		time.Sleep(time.Second)
		var why []string
		for _, e := range r.logged.entries("player removed") {
			why = append(why, e["reason"].(string))
		}
		if want := []string{shard.BadLine.String(), shard.ConnectionClosed.String()}; !slices.Equal(why, want) {
			r.Errorf("logged reasons are %q, want %q", why, want)
		}
	})
}

// TestStatus_IsLoggedAtTheEnd stops a server soon after datagrams have come.
func TestStatus_IsLoggedAtTheEnd(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.stop()
		time.Sleep(2 * time.Second)
		var n float64
		for _, e := range r.logged.entries("status") {
			n += e["datagrams"].(float64)
		}
		if want := r.games[0].Received(); n < float64(want-2) {
			r.Errorf("the log tells of %v datagrams, %d have come", n, want)
		}
	})
}

// A scarce listener has as few connections as a process with few descriptors.
type scarce struct {
	net.Listener
	left atomic.Int32
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.left.Load() <= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s.left.Add(-1)
	return &scarceConn{Conn: c, back: &s.left}, nil
}

type scarceConn struct {
	net.Conn
	back *atomic.Int32
	done atomic.Bool
}

func (c *scarceConn) Close() error {
	if c.done.CompareAndSwap(false, true) {
		c.back.Add(1)
	}
	return c.Conn.Close()
}

// TestAccept_OutOfDescriptorsEvictsPending has silent strangers take every descriptor that the server may have: the oldest of them makes
// room, a player gets in, and the operator reads once what to do.
func TestAccept_OutOfDescriptorsEvictsPending(t *testing.T) {
	bubble(t, func(s *settings) {
		s.door = func(l net.Listener) net.Listener {
			few := &scarce{Listener: l}
			few.left.Store(20)
			return few
		}
	}, func(r *rig) {
		for i := range 100 {
			r.tcp("10.0.1." + string(rune('0'+i%10)))
		}
		start := time.Now()
		left, right := r.two()
		if took := time.Since(start); took > time.Second {
			r.Errorf("two players needed %v to get in, want the silent ones to make room at once", took)
		}
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		warnings := r.logged.entries("a connection could not be accepted")
		if len(warnings) != 1 || !strings.Contains(warnings[0]["do"].(string), "ulimit -n") {
			r.Errorf("the operator is told %v, want once to raise the limit", warnings)
		}
	})
}

// A deaf listener makes connections that can be read and, once their peer has gone deaf, not written: a connection that
// has been reset with bytes in its buffer.
type deaf struct {
	net.Listener
	now atomic.Bool
}

func (d *deaf) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	return &deafConn{c, &d.now}, err
}

type deafConn struct {
	net.Conn
	now *atomic.Bool
}

func (c *deafConn) Write(b []byte) (int, error) {
	if c.now.Load() {
		return 0, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.ECONNRESET)}
	}
	return c.Conn.Write(b)
}

// TestControl_LeaveIsReadAfterAFailedWrite has a player in mid-game say LEAVE and hang up while the server has a line
// for him: the seat is free at once, not after a minute of silence.
func TestControl_LeaveIsReadAfterAFailedWrite(t *testing.T) {
	ears := new(deaf)
	bubble(t, func(s *settings) {
		s.door = func(l net.Listener) net.Listener { ears.Listener = l; return ears }
	}, func(r *rig) {
		c := r.raw("10.0.0.1")
		c.say(joinLine)
		stop := c.stayOnline(c.hear())
		right := r.join("right")
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, right))
		stop()
		ears.now.Store(true)
		c.say(`{"type":"PING","ts":1}`)
		r.run(100 * time.Millisecond) // the answer has failed by now
		_, _ = c.Write([]byte(`{"type":"LEAVE","ts":1}` + "\n"))
		r.run(time.Second)
		if why := r.logged.entries("player removed"); len(why) == 0 || why[0]["reason"] != "left" {
			r.Errorf("the seats that are free are %v, want that of the player who left", why)
		}
		ears.now.Store(false)
	})
}
