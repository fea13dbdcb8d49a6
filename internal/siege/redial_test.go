//go:build siege && linux

package siege

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A stateCapture records the STATEs that arrive at the interfaces of a namespace.
type stateCapture struct {
	mu   sync.Mutex // guards came
	came []capturedState
}

type capturedState struct {
	at time.Time
	to netip.Addr
}

// captureStates records STATEs from a game port until the test ends.
func (s namespace) captureStates(t testing.TB, port uint16) *stateCapture {
	t.Helper()
	w, fd := new(stateCapture), -1
	var err error
	s.within(t, func() {
		const all = unix.ETH_P_ALL>>8 | unix.ETH_P_ALL<<8&0xff00 // in the network's order
		fd, err = unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, all)
	})
	if err != nil {
		t.Fatalf("watch %s: %v", s, err)
	}
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 100_000})
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer unix.Close(fd)
		var b [2048]byte
		for {
			n, _, err := unix.Recvfrom(fd, b[:], 0)
			select {
			case <-stop:
				return
			default:
			}
			if err == nil {
				w.record(time.Now(), b[:n], port)
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-done })
	return w
}

// record records an IP packet that has the length of a STATE.
func (w *stateCapture) record(now time.Time, b []byte, port uint16) {
	var to netip.Addr
	switch {
	case len(b) > 20 && b[0]>>4 == 4 && b[9] == unix.IPPROTO_UDP:
		to, b = netip.AddrFrom4([4]byte(b[16:20])), b[int(b[0]&15)*4:]
	case len(b) > 40 && b[0]>>4 == 6 && b[6] == unix.IPPROTO_UDP:
		to, b = netip.AddrFrom16([16]byte(b[24:40])), b[40:]
	default:
		return
	}
	if len(b) != 8+wire.StateLen+sealed.Overhead || binary.BigEndian.Uint16(b) != port {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.came = append(w.came, capturedState{now, to})
}

// gap returns the time around a moment without a STATE, ignoring STATEs to an address that was lost then. It returns
// false while the gap lasts.
func (w *stateCapture) gap(at time.Time, lost netip.Addr) (time.Duration, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var before time.Time
	for _, s := range w.came {
		switch {
		case s.at.Before(at):
			before = s.at
		case s.to != lost:
			return s.at.Sub(before), true
		}
	}
	return 0, false
}

// bot starts a pong bot in a namespace, which joins a server by a name that resolves to some addresses.
func (s namespace) bot(t testing.TB, server *serving, name string, addrs ...string) *process {
	t.Helper()
	hosts := ""
	for _, a := range addrs {
		hosts += a + " pong.example\n"
	}
	file := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(file, []byte(hosts), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := pong(t, string(s), "bot", "pong.example:"+port(server.Control), "--trust", server.Fingerprint, "--name",
		name,
		"--level", "easy", "--matches", "0", "--json")
	// ip netns exec gives a command its own mounts, so this is no one else's /etc/hosts.
	own := slices.Index(cmd.Args, pongPath)
	cmd.Args = slices.Insert(cmd.Args, own, "sh", "-c", `mount --bind "$0" /etc/hosts && exec "$@"`, file)
	return run(t, cmd)
}

// score returns the last score and tick that a bot has printed.
func (p *process) score() (score [2]int, tick int) {
	lines := p.with(`"tick"`)
	if len(lines) == 0 {
		return score, 0
	}
	var last struct {
		Tick  int
		Score [2]int
	}
	_ = json.Unmarshal([]byte(lines[len(lines)-1]), &last)
	return last.Score, last.Tick
}

// TestRedial_GapIsShort takes the address away from a bot in play, as when a person leaves a Wi-Fi for a cable, and
// measures how long no STATE arrives. Nothing tells the client, which is an unmodified pong bot.
//
// With another interface to the same server, a new socket is enough; it is opened after a second of silence. With
// another address family only, the client has to resolve the server's name again and redial over TLS, after two and a
// half seconds.
func TestRedial_GapIsShort(t *testing.T) {
	for i, c := range []struct {
		name   string
		listen string
		names  []string // addresses of the server's name
		take   []string // command in the player's namespace
		most   target
	}{
		{"other_interface", "10.77.9.9", []string{"10.77.9.9"}, []string{"ip", "link", "set", "wa", "down"},
			under(1200)},
		{"other_address", "10.77.9.9", []string{"10.77.9.9"},
			[]string{"ip", "addr", "del", "10.77.1.2/24", "dev", "wa"}, under(1200)},
		{"other_family", "", []string{"10.77.1.1", "fd77::1"},
			[]string{"ip", "addr", "del", "10.77.1.2/24", "dev", "wa"}, under(5000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // the parts mostly wait
			all := namespaces(t, fmt.Sprint("p", i), fmt.Sprint("s", i))
			if all == nil {
				t.Log("without namespaces, no address can be taken away from this machine: TestChaos does it with " +
					"a relay")
				return
			}
			people, host := all[0], all[1]
			connect(t, people, host, "w", []string{"10.77.1.2/24", "fd77::2/64"},
				[]string{"10.77.1.1/24", "fd77::1/64"})
			connect(t, people, host, "x", []string{"10.77.2.2/24"}, []string{"10.77.2.1/24"})
			// both links lead to it, and the first is preferred
			host.do(t, "ip", "addr", "add", "10.77.9.9/32", "dev", "lo")
			people.do(t, "ip", "route", "add", "10.77.9.9", "via", "10.77.1.1", "metric", "10")
			people.do(t, "ip", "route", "add", "10.77.9.9", "via", "10.77.2.1", "metric", "20")
			s := host.serveIn(t, c.listen)
			one, two := people.bot(t, s, "one", c.names...), host.bot(t, s, "two", c.names...)
			s.wait(`"started"`)
			// a rally of easy bots can last 20 s
			poll(t, 2*time.Minute, "a point is made", func() bool { return len(s.with(`"score"`)) > 0 })
			time.Sleep(3 * time.Second)
			before, _ := one.score()
			states := people.captureStates(t, s.Game)
			time.Sleep(500 * time.Millisecond)

			at := time.Now()
			people.do(t, c.take...)
			var gap time.Duration
			poll(t, 10*time.Second, "STATEs come again", func() (over bool) {
				gap, over = states.gap(at, netip.MustParseAddr("10.77.1.2"))
				return over
			})
			figure("redial_"+c.name+"_gap", float64(gap)/float64(time.Millisecond), "ms", c.most)
			if gap < 500*time.Millisecond {
				t.Errorf("a gap of %v is too short: the address was not taken away", gap)
			}
			poll(t, 20*time.Second, "both bots have the same score, which continues the one before", func() bool {
				a, tickA := one.score()
				b, tickB := two.score()
				return a == b && max(tickA-tickB, tickB-tickA) < 120 && a[0]+a[1] >= before[0]+before[1] &&
					a[0]+a[1] > 0
			})
			if started, free := s.with(`"started"`), s.with("player removed"); len(started) != 1 || len(free) > 0 {
				t.Errorf("the match was interrupted: %v %v", started, free)
			}
			seats := make(map[int]bool)
			for _, line := range append(s.with(`"joined"`), s.with(`"resumed"`)...) {
				var l struct {
					Name   string
					Player int
				}
				if json.Unmarshal([]byte(line), &l) == nil && l.Name == "one" {
					seats[l.Player] = true
				}
			}
			if len(seats) != 1 {
				t.Errorf("the bot had the seats %v, want one", seats)
			}
		})
	}
}
