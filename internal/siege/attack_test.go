//go:build siege && linux

package siege

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// asAttacker, in the environment, makes the test binary an attacker. It reads its attackConfig as JSON.
const asAttacker = "SIEGE_ATTACK"

// An attackConfig says what an attacker does. The attacker ends by itself.
type attackConfig struct {
	Kind    string
	Control netip.AddrPort
	Game    netip.AddrPort
	Rate    int           // datagrams or connections a second
	Count   int           // connections held open at once
	For     time.Duration // length of the attack
	ID      sealed.ID     // of a live session
	Tape    [][]byte      // datagrams that a player has sent
	Near    bool          // all connections from one address; otherwise each from its own
	From    netip.Addr    // all connections from this address, if it is valid
}

// An attackResult is what an attacker has done, printed at its end.
type attackResult struct {
	Done     int // datagrams sent, connections opened, or handshakes or joins completed
	Failed   int
	Answered int // bytes received over UDP
}

// An attack is a running attacker.
type attack struct{ *process }

// startAttack starts an attacker and waits until it attacks.
func startAttack(t testing.TB, o attackConfig) *attack {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), asAttacker+"=-")
	cmd.Stdin = strings.NewReader(mustJSON(o) + "\n")
	a := &attack{run(t, cmd)}
	a.wait("attacking")
	return a
}

// end waits until the attack is over.
func (a *attack) end() (d attackResult) {
	a.t.Helper()
	select {
	case <-a.ended:
	case <-time.After(2 * time.Minute):
		a.t.Fatal("an attacker did not end")
	}
	last := a.all()
	if err := json.Unmarshal([]byte(last[len(last)-1]), &d); err != nil {
		a.t.Fatalf("an attacker ended with %q", last[len(last)-1])
	}
	return d
}

// runAttacker runs the process of an attacker.
func runAttacker(string) {
	var o attackConfig
	if err := json.NewDecoder(bufio.NewReader(os.Stdin)).Decode(&o); err != nil {
		fmt.Println("no configuration:", err)
		return
	}
	o.For = min(o.For, 90*time.Second)
	end := time.Now().Add(o.For)
	kinds := map[string]func(attackConfig, time.Time) attackResult{
		"garbage": sendDatagrams, "forged": sendDatagrams, "replay": sendDatagrams, "inputs": inputs,
		"idle": holdIdlePlayers, "silent": holdConnections, "dribble": holdConnections, "handshakes": joinRepeatedly,
		"joins": joinRepeatedly, "hellos": replayHellos,
		"watchers": joinAsWatchers, "readers": joinAsWatchers,
	}
	d := kinds[o.Kind](o, end)
	fmt.Println(mustJSON(d))
}

func announceStart() { fmt.Println("attacking") }

// pace calls f at a rate until a time, in small bursts, because under load no timer is finer than a millisecond.
func pace(rate int, end time.Time, f func()) (n int) {
	start := time.Now()
	for now := start; now.Before(end); now = time.Now() {
		for due := int(now.Sub(start).Seconds() * float64(rate)); n < due; n++ {
			f()
		}
		time.Sleep(time.Millisecond)
	}
	return n
}

// sendDatagrams sends datagrams that are not authentic, and counts the bytes that come back.
func sendDatagrams(o attackConfig, end time.Time) (d attackResult) {
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(o.Game))
	if err != nil {
		return attackResult{Failed: 1}
	}
	var answered atomic.Int64
	go func() {
		var b [2048]byte
		for {
			n, err := c.Read(b[:])
			if err != nil {
				return
			}
			answered.Add(int64(n))
		}
	}()
	r := rand.New(rand.NewPCG(uint64(os.Getpid()), 1))
	var noise [1400]byte
	for i := 0; i < len(noise); i += 8 {
		binary.NativeEndian.PutUint64(noise[i:], r.Uint64())
	}
	announceStart()
	d.Done = pace(o.Rate, end, func() {
		b := noise[:r.IntN(300)]
		switch o.Kind {
		case "forged":
			b = noise[:sealed.Overhead+1+r.IntN(90)]
			b[0] = 9
			copy(b[1:], o.ID[:])
			binary.BigEndian.PutUint32(b[9:], 1+r.Uint32N(1<<20))
		case "replay":
			b = o.Tape[r.IntN(len(o.Tape))]
		case "garbage":
			if len(b) > 20 {
				b[0] = 9 // half of the datagrams look valid at first sight
				binary.NativeEndian.PutUint64(b[1:], r.Uint64())
			}
		}
		if _, err := c.Write(b); err != nil {
			d.Failed++
		}
	})
	time.Sleep(200 * time.Millisecond) // for late answers
	c.Close()
	d.Answered = int(answered.Load())
	return d
}

