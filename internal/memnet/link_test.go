package memnet_test

import (
	"errors"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/memnet"
	"pong/netcode/netsim"
)

const linkHost = "198.51.100.1"

// arrived counts the bytes that arrive at a connection until it ends.
func arrived(c net.Conn) *int {
	n := new(int)
	go func() {
		var b [64]byte
		for {
			k, err := c.Read(b[:])
			if *n += k; err != nil {
				return
			}
		}
	}()
	return n
}

func TestHoldStreams_LosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		l := n.Listen(streamAddr)
		near, far := dialStream(t, n, l)
		got := arrived(far)
		n.HoldStreams(linkHost, true)
		if _, err := near.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		dialled := make(chan net.Conn, 1)
		go func() {
			c, _ := n.Host(linkHost).DialStream(t.Context(), streamAddr.String())
			dialled <- c
		}()
		time.Sleep(time.Minute)
		if *got != 0 || len(dialled) != 0 {
			t.Errorf("of a held host %d bytes and %d new streams have arrived, want none", *got, len(dialled))
		}
		n.HoldStreams(linkHost, false)
		synctest.Wait()
		if *got != 5 || len(dialled) != 1 {
			t.Errorf("afterwards %d bytes and %d new streams have arrived, want 5 and 1", *got, len(dialled))
		}
		near.Close()
		(<-dialled).Close()
	})
}

func TestAbandon_LeavesOnlyNewConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		l, s := n.Listen(streamAddr), n.ListenDatagrams(socketAddr)
		near, far := dialStream(t, n, l)
		got := arrived(far)
		before, err := n.Host(linkHost).DialDatagrams(t.Context(), near, int(socketAddr.Port()))
		if err != nil {
			t.Fatal(err)
		}
		n.Abandon(linkHost)
		n.SetHost(linkHost, netsim.Profile{}, netsim.Profile{})
		n.HoldStreams(linkHost, true)
		n.HoldStreams(linkHost, false)
		after, err := n.Host(linkHost).DialDatagrams(t.Context(), near, int(socketAddr.Port()))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []net.Conn{near, before, after} {
			if _, err := c.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		if *got != 0 || s.Received() != 1 {
			t.Errorf("%d bytes and %d datagrams have arrived, want none and that of the new socket", *got, s.Received())
		}
		n.Reset(linkHost)
		far.Close()
		s.Close()
	})
}

func TestSetHost_IsOfOneHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		l, s := n.Listen(streamAddr), n.ListenDatagrams(socketAddr)
		near, far := dialStream(t, n, l)
		send := func(ip string) {
			c, err := n.Host(ip).DialDatagrams(t.Context(), near, int(socketAddr.Port()))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		n.SetHost(linkHost, netsim.Profile{Loss: 1}, netsim.Profile{})
		send(linkHost)
		send("198.51.100.2")
		if s.Received() != 1 {
			t.Errorf("%d datagrams have arrived, want that of the other host", s.Received())
		}
		near.Close()
		far.Close()
		s.Close()
	})
}

// TestReset_IsThatOfThePath resets a stream on which something has not been read: neither end has closed it, and both
// learn of the reset alone.
func TestReset_IsThatOfThePath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		near, far := dialStream(t, n, n.Listen(streamAddr))
		for _, c := range []net.Conn{near, far} {
			if _, err := c.Write([]byte("unread")); err != nil {
				t.Fatal(err)
			}
		}
		n.Reset(linkHost)
		for _, c := range []net.Conn{near, far} {
			var b [64]byte
			if k, err := c.Read(b[:]); k != 0 || !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%v: Read returns %d bytes and %v, want none and a reset", c.LocalAddr(), k, err)
			}
			if _, err := c.Write(b[:]); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%v: Write returns %v, want a reset", c.LocalAddr(), err)
			}
			c.Close()
		}
	})
}
