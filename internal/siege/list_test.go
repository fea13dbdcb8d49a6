//go:build siege && linux

package siege

import (
	"testing"
	"time"

	"pong/internal/wire"
)

// TestList_CostsLittle asks for the list of 32 matches on many connections, as often as the server answers
// before JOIN, and compares that with connections that only do the handshake.
func TestList_CostsLittle(t *testing.T) {
	s := serve(t, "--max-per-address", "0")
	for i := range 2 * wire.MaxListed {
		from := source(i)
		seat, err := joinServer(from, s.control, wire.Message{Name: "listed"})
		if err != nil {
			t.Fatal(err)
		}
		defer seat.Close()
		socket := s.dialGame(t, from)
		defer socket.Close()
		_, _ = socket.Write(seat.register())
	}
	poll(t, 10*time.Second, "all matches begin", func() bool { return len(s.with(`"started"`)) >= wire.MaxListed })
	connections := either(100, 1000)
	lines := 0
	cost := func(lists int) float64 {
		before := s.cpu()
		for i := range connections {
			raw, err := dialFrom(source(2000+i), s.control)
			if err != nil {
				t.Fatal(err)
			}
			c, err := handshake(raw)
			if err != nil {
				t.Fatal(err)
			}
			for range lists {
				_ = c.writeLine(wire.Message{Type: wire.List})
			}
			for more := lists > 0; more; {
				m, err := c.readLine()
				if err != nil {
					break
				}
				lines++
				more = m.Type == wire.Matches && lines%(2*wire.MaxListed) != 0
			}
			c.Close()
		}
		return float64(s.cpu()-before) / float64(time.Millisecond) / float64(connections)
	}
	plain, listed := cost(0), cost(2)
	if want := connections * 2 * wire.MaxListed; lines != want {
		t.Errorf("%d connections with two LISTs were sent %d lines, want %d", connections, lines, want)
	}
	figure("handshake_cpu_per_connection", plain, "ms", reportOnly)
	figure("list_cpu_per_connection", listed, "ms", under(4))
}