// inputs joins a player that sends more INPUTs than any person can press keys.
func inputs(o attackConfig, end time.Time) (d attackResult) {
	s, err := joinServer(netip.Addr{}, o.Control, wire.Message{Name: "hasty"})
	if err != nil {
		return attackResult{Failed: 1}
	}
	defer s.leave()
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(o.Game))
	if err != nil {
		return attackResult{Failed: 1}
	}
	defer c.Close()
	_, _ = c.Write(s.register())
	tick := netcode.Tick(0)
	announceStart()
	d.Done = pace(o.Rate, end, func() {
		tick++
		_, _ = c.Write(s.seal(wire.AppendInput(nil, s.stamp(), wire.Input{
			Newest: tick % 5000, Runs: []netcode.Run[game.Input]{{Input: game.Up, N: 4}},
		})))
	})
	return d
}

// holdConnections holds TCP connections open, from many addresses, that send nothing or a byte at a time. It reopens
// each connection that the server has closed, as fast as the rate allows.
func holdConnections(o attackConfig, end time.Time) (d attackResult) {
	var mu sync.Mutex // guards open and d
	open := make(map[int]net.Conn)
	var all sync.WaitGroup
	opener := func(i int) {
		c, err := dialFrom(o.source(i), o.Control)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			d.Failed++
			return
		}
		d.Done++
		open[i] = c
		all.Go(func() {
			if o.Kind == "dribble" {
				for b := range 200 { // the header of a handshake record, and then its body
					head := []byte{22, 3, 1, 0, 250}
					if b >= len(head) {
						head = append(head, make([]byte, 200)...)
					}
					if _, err := c.Write(head[b : b+1]); err != nil {
						break
					}
					time.Sleep(100 * time.Millisecond)
				}
			} else {
				_, _ = c.Read(make([]byte, 1))
			}
			c.Close()
			mu.Lock()
			delete(open, i)
			mu.Unlock()
		})
	}
	for i := range o.Count {
		opener(i)
	}
	announceStart()
	next := 0
	pace(o.Rate, end, func() {
		for range o.Count { // find the next connection that is closed
			next = (next + 1) % o.Count
			mu.Lock()
			_, there := open[next]
			mu.Unlock()
			if !there {
				opener(next)
				return
			}
		}
	})
	mu.Lock()
	for _, c := range open {
		c.Close()
	}
	mu.Unlock()
	all.Wait()
	return d
}

// joinRepeatedly performs TLS handshakes and hangs up, or sends JOINs and never registers. Joined connections stay
// open until the end, or until there are too many.
func joinRepeatedly(o attackConfig, end time.Time) attackResult {
	var done, failed, serial atomic.Int64
	var all sync.WaitGroup
	work := make(chan struct{}, 64)
	for range 16 {
		all.Go(func() {
			var held []*seat
			for range work {
				raw, err := dialFrom(o.source(int(serial.Add(1))), o.Control)
				if err != nil {
					failed.Add(1)
					continue
				}
				g, err := handshake(raw)
				if err != nil {
					failed.Add(1)
					continue
				}
				if o.Kind == "handshakes" {
					done.Add(1)
					g.Close()
					continue
				}
				s, err := g.join(wire.Message{Name: "silent"})
				if err != nil {
					failed.Add(1)
					g.Close()
					continue
				}
				done.Add(1)
				if held = append(held, s); len(held) > 100 {
					held[0].Close()
					held = held[1:]
				}
			}
			for _, s := range held {
				s.Close()
			}
		})
	}
	announceStart()
	pace(o.Rate, end, func() {
		select {
		case work <- struct{}{}:
		default: // the server or this machine is slower
		}
	})
	close(work)
	all.Wait()
	return attackResult{Done: int(done.Load()), Failed: int(failed.Load())}
}

// replayHellos opens connections from Count addresses in turn, and sends the same ClientHello on each. That costs the
// attacker nothing, and the server the computing of a handshake that never ends.
func replayHellos(o attackConfig, end time.Time) (d attackResult) {
	var failed atomic.Int64
	places := make(chan struct{}, 1000)
	var all sync.WaitGroup
	announceStart()
	i := 0
	d.Done = pace(o.Rate, end, func() {
		select {
		case places <- struct{}{}:
		default: // the server or this machine is slower
			failed.Add(1)
			return
		}
		from := o.source(i % o.Count)
		i++
		all.Go(func() {
			defer func() { <-places }()
			c, err := dialFrom(from, o.Control)
			if err != nil {
				failed.Add(1)
				return
			}
			defer c.Close()
			_, _ = c.Write(o.Tape[0])
			_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
			_, _ = io.Copy(io.Discard, c)
		})
	})
	all.Wait()
	d.Failed = int(failed.Load())
	d.Done -= d.Failed
	return d
}

// recordedHello returns the first message of a TLS handshake.
func recordedHello(t testing.TB) []byte {
	t.Helper()
	near, far := net.Pipe()
	defer near.Close()
	cfg := clientTLS()
	cfg.CurvePreferences = []tls.CurveID{tls.X25519}
	go func() { _ = tls.Client(near, cfg).Handshake() }()
	hello := make([]byte, 4096)
	n, err := far.Read(hello)
	far.Close()
	if err != nil {
		t.Fatal(err)
	}
	return hello[:n]
}

// source returns the address of connection i.
func (o attackConfig) source(i int) netip.Addr {
	if o.From.IsValid() {
		return o.From
	}
	if o.Near {
		return source(7)
	}
	return source(1000 + i)
}
