//go:build siege && linux

package siege

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// TestAhead_KeysCannotBeAnswered has modified clients play against one whose keys are at the server 12 ticks before
// they are due, and counts the opponent's keys that they are shown before their own of the same tick are sent. A client
// that has sent one could still send another, so it also counts those that were not played as they were sent first.
// TestFairness_InputsAheadGainNothing has what each of these clients wins.
func TestAhead_KeysCannotBeAnswered(t *testing.T) {
	t.Parallel()
	s := serve(t)
	lasts := either(5*time.Second, 40*time.Second)
	clients := []modified{
		{name: "honest", send: func(p *aheadPlayer, t netcode.Tick) { p.keys(t+3, t+6, game.Up) }},
		{name: "hold_back", send: func(p *aheadPlayer, t netcode.Tick) { p.keys(t+1, t+3, game.Up) }},
		{name: "commit_late", send: func(p *aheadPlayer, t netcode.Tick) {
			p.keys(t+1, t+12, game.None)
			p.keys(t+1, t+4, game.Down)
		}},
		{name: "read_and_react", send: func(p *aheadPlayer, t netcode.Tick) {
			p.keys(t+1, t+12, game.Up)
			for i, in := range p.shown {
				at := t + netcode.Tick(i)
				p.keys(at, at, game.Down-in)
			}
		}},
		{name: "watch", watches: true, send: func(p *aheadPlayer, t netcode.Tick) { p.keys(t+3, t+12, game.Up) }},
	}
	var playing sync.WaitGroup
	for i := range clients {
		m := &clients[i]
		keeper := s.aheadPlayer(t, source(2*i+1), wire.Message{}, func(p *aheadPlayer, now netcode.Tick) {
			p.keys(now+9, now+12, game.Input(now/8%3))
		})
		m.measured = s.aheadPlayer(t, source(2*i+2), wire.Message{}, m.send)
		all := []*aheadPlayer{keeper, m.measured}
		if m.watches {
			match := wire.Message{Role: wire.RoleWatcher, Match: m.measured.seat.welcome.Match}
			m.measured = s.aheadPlayer(t, source(2*i+2), match, nil)
			all = append(all, m.measured)
		}
		for _, p := range all {
			playing.Go(func() { p.play(lasts) })
		}
	}
	playing.Wait()
	answered, changed := 0, 0
	for _, m := range clients {
		p := m.measured
		figure("ahead_shown_"+m.name, float64(p.seen)/max(float64(p.states), 1), "keys a STATE", reportOnly)
		if p.states == 0 {
			t.Errorf("%s: no STATE of a game has arrived", m.name)
		}
		answered, changed = answered+p.answerable, changed+p.changed
	}
	if clients[0].measured.seen == 0 {
		t.Error("an honest client was shown no keys ahead: this test would not notice others")
	}
	mustFigure(t, "ahead_answered", float64(answered), "", atMost(0))
	mustFigure(t, "ahead_changed", float64(changed), "", atMost(0))
}

// A modified is a client that tries to gain from keys known ahead.
type modified struct {
	name    string
	send    func(p *aheadPlayer, now netcode.Tick) // what it does at each STATE
	watches bool                                   // it has a watcher of its match besides

	measured *aheadPlayer
}

// An aheadPlayer is a player, or a watcher, without a client.
type aheadPlayer struct {
	seat   *seat
	socket net.Conn
	send   func(p *aheadPlayer, now netcode.Tick)
	shown  []game.Input                // by the newest STATE, from its tick on
	sent   map[netcode.Tick]game.Input // its own keys as it sent them first
	bound  map[netcode.Tick]bool       // ticks for which it was shown a key

	states, seen, answerable, changed int
}

// aheadPlayer joins a client.
func (s *serving) aheadPlayer(t *testing.T, from netip.Addr, join wire.Message,
	send func(*aheadPlayer, netcode.Tick)) *aheadPlayer {
	t.Helper()
	g, err := joinServer(from, s.control, join)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	p := &aheadPlayer{
		seat: g, socket: s.dialGame(t, from), send: send,
		sent: make(map[netcode.Tick]game.Input), bound: make(map[netcode.Tick]bool),
	}
	t.Cleanup(func() { p.socket.Close() })
	_, _ = p.socket.Write(g.register())
	return p
}

// keys sends that a key is held from one tick to another.
func (p *aheadPlayer) keys(first, last netcode.Tick, in game.Input) {
	for at := first; at <= last; at++ {
		if _, ok := p.sent[at]; !ok {
			p.sent[at] = in
		}
	}
	run := []netcode.Run[game.Input]{{Input: in, N: int(last - first + 1)}}
	_, _ = p.socket.Write(p.seat.seal(wire.AppendInput(nil, p.seat.stamp(), wire.Input{Newest: last, Runs: run})))
}

// play answers STATEs for a time.
func (p *aheadPlayer) play(lasts time.Duration) {
	end, pinged := time.Now().Add(lasts), time.Time{}
	var datagram [2048]byte
	for time.Now().Before(end) {
		if time.Since(pinged) > time.Second/2 {
			pinged = time.Now()
			_, _ = p.socket.Write(p.seat.ping())
		}
		_ = p.socket.SetReadDeadline(time.Now().Add(time.Second / 4))
		n, err := p.socket.Read(datagram[:])
		if err != nil {
			continue
		}
		var st wire.State
		plain, _, err := p.seat.keys.Open(nil, datagram[:n])
		if err == nil && wire.Type(plain[0]) == wire.TypeState && wire.ParseState(plain, &st) == nil &&
			st.Game.Phase != game.Waiting {
			p.take(&st)
		}
	}
}

// take counts what a STATE shows, and sends.
func (p *aheadPlayer) take(st *wire.State) {
	now, me := netcode.Tick(st.Game.Tick), p.seat.welcome.Player
	p.states++
	p.shown = append(p.shown[:0], st.Ahead.Inputs[:st.Ahead.N]...)
	p.seen += len(p.shown)
	for i := range p.shown {
		at := now + netcode.Tick(i)
		p.bound[at] = true
		if _, ok := p.sent[at]; !ok {
			p.answerable++
		}
	}
	for ago, in := range st.Applied {
		at := now - 1 - netcode.Tick(ago)
		if p.bound[at] && !p.seat.welcome.Watcher && in[me] != p.sent[at] && in[me] != game.Away {
			p.changed++
		}
		delete(p.bound, at)
	}
	if p.send != nil {
		p.send(p, now)
	}
}
