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
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/wire"
)

// TestLinger_LastLineArrives sends far more than is allowed at once, before and after the WELCOME. The server ends the
// connection with bytes unread, and its last line must arrive nevertheless.
func TestLinger_LastLineArrives(t *testing.T) {
	r := newLoopback(t)
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
			// Read late: a reset would have discarded by now what has arrived.
			<-time.After(20 * time.Millisecond)
			_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
			last := wire.Message{}
			for lines := bufio.NewScanner(c); lines.Scan(); {
				if last, err = wire.ParseLine(append(lines.Bytes(), '\n')); err != nil {
					t.Fatal(err)
				}
			}
			// Only now does the system answer with a reset what the client has sent to the closed connection.
			if last.Type != wire.Error || last.Code != wire.CodeBadLine {
				t.Fatalf("%s: the last line is %+v, want an ERROR with the code %q", test.name, last, wire.CodeBadLine)
			}
			c.Close()
		}
	}
}

// TestCloseReason_IsLogged ends one connection with a bad line and another without a LEAVE.
func TestCloseReason_IsLogged(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		bad := r.dialTLS("10.0.0.1")
		bad.send(joinLine)
		bad.next()
		bad.send("GET / HTTP/1.1")
		bad.wantRefused(wire.CodeBadLine)
		bad.Close()
		gone := r.dialTLS("10.0.0.2")
		gone.send(joinLine)
		gone.next()
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

// TestStatus_IsLoggedAtTheEnd stops a server soon after datagrams have arrived.
func TestStatus_IsLoggedAtTheEnd(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.stop()
		time.Sleep(2 * time.Second)
		var n float64
		for _, e := range r.logged.entries("status") {
			n += e["datagrams"].(float64)
		}
		if want := r.games[0].Received(); n < float64(want-2) {
			r.Errorf("the log counts %v datagrams, want %d", n, want)
		}
	})
}

// A limitedListener fails as in a process with few file descriptors.
type limitedListener struct {
	net.Listener
	free atomic.Int32
}

func (s *limitedListener) Accept() (net.Conn, error) {
	if s.free.Load() <= 0 {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", server.ErrNoDescriptor())}
	}
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s.free.Add(-1)
	return &countedConn{Conn: c, free: &s.free}, nil
}

type countedConn struct {
	net.Conn
	free *atomic.Int32
	done atomic.Bool
}

func (c *countedConn) Close() error {
	if c.done.CompareAndSwap(false, true) {
		c.free.Add(1)
	}
	return c.Conn.Close()
}

// TestAccept_OutOfDescriptorsEvictsPending takes every file descriptor with silent connections. The oldest are evicted,
// two players can join, and the log says once what to do.
func TestAccept_OutOfDescriptorsEvictsPending(t *testing.T) {
	bubble(t, func(s *settings) {
		s.listener = func(l net.Listener) net.Listener {
			few := &limitedListener{Listener: l}
			few.free.Store(20)
			return few
		}
	}, func(r *rig) {
		for i := range 100 {
			r.dialStream("10.0.1." + string(rune('0'+i%10)))
		}
		start := time.Now()
		left, right := r.joinTwo()
		if took := time.Since(start); took > time.Second {
			r.Errorf("two players needed %v to join, want at most a second", took)
		}
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		warnings := r.logged.entries("a connection could not be accepted")
		if len(warnings) != 1 || !strings.Contains(warnings[0]["do"].(string), server.MoreDescriptors) {
			r.Errorf("the warnings are %v, want one with %q", warnings, server.MoreDescriptors)
		}
	})
}

// The connections of an unwritableListener can be read, but not written once broken is set: as a connection that was
// reset with bytes in its buffer.
type unwritableListener struct {
	net.Listener
	broken atomic.Bool
}

func (d *unwritableListener) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	return &unwritableConn{c, &d.broken}, err
}

type unwritableConn struct {
	net.Conn
	broken *atomic.Bool
}

func (c *unwritableConn) Write(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.ECONNRESET)}
	}
	return c.Conn.Write(b)
}

// TestControl_LeaveIsReadAfterAFailedWrite sends a LEAVE during a game and closes the connection while the server
// writes a line to it. The seat is freed at once, not after a minute of silence.
func TestControl_LeaveIsReadAfterAFailedWrite(t *testing.T) {
	broken := new(unwritableListener)
	bubble(t, func(s *settings) {
		s.listener = func(l net.Listener) net.Listener { broken.Listener = l; return broken }
	}, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		stop := c.stayOnline(c.next())
		right := r.join("right")
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, right))
		stop()
		broken.broken.Store(true)
		c.send(`{"type":"PING","ts":1}`)
		r.run(100 * time.Millisecond) // the PONG has failed by now
		_, _ = c.Write([]byte(`{"type":"LEAVE","ts":1}` + "\n"))
		r.run(time.Second)
		if why := r.logged.entries("player removed"); len(why) == 0 || why[0]["reason"] != "left" {
			r.Errorf("the removed players are %v, want one with the reason left", why)
		}
		broken.broken.Store(false)
	})
}
