//go:build siege && linux

package siege

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A player is the client's real Session, played by a bot, in a shell that sees every datagram. It records round trips
// and packet numbers, and its socket can be exchanged.
type player struct {
	t    testing.TB
	seat *seat
	stop chan struct{} // closed when the player sends nothing more
	all  sync.WaitGroup

	quiet sync.Once // closes stop

	mu       sync.Mutex // guards what follows
	session  *client.Session
	view     client.Frame
	socket   net.Conn
	sentTape [][]byte // datagrams sent, up to a few thousand
	stages   map[client.Stage]int
	arrivals []time.Time // of STATEs
	trafficMeter
}

// A trafficMeter sits between a Session and its keys.
type trafficMeter struct {
	keys  *sealed.Session
	at    time.Time            // arrival of the datagram that is being opened
	stamp map[uint32]time.Time // when each stamp was sent
	sent  int
	came  int
	first uint32    // first packet number received
	last  uint32    // newest packet number received
	trips []float64 // round trips in milliseconds
}

// Seal records the stamp with which the datagram leaves.
func (m *trafficMeter) Seal(dst, plain []byte) ([]byte, error) {
	m.sent++
	if len(m.stamp) > 4096 {
		clear(m.stamp)
	}
	m.stamp[wire.ParseStamp(plain).TS] = time.Now()
	return m.keys.Seal(dst, plain)
}

// Open records the datagram, and the round trip if it answers a stamp.
func (m *trafficMeter) Open(dst, datagram []byte) ([]byte, uint32, error) {
	plain, n, err := m.keys.Open(dst, datagram)
	if err != nil {
		return plain, n, err
	}
	if m.came == 0 {
		m.first, m.last = n, n-1
	}
	m.came++
	m.last = max(m.last, n)
	if s := wire.ParseStamp(plain); s.Hold != ^uint32(0) {
		if sent, ok := m.stamp[s.Echo]; ok {
			trip := m.at.Sub(sent) - time.Duration(s.Hold)*time.Microsecond
			m.trips = append(m.trips, float64(trip)/float64(time.Millisecond))
		}
	}
	return plain, n, nil
}

// play joins a player over loopback, which plays until the test ends or leave is called.
func (s *serving) play(t testing.TB, name string) *player {
	t.Helper()
	seat, err := joinServer(netip.Addr{}, s.control, wire.Message{Name: name})
	if err != nil {
		t.Fatalf("%s cannot join: %v", name, err)
	}
	socket, err := net.Dial("udp", s.game.String())
	if err != nil {
		t.Fatal(err)
	}
	return startPlayer(t, seat, socket)
}

// startPlayer plays in a seat, through a socket that is connected to the game channel.
func startPlayer(t testing.TB, seat *seat, socket net.Conn) *player {
	t.Helper()
	p := &player{
		t: t, seat: seat, stop: make(chan struct{}), socket: socket, stages: make(map[client.Stage]int),
		trafficMeter: trafficMeter{keys: seat.keys, stamp: make(map[uint32]time.Time)},
	}
	p.session = client.NewSession(time.Now(), client.SessionConfig{
		Welcome: seat.welcome, Sealed: &p.trafficMeter, Send: p.send,
	})
	p.all.Go(p.listen)
	p.all.Go(func() { p.receive(socket) })
	p.all.Go(p.draw)
	t.Cleanup(p.leave)
	return p
}

func (p *player) send(b []byte) {
	if len(p.sentTape) < 4000 {
		p.sentTape = append(p.sentTape, append([]byte(nil), b...))
	}
	_, _ = p.socket.Write(b)
}

// receive receives datagrams from a socket until it is closed.
func (p *player) receive(socket net.Conn) {
	var buffer [sealed.MaxDatagram + 1]byte
	for {
		n, err := socket.Read(buffer[:])
		now := time.Now()
		if err != nil {
			select {
			case <-p.stop:
				return
			default:
			}
			p.mu.Lock()
			old := p.socket != socket
			p.mu.Unlock()
			if old {
				return
			}
			time.Sleep(time.Millisecond) // an ICMP error: the server or the network is down
			continue
		}
		p.mu.Lock()
		before := p.came
		p.at = now
		p.session.Receive(now, buffer[:n])
		if p.came > before {
			p.arrivals = append(p.arrivals, now)
		}
		p.mu.Unlock()
	}
}

