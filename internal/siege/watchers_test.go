//go:build siege && linux

package siege

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"pong/internal/wire"
)

// joinAsWatchers joins many watchers at once, each from its own address. They register and send a keep-alive every
// second, as watchers do. They read what they receive, or they do not: then control lines fill the server's queues,
// and datagrams the watchers' own sockets.
func joinAsWatchers(o attackConfig, end time.Time) attackResult {
	var done, failed, came atomic.Int64
	var all sync.WaitGroup
	announceStart()
	time.Sleep(time.Second) // so that all join while the players are measured
	for i := range o.Count {
		all.Go(func() {
			s, err := joinServer(o.source(i), o.Control, wire.Message{Name: "crowd", Role: wire.RoleWatcher})
			if err != nil {
				failed.Add(1)
				return
			}
			defer s.Close()
			d := net.Dialer{LocalAddr: net.UDPAddrFromAddrPort(netip.AddrPortFrom(o.source(i), 0))}
			c, err := d.Dial("udp", o.Game.String())
			if err != nil {
				failed.Add(1)
				return
			}
			defer c.Close()
			if o.Kind == "readers" {
				all.Go(func() { came.Add(countBytes(c)) })
				all.Go(func() { countBytes(s) })
			}
			_, _ = c.Write(s.register())
			done.Add(1)
			for time.Now().Before(end) {
				time.Sleep(time.Second)
				_, _ = c.Write(s.ping())
				_ = s.SetWriteDeadline(time.Now().Add(time.Second))
				_ = s.writeLine(wire.Message{Type: wire.Ping}) // the PONG has to wait somewhere
			}
		})
	}
	all.Wait()
	return attackResult{Done: int(done.Load()), Failed: int(failed.Load()), Answered: int(came.Load())}
}

// countBytes reads until the connection ends and returns the number of bytes.
func countBytes(c net.Conn) (sum int64) {
	var b [2048]byte
	for {
		n, err := c.Read(b[:])
		if err != nil {
			return sum
		}
		sum += int64(n)
	}
}
