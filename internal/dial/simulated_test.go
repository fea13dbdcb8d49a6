package dial_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/dial"
	"pong/netcode/netsim"
)

// A pipeTransport is a Transport whose game channel is one end of a perfect pipe.
type pipeTransport struct {
	dial.Transport
	end net.Conn
}

func (p pipeTransport) DialDatagrams(context.Context, net.Conn, int) (net.Conn, error) {
	return p.end, nil
}

// A oneReader has one Read at a time wait for a datagram, in the order of their calls, as a socket of the system does.
type oneReader struct {
	net.Conn
	reads chan struct{}
}

func (c *oneReader) Read(b []byte) (int, error) {
	c.reads <- struct{}{}
	defer func() { <-c.reads }()
	return c.Conn.Read(b)
}

// A network that is perfect at first is simulated from the first change on, also for a reader that waits already, and a
// change back makes it perfect again.
func TestNetwork_ChangesWhileAConnectionIsOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := netsim.Pipe(netsim.Profile{}, netsim.Profile{}, 1)
		network := dial.NewNetwork(netsim.Profile{}, netsim.Profile{}, 1)
		socket := &oneReader{Conn: client, reads: make(chan struct{}, 1)}
		simulated := dial.Simulated{Transport: pipeTransport{end: socket}, Network: network}
		conn, err := simulated.DialDatagrams(t.Context(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		arrived := make(chan time.Duration, 8)
		start := time.Now()
		go func() {
			for buffer := make([]byte, 10); ; arrived <- time.Since(start) {
				if _, err := conn.Read(buffer); err != nil {
					close(arrived)
					return
				}
			}
		}()
		trip := func() time.Duration {
			start = time.Now()
			_, _ = server.Write([]byte("x"))
			return <-arrived
		}
		if d := trip(); d != 0 {
			t.Errorf("a perfect network delays by %v", d)
		}
		synctest.Wait() // the reader waits for a datagram
		network.Set(netsim.Profile{Loss: 1}, netsim.Profile{Delay: 40 * time.Millisecond})
		trip() // the datagram for which the reader waits
		if d := trip(); d != 40*time.Millisecond {
			t.Errorf("after the change a datagram takes %v, want 40 ms", d)
		}
		_, _ = conn.Write([]byte("lost"))
		network.Set(netsim.Profile{}, netsim.Profile{})
		_, _ = conn.Write([]byte("kept"))
		buffer := make([]byte, 10)
		if n, err := server.Read(buffer); err != nil || string(buffer[:n]) != "kept" {
			t.Errorf("the server receives %q, %v, want what was sent after the second change", buffer[:n], err)
		}
		if d := trip(); d != 0 {
			t.Errorf("after the second change a datagram takes %v, want none", d)
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		for range arrived {
			t.Error("a datagram arrived after Close")
		}
		network.Set(netsim.Profile{Loss: 1}, netsim.Profile{}) // changes nothing that is closed
	}) // the bubble would fail if a goroutine were left
}