// listen receives control lines.
func (p *player) listen() {
	for {
		m, err := p.seat.readLine()
		p.mu.Lock()
		if err != nil {
			p.session.ControlClosed()
			p.mu.Unlock()
			return
		}
		p.session.Control(m)
		p.mu.Unlock()
	}
}

// draw is the loop of frames, 60 a second, with a PING over TLS every ten seconds.
func (p *player) draw() {
	frames, alive := time.NewTicker(time.Second/60), time.NewTicker(10*time.Second)
	defer frames.Stop()
	defer alive.Stop()
	hand, start, key := bot.New(bot.Hard, uint64(p.seat.welcome.Player+1)), time.Now(), game.None
	for {
		select {
		case <-p.stop:
			return
		case <-alive.C:
			_ = p.seat.writeLine(wire.Message{Type: wire.Ping})
			continue
		case <-frames.C:
		}
		now := time.Now()
		p.mu.Lock()
		p.session.Update(now, key)
		v := p.session.Frame(now)
		p.view = v
		p.stages[v.Stage]++
		p.mu.Unlock()
		key = hand.Think(now.Sub(start), bot.See(&v))
	}
}

// goSilent stops the player's datagrams. The player keeps its seat and its connection.
func (p *player) goSilent() { p.quiet.Do(func() { close(p.stop) }) }

// leave ends the player. It may be called several times.
func (p *player) leave() {
	p.goSilent()
	p.seat.leave()
	p.mu.Lock()
	p.socket.Close()
	p.mu.Unlock()
	p.all.Wait()
}

// changeSocket continues with another socket.
func (p *player) changeSocket(socket net.Conn) {
	p.mu.Lock()
	old := p.socket
	p.socket = socket
	p.mu.Unlock()
	old.Close()
	p.all.Go(func() { p.receive(socket) })
}

// screen returns the stage and the newest tick that the player's screen shows.
func (p *player) screen() (client.Stage, uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.view.Stage, p.view.Tick
}

// A reading is a player's traffic since some moment.
type reading struct {
	sent, came, lost int
	missed           int       // ticks that the server played without an input
	lossUp           float64   // of the newest 512 datagrams, according to the server, in steps of 0.4 %
	trips            []float64 // round trips in milliseconds
}

// read returns the reading since the last call.
func (p *player) read() reading {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := reading{sent: p.sent, came: p.came, missed: p.view.Figures.Missed, lossUp: p.view.Figures.LossUp,
		trips: p.trips}
	if p.came > 0 {
		r.lost = int(p.last-p.first+1) - p.came
	}
	p.trips = nil
	return r
}

// since returns the difference from an earlier reading.
func (r reading) since(before reading) reading {
	r.sent, r.came, r.lost, r.missed = r.sent-before.sent, r.came-before.came, r.lost-before.lost,
		r.missed-before.missed
	return r
}

// playing reports whether the screens of all players show a match in progress.
func playing(all ...*player) bool {
	for _, p := range all {
		switch stage, _ := p.screen(); stage {
		case client.StagePlaying, client.StageScored, client.StageCountdown:
		default:
			return false
		}
	}
	return true
}

// match joins two players to a server and waits until they play.
func (s *serving) match(t testing.TB) (left, right *player) {
	t.Helper()
	left, right = s.play(t, "left"), s.play(t, "right")
	poll(t, 20*time.Second, "the match plays", func() bool { return playing(left, right) })
	return left, right
}

// playsOn expects the match to continue: ticks pass on all screens, and no one sees a pause or the loss of the server.
func playsOn(t testing.TB, span time.Duration, all ...*player) {
	t.Helper()
	var before []uint32
	for _, p := range all {
		_, tick := p.screen()
		before = append(before, tick)
	}
	for end := time.Now().Add(span); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if !playing(all...) {
			for i, p := range all {
				p.mu.Lock()
				t.Logf("player %d: %v %v", i+1, p.view.Stage, p.view.Reason)
				p.mu.Unlock()
			}
			t.Fatal("the match did not continue")
		}
	}
	for i, p := range all {
		if _, tick := p.screen(); float64(tick-before[i]) < 0.8*60*span.Seconds() {
			t.Errorf("player %d saw %d ticks in %v, want at least 80 %% of 60 a second", i+1, tick-before[i], span)
		}
	}
}

// port formats a port as an argument.
func port(n uint16) string { return strconv.Itoa(int(n)) }

// String names a player in messages.
func (p *player) String() string { return fmt.Sprintf("player %d", p.seat.welcome.Player+1) }
