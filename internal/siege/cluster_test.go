//go:build siege && cluster && linux

package siege

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/netcode/netsim"
)

// clusterNodes is how many servers a cluster of a test has.
const clusterNodes = 3

// A clusterBed is a cluster of real servers on this machine.
type clusterBed struct {
	testing.TB
	dir     string
	ports   [clusterNodes][3]int // control, game and routes
	servers [clusterNodes]*process
}

// newClusterBed starts a cluster.
func newClusterBed(t testing.TB) *clusterBed {
	b := &clusterBed{TB: t, dir: t.TempDir()}
	for i := range b.ports {
		for j := range b.ports[i] {
			b.ports[i][j] = freeClusterPort(t)
		}
	}
	for i := range b.servers {
		b.start(i)
	}
	for _, s := range b.servers {
		s.wait("reaches most nodes")
	}
	return b
}

// freeClusterPort returns a port that nobody uses now, for TCP and UDP.
func freeClusterPort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// start starts the server of a node.
func (b *clusterBed) start(i int) {
	b.Helper()
	args := []string{
		"serve", "--listen", "127.0.0.1", "--control-port", strconv.Itoa(b.ports[i][0]), "--game-port",
		strconv.Itoa(b.ports[i][1]), "--certs", filepath.Join(b.dir, "certs"), "--no-web", "--no-discovery", "--start",
		"auto", "--points", "0", "--log", "json", "--cluster", "siege", "--cluster-node", fmt.Sprint("node", i),
		"--cluster-listen", b.routes(i),
	}
	for j := range b.ports {
		if j != i {
			args = append(args, "--cluster-peers", b.routes(j))
		}
	}
	b.servers[i] = run(b, exec.Command(pongPath, args...))
	b.servers[i].wait("listening")
}

func (b *clusterBed) routes(i int) string { return fmt.Sprintf("127.0.0.1:%d", b.ports[i][2]) }

// link returns the join link of a node.
func (b *clusterBed) link(i int) string {
	var line struct{ Link string }
	if err := json.Unmarshal([]byte(b.servers[i].wait("listening")), &line); err != nil {
		b.Fatal(err)
	}
	return line.Link
}

// A clusterPlayer is a bot with a round trip of 50 ms, which notes what it sees.
type clusterPlayer struct {
	*dial.Client
	stop chan struct{}
	done sync.WaitGroup

	mu     sync.Mutex // guards what follows
	view   client.Frame
	at     time.Time     // when the newest STATE arrived
	gap    time.Duration // the longest time without one since reset
	paused bool          // since reset, or a countdown was seen
	back   bool          // a score was taken back
	best   [2]int
}

// player joins a bot at a node.
func (b *clusterBed) player(i int, name string) *clusterPlayer {
	b.Helper()
	late := netsim.Profile{Delay: 25 * time.Millisecond}
	c, err := dial.Dial(b.Context(), dial.Config{
		Address: b.link(i), Name: name,
		Transport: dial.Simulated{Transport: dial.System{}, Network: dial.NewNetwork(late, late, 1)},
	})
	if err != nil {
		b.Fatal(err)
	}
	p := &clusterPlayer{Client: c, stop: make(chan struct{}), at: time.Now()}
	hand := bot.New(bot.Hard, uint64(len(name)))
	p.done.Go(func() {
		for began := time.Now(); ; time.Sleep(2 * time.Millisecond) {
			select {
			case <-p.stop:
				return
			default:
			}
			now := time.Now()
			p.mu.Lock()
			in := hand.Think(now.Sub(began), bot.See(&p.view))
			c.Update(now, in)
			p.note(now, c.Frame(now))
			p.mu.Unlock()
		}
	})
	b.Cleanup(p.end)
	return p
}

