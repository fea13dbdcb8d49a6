//go:build siege && linux

package siege

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/wire"
)

// TestSoak begins and ends sessions at random, in every way in which a session can end. It counts what is left
// afterwards: goroutines, descriptors and sessions, and how the live heap grows with the number of sessions so far.
// The clients run in the same process, so their leaks count too.
func TestSoak(t *testing.T) {
	in := startInProcess(t, time.Now)
	var ends [8]atomic.Int64
	runSessions(in, 1, 300, &ends) // allocates everything that is allocated once
	waitUntilStable(t, in, 0, 0)
	goroutines, descriptors := runtime.NumGoroutine(), ownDescriptors(t)
	span := either(20*time.Second, 10*time.Minute)
	if given := os.Getenv("SIEGE_SOAK"); given != "" {
		var err error
		if span, err = time.ParseDuration(given); err != nil {
			t.Fatalf("SIEGE_SOAK: %v", err)
		}
	}
	var at, heaps []float64
	total := 0
	for end, round := time.Now().Add(span), uint64(2); time.Now().Before(end); round++ {
		total += runSessions(in, round, 500, &ends)
		waitUntilStable(t, in, goroutines, descriptors)
		heap, _ := liveMemory()
		at, heaps = append(at, float64(total)/1000), append(heaps, heap)
	}
	waitUntilStable(t, in, goroutines, descriptors)
	poll(t, 90*time.Second, "the status line has no players", func() bool { return in.log.players() <= 0 })
	fmt.Printf("soak: %d sessions in %v; ways to end: %v\n", total, span, counts(&ends))
	mustFigure(t, "soak_goroutines_left", float64(max(0, runtime.NumGoroutine()-goroutines)), "", atMost(0))
	mustFigure(t, "soak_descriptors_left", float64(max(0, ownDescriptors(t)-descriptors)), "", atMost(0))
	mustFigure(t, "soak_sessions_left", float64(max(0, in.log.players())), "", atMost(0))
	figure("soak_sessions", float64(total), "sessions", reportOnly)
	// Within 20 s the server still keeps silent sessions, so the short form's slope is theirs.
	figure("soak_heap_slope", slope(at, heaps)/1024, "KiB per 1000 sessions", either(reportOnly, under(1)))
	for i := range ends {
		if ends[i].Load() == 0 {
			t.Errorf("no session ended in way %d", i)
		}
	}
}

func counts(ends *[8]atomic.Int64) (all []int64) {
	for i := range ends {
		all = append(all, ends[i].Load())
	}
	return all
}

// waitUntilStable waits until goroutines and descriptors are back at their numbers, or stop falling.
func waitUntilStable(t testing.TB, in *inProcess, goroutines, descriptors int) {
	t.Helper()
	last, same := 0, 0
	for range 400 {
		n := runtime.NumGoroutine()*10000 + ownDescriptors(t)
		if goroutines > 0 && runtime.NumGoroutine() <= goroutines && ownDescriptors(t) <= descriptors {
			return
		}
		if same++; n != last {
			last, same = n, 0
		}
		if goroutines == 0 && same > 40 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// runSessions runs n sessions, eight at a time.
func runSessions(in *inProcess, seed uint64, n int, ends *[8]atomic.Int64) int {
	var all sync.WaitGroup
	var done atomic.Int64
	for w := range 8 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(w)))
			for done.Add(1) <= int64(n) {
				runSession(in, r, ends)
			}
		})
	}
	all.Wait()
	return n
}

// runSession runs one session and ends it in a random way.
func runSession(in *inProcess, r *rand.Rand, ends *[8]atomic.Int64) {
	from := source(1 + r.IntN(200))
	s, err := joinServer(from, in.control, wire.Message{})
	if err != nil {
		return
	}
	defer s.Close()
	c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(addrPort(from)), net.UDPAddrFromAddrPort(in.game))
	if err != nil {
		s.leave()
		return
	}
	defer c.Close()
	way := r.IntN(len(ends))
	if way > 0 { // otherwise it never registers
		_, _ = c.Write(s.register())
		for range r.IntN(10) {
			_, _ = c.Write(s.ping())
			time.Sleep(time.Duration(r.IntN(5)) * time.Millisecond)
		}
	}
	ends[way].Add(1)
	switch way {
	case 2: // sends nonsense, which ends only the control channel once a match has begun, and then gives up the seat
		_, _ = s.Write([]byte(strings.Repeat("nonsense\n", 1+r.IntN(100))))
		resumeAndLeave(in, s, c)
	case 3: // resets the connection, redials and leaves
		_ = s.NetConn().(*net.TCPConn).SetLinger(0)
		s.NetConn().Close()
		resumeAndLeave(in, s, c)
	case 4: // redials while the first connection is open
		resumeAndLeave(in, s, c)
	case 5: // leaves while lines are in flight
		_ = s.writeLine(wire.Message{Type: wire.Rematch})
		_ = s.writeLine(wire.Message{Type: wire.Ping})
		s.leave()
	default:
		s.leave()
	}
}

// resumeAndLeave takes over the seat of a session with another connection, if it is still kept, and leaves.
func resumeAndLeave(in *inProcess, s *seat, c *net.UDPConn) {
	again, err := joinServer(source(1), in.control, wire.Message{Resume: s.welcome.Resume})
	if err != nil {
		return // the seat was freed with the connection
	}
	_, _ = c.Write(again.register())
	again.leave()
}

// slope fits a line by least squares and returns its slope.
func slope(x, y []float64) float64 {
	n, sx, sy, sxx, sxy := float64(len(x)), 0.0, 0.0, 0.0, 0.0
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	if d := n*sxx - sx*sx; d != 0 {
		return (n*sxy - sx*sy) / d
	}
	return 0
}
