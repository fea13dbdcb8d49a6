package memnet_test

import (
	"net"
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