// note notes a frame. The caller holds mu.
func (p *clusterPlayer) note(now time.Time, v client.Frame) {
	if v.Tick != p.view.Tick {
		p.at = now
	}
	p.gap = max(p.gap, now.Sub(p.at))
	p.paused = p.paused || v.Stage == client.StagePaused || v.Stage == client.StageCountdown
	p.back = p.back || v.NewMatch || v.Score[0] < p.best[0] || v.Score[1] < p.best[1]
	p.best = [2]int{max(p.best[0], v.Score[0]), max(p.best[1], v.Score[1])}
	p.view = v
}

// reset forgets what was noted of gaps and pauses.
func (p *clusterPlayer) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gap, p.paused = 0, false
}

// seen returns what was noted.
func (p *clusterPlayer) seen() (v client.Frame, gap time.Duration, paused, back bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.view, p.gap, p.paused, p.back
}

func (p *clusterPlayer) end() {
	close(p.stop)
	p.done.Wait()
	p.Close()
}

// owner returns the node at which a player plays.
func (b *clusterBed) owner(p *clusterPlayer) int {
	v, _, _, _ := p.seen()
	return slices.IndexFunc(b.ports[:], func(ports [3]int) bool {
		return v.Server.Control == fmt.Sprintf("127.0.0.1:%d", ports[0])
	})
}

// TestCluster_Table does to the server of a rally what can happen to servers, and prints what the players have seen.
// Only a score that is taken back, or a match that does not go on, fails.
func TestCluster_Table(t *testing.T) {
	b := newClusterBed(t)
	players := []*clusterPlayer{b.player(0, "one"), b.player(0, "two!")}
	for _, test := range []struct {
		name   string
		times  int
		happen func(owner int)
		mend   func(owner int)
	}{
		{"kill -9", 10, func(i int) { _ = b.servers[i].cmd.Process.Kill() }, b.start},
		{"SIGTERM", 10, func(i int) { b.servers[i].terminate() }, b.start},
		{"STOP, CONT after 3 s", 3, func(i int) {
			_ = b.servers[i].cmd.Process.Signal(syscall.SIGSTOP)
			time.AfterFunc(3*time.Second, func() { _ = b.servers[i].cmd.Process.Signal(syscall.SIGCONT) })
		}, func(int) { time.Sleep(3 * time.Second) }},
	} {
		var gaps []float64
		paused := 0
		for range test.times {
			rally := func() bool {
				for _, p := range players {
					if v, _, _, _ := p.seen(); v.Stage != client.StagePlaying {
						return false
					}
				}
				return true
			}
			poll(t, 2*time.Minute, "a rally is played", rally)
			time.Sleep(time.Second)
			poll(t, 2*time.Minute, "a rally is played", rally)
			for _, p := range players {
				p.reset()
			}
			owner := b.owner(players[0])
			test.happen(owner)
			poll(t, 2*time.Minute, test.name+": the match goes on at another node", func() bool {
				for _, p := range players {
					if v, _, _, _ := p.seen(); b.owner(p) == owner || v.Stage == client.StageLost {
						return false
					}
				}
				return true
			})
			time.Sleep(500 * time.Millisecond)
			pause := false
			for i, p := range players {
				_, gap, saw, back := p.seen()
				gaps, pause = append(gaps, gap.Seconds()), pause || saw
				if back {
					t.Errorf("%s: player %d saw a score that was taken back, or another match", test.name, i+1)
				}
			}
			if pause {
				paused++
			}
			test.mend(owner)
			poll(t, time.Minute, "the node is back", func() bool {
				return len(b.servers[owner].with("reaches most nodes")) > 0
			})
			time.Sleep(time.Second)
		}
		slices.SortFunc(gaps, cmp.Compare[float64])
		at := func(q float64) float64 { return gaps[int(math.Ceil(q*float64(len(gaps))))-1] }
		fmt.Printf("figure cluster_gap_p50 %.3f s (%s, %d times)\n", at(0.5), test.name, test.times)
		fmt.Printf("figure cluster_gap_p95 %.3f s (%s)\n", at(0.95), test.name)
		fmt.Printf("figure cluster_without_a_pause %d of %d (%s)\n", test.times-paused, test.times, test.name)
	}
}
