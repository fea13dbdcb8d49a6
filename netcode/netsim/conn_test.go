package netsim

import (
	"errors"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// connected returns a Conn before one end of a perfect Pipe, and the other end.
func connected(up, down Profile) (*Conn, *PacketConn) {
	client, server := Pipe(Profile{}, Profile{}, 1)
	return NewConn(client, up, down, 2), server
}

func TestConn_DelaysEachDirection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, server := connected(Profile{Delay: 30 * time.Millisecond}, Profile{Delay: 50 * time.Millisecond})
		defer c.Close()
		start, buffer := time.Now(), make([]byte, 10)
		if _, err := c.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		n, err := server.Read(buffer)
		if err != nil || string(buffer[:n]) != "hello" || time.Since(start) != 30*time.Millisecond {
			t.Errorf("%q after %v, %v, want hello after 30 ms", buffer[:n], time.Since(start), err)
		}
		start = time.Now()
		_, _ = server.Write([]byte("back"))
		n, err = c.Read(buffer)
		if err != nil || string(buffer[:n]) != "back" || time.Since(start) != 50*time.Millisecond {
			t.Errorf("%q after %v, %v, want back after 50 ms", buffer[:n], time.Since(start), err)
		}
	})
}

func TestConn_SetChangesTheNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, server := connected(Profile{}, Profile{})
		defer c.Close()
		c.Set(Profile{Loss: 1}, Profile{Delay: time.Second})
		_, _ = c.Write([]byte("lost"))
		_, _ = server.Write([]byte("late"))
		start, buffer := time.Now(), make([]byte, 10)
		if n, err := c.Read(buffer); err != nil || string(buffer[:n]) != "late" || time.Since(start) != time.Second {
			t.Errorf("%q after %v, %v, want late after 1 s", buffer[:n], time.Since(start), err)
		}
		if up, down := c.Stats(); up.Lost != 1 || down.Delivered != 1 {
			t.Errorf("stats %+v and %+v, want one lost and one delivered", up, down)
		}
	})
}

// A refusing is a connection with an error of the system on every second read.
type refusing struct {
	net.Conn
	reads int
}

var errRefused = errors.New("connection refused")

func (r *refusing) Read(b []byte) (int, error) {
	if r.reads++; r.reads%2 == 0 {
		return 0, errRefused
	}
	return r.Conn.Read(b)
}

func TestConn_PassesErrorsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Profile{}, Profile{}, 1)
		c := NewConn(&refusing{Conn: client}, Profile{}, Profile{}, 2)
		defer c.Close()
		_, _ = server.Write([]byte("a"))
		buffer := make([]byte, 10)
		if n, err := c.Read(buffer); n != 1 || err != nil {
			t.Errorf("first read: %d, %v", n, err)
		}
		if _, err := c.Read(buffer); !errors.Is(err, errRefused) {
			t.Errorf("second read: %v, want the error of the connection", err)
		}
		_, _ = server.Write([]byte("b"))
		if n, err := c.Read(buffer); n != 1 || err != nil {
			t.Errorf("third read: %d, %v, want it to work again", n, err)
		}
	})
}

func TestConn_EndsLikeASocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := connected(Profile{Delay: time.Second}, Profile{})
		_ = c.SetReadDeadline(time.Now().Add(time.Second))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read until the deadline: %v", err)
		}
		_ = c.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Second, func() { c.Close() })
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read until Close: %v", err)
		}
		if _, err := c.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write after Close: %v", err)
		}
	}) // the bubble would fail if a goroutine were left
}
