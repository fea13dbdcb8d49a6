//go:build siege && linux

package siege

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pong/internal/wire"
)

func addrPort(a netip.Addr) netip.AddrPort { return netip.AddrPortFrom(a, 0) }

// holdIdlePlayers holds registered players that send nothing but keep-alives. Its time begins when all have joined.
func holdIdlePlayers(o attackConfig, _ time.Time) (d attackResult) {
	var mu sync.Mutex // guards d and seats
	var all sync.WaitGroup
	type idler struct {
		*seat
		c *net.UDPConn
	}
	var seats []idler
	next := make(chan int, o.Count)
	for i := range o.Count {
		next <- i
	}
	close(next)
	for range 8 {
		all.Go(func() {
			for i := range next {
				s, err := joinServer(o.source(i/8), o.Control, wire.Message{})
				if err != nil {
					mu.Lock()
					d.Failed++
					mu.Unlock()
					continue
				}
				c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(addrPort(o.source(i/8))),
					net.UDPAddrFromAddrPort(o.Game))
				if err != nil {
					panic(err)
				}
				_, _ = c.Write(s.register())
				mu.Lock()
				d.Done++
				seats = append(seats, idler{s, c})
				mu.Unlock()
			}
		})
	}
	all.Wait()
	announceStart()
	for end := time.Now().Add(o.For); time.Now().Before(end); {
		for _, s := range seats {
			_, _ = s.c.Write(s.ping())
		}
		time.Sleep(time.Second)
	}
	for _, s := range seats {
		s.Close()
		s.c.Close()
	}
	return d
}

// TestMemory_PerSession holds a thousand idle players, in pairs whose matches run, and measures what each costs the
// server: its session, its half of a match, two goroutines and the TLS connection.
func TestMemory_PerSession(t *testing.T) {
	const n = 1000
	in := startInProcess(t, time.Now)
	warm := startAttack(t, attackConfig{Kind: "idle", Control: in.control, Game: in.game, Count: 10, For: time.Second})
	warm.end()
	time.Sleep(time.Second)
	heap0, stacks0 := liveMemory()
	a := startAttack(t, attackConfig{Kind: "idle", Control: in.control, Game: in.game, Count: n, For: 4 * time.Second})
	time.Sleep(2 * time.Second)
	heap, stacks := liveMemory()
	figure("memory_heap_per_session", (heap-heap0)/n/1024, "KiB", reportOnly)
	figure("memory_stacks_per_session", (stacks-stacks0)/n/1024, "KiB", reportOnly)
	figure("memory_per_session", (heap+stacks-heap0-stacks0)/n/1024, "KiB", under(32))
	if d := a.end(); d.Done != n {
		t.Errorf("%d of %d players joined, want all", d.Done, n)
	}
	in.stop()

	s := serve(t)
	before := resident(t, s.process)
	b := startAttack(t, attackConfig{Kind: "idle", Control: s.control, Game: s.game, Count: n, For: 4 * time.Second})
	time.Sleep(2 * time.Second)
	figure("memory_resident_per_session", (resident(t, s.process)-before)/n/1024, "KiB", reportOnly)
	if d := b.end(); d.Done != n {
		t.Errorf("%d of %d players joined, want all", d.Done, n)
	}
	runtime.KeepAlive(in)
}

// resident returns the resident memory of a process in bytes, including garbage.
func resident(t testing.TB, p *process) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			return kb * 1024
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
