package shard

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A match is a table with two seats and the game on it. Ticks run from the moment the table is set up, so that
// sessions have a clock to follow while they wait; until the match has begun, and while a seat is not played, the
// game itself stands still because the inputs say Away. What every tick needs stands first and together, as in a session.
type match struct {
	start    time.Time // of tick 0
	active   time.Time // when anybody at the table last did anything
	serial   uint32
	begun    bool
	ended    bool // its players have had the last word of a server that ends
	reset    bool // the next tick starts a new game
	sendNow  bool // send a STATE at the next tick
	reason   wire.Reason
	repeats  uint8                        // further STATEs to send with that reason
	applied  [wire.HistoryLen]game.Inputs // newest first
	state    game.State
	seats    [2]seat
	watchers []*seat // of those who look on

	name string
	room string // the code of those who meet here; empty for a table at which the next free player is seated
}

// A seat is a place at a table: one of the two at which the game is played, or one on the bench.
type seat struct {
	match   *match
	player  int      // 0 or 1, or onBench
	session *session // nil: the seat is free
	next    *session // the session of a player who is coming back and has not registered yet
	status  string   // of wire

	name    string
	rematch bool
	silent  time.Time     // since when, if that is the status
	paused  time.Duration // what of the budget for pauses has been used up in this game
}

func (s *Shard) newMatch(now time.Time) *match {
	s.serial++
	m := &match{serial: s.serial, name: fmt.Sprint(s.cfg.Prefix, s.serial), state: game.New(s.cfg.Rules, s.seed()), active: now}
	m.seats = [2]seat{{match: m}, {match: m, player: 1}}
	m.start = s.calendar.start(s.serial, now)
	m.applied = [wire.HistoryLen]game.Inputs{}
	for i := range m.applied {
		m.applied[i] = bothAway
	}
	s.matches = append(s.matches, m)
	s.open.update(m)
	s.calendar.add(m, now)
	return m
}

// seed returns the seed of a new match.
func (s *Shard) seed() uint64 {
	if s.cfg.Seed != 0 {
		return s.cfg.Seed + uint64(s.serial)
	}
	var seed [8]byte
	if _, err := io.ReadFull(s.cfg.Random, seed[:]); err != nil {
		panic("server: no randomness: " + err.Error())
	}
	return binary.BigEndian.Uint64(seed[:])
}

// bothAway are the inputs of a tick before a game: both seats Away, which makes a new game and leaves it waiting.
var bothAway = game.Inputs{game.Away, game.Away}

// prefetch reads what the next tick will need of a match and its players: see ReceiveAll.
func (m *match) prefetch(every uint32) uint32 {
	sum := m.state.Tick + uint32(m.start.Nanosecond()) + uint32(m.applied[0][0])
	sends := m.stateDue(m.state.Tick+1, every)
	for i := range m.seats {
		switch p := m.seats[i].session; {
		case p == nil:
		case sends && p.registered:
			sum += p.prefetch()
		default:
			sum += uint32(p.missed) + uint32(p.inputs.Newest())
		}
	}
	return sum
}

// stateDue reports whether a STATE of tick t is due even if nothing happens.
func (m *match) stateDue(t, every uint32) bool { return (t+m.serial)%every == 0 }

func (m *match) tick() netcode.Tick { return netcode.Tick(m.state.Tick) }

// due returns when the next tick is to be played.
func (m *match) due() time.Time { return m.playedAt(m.tick()) }

// playedAt returns when the inputs of tick t are used.
func (m *match) playedAt(t netcode.Tick) time.Time {
	return m.start.Add(since(t))
}

// since returns how long after the start of a match the inputs of tick t are used.
func since(t netcode.Tick) time.Duration { return time.Duration(t+1) * time.Second / game.TickRate }

// free returns a free seat of a table at which nobody has to be waited for.
func (m *match) free() *seat {
	for i := range m.seats {
		if m.seats[i].session == nil {
			return &m.seats[i]
		}
	}
	return nil
}

// waitingSeat returns the seat of a player who waits, online, for anybody to play with.
func (m *match) waitingSeat() *seat {
	if m.room != "" {
		return nil
	}
	for i := range m.seats {
		place, other := &m.seats[i], &m.seats[1-i]
		if place.status == wire.StatusOnline && place.next == nil && other.session == nil && !m.begun {
			return place
		}
	}
	return nil
}

// ready reports whether both players are online.
func (m *match) ready() bool {
	return m.seats[0].status == wire.StatusOnline && m.seats[1].status == wire.StatusOnline
}

// registered returns how many players a STATE would be sent to.
func (m *match) registered() (n int) {
	for i := range m.seats {
		if p := m.seats[i].session; p != nil && p.registered {
			n++
		}
	}
	return n
}

// other is the seat across the table.
func (p *seat) other() *seat { return &p.match.seats[1-p.player] }

// timeLeft is how much longer the seat of a player who is silent is kept: as long as any, and the budget lasts.
func (p *seat) timeLeft(now time.Time) time.Duration {
	return min(FreedAfter-now.Sub(p.session.lastReceived), PauseBudget-p.paused-now.Sub(p.silent))
}

// presence tells of a seat at now.
func (p *seat) presence(now time.Time) wire.Message {
	m := wire.Message{Type: wire.Presence, PlayerID: p.player + 1, Name: p.name, Status: p.status}
	if p.status == wire.StatusSilent {
		m.Seconds = int((p.timeLeft(now) + time.Second - 1) / time.Second)
	}
	return m
}

// step plays one tick.
func (s *Shard) step(m *match, now time.Time) {
	in := m.inputs()
	if pressed(in[0]) || pressed(in[1]) {
		m.active = now
	}
	before := m.state
	m.state = game.Step(s.cfg.Rules, before, in)
	copy(m.applied[1:], m.applied[:])
	m.applied[0] = in
	events := game.Events(before, m.state)
	switch {
	case events.Has(game.Serve) || m.state.Phase != before.Phase && before.Phase == game.Waiting:
		m.setReason(wire.ReasonReset)
	case events.Has(game.Point):
		m.setReason(wire.ReasonScore)
		s.report(m, nil, Scored, "")
	case events.Has(game.Hit):
		m.setReason(wire.ReasonHit)
	case m.state.Phase != before.Phase:
		m.sendNow = true
	}
	if events.Has(game.GameOver) {
		s.endGame(m, int(m.state.Winner), "")
	}
}

func pressed(in game.Input) bool { return in == game.Up || in == game.Down }

// setReason makes the next STATEs carry a reason: a hit once, a score and a serve on two more ticks, so that both
// being lost is rare; and even then the next STATE says it all.
func (m *match) setReason(r wire.Reason) {
	m.reason, m.sendNow, m.repeats = r, true, 2
	if r == wire.ReasonHit {
		m.repeats = 0
	}
}

// inputs collects the inputs of the tick. A seat that is not played is Away, which pauses the game; both Away means
// a new game and is said only on purpose, so of two silent players one is reported idle.
func (m *match) inputs() game.Inputs {
	in := game.Inputs{}
	for i := range m.seats {
		if p := m.seats[i].session; p != nil {
			in[i], _ = p.inputs.Take()
		}
	}
	if !m.begun || m.reset {
		m.reset = false
		return bothAway
	}
	switch {
	case m.seats[0].status == wire.StatusSilent:
		in = game.Inputs{game.Away, game.None}
	case m.seats[1].status == wire.StatusSilent:
		in = game.Inputs{game.None, game.Away}
	}
	return in
}

// begin starts a match: the clients are told over TLS, and from the next tick on the seats count as played.
func (s *Shard) begin(m *match) {
	m.begun = true
	for i := range m.seats {
		m.seats[i].rematch, m.seats[i].paused = false, 0
	}
	s.sendLineToAll(m, wire.Message{Type: wire.Start})
	s.report(m, nil, Started, "")
}

// startNextGame begins the next game at the same table.
func (s *Shard) startNextGame(m *match) {
	m.reset = true
	s.begin(m)
}

// endGame tells everybody the result.
func (s *Shard) endGame(m *match, winner int, message string) {
	s.sendLineToAll(m, wire.Message{
		Type: wire.End, Winner: winner, Message: message,
		Score1: int(m.state.Score[0]), Score2: int(m.state.Score[1]),
	})
	s.reportOver(m, winner)
}

// vacate frees a seat for good. A game that was under way is the other player's; the table waits for somebody new.
func (s *Shard) vacate(place *seat, why string) {
	m, p := place.match, place.session
	if place.next != nil {
		s.closeSession(place.next, why)
	}
	if place.watches() {
		s.removeWatcher(place, why)
		return
	}
	place.status = wire.StatusLeft
	s.sendLineToOthers(place, place.presence(time.Time{}))
	s.report(m, place, Vacated, why)
	s.closeSession(p, why)
	underway := m.begun && m.state.Phase != game.Over
	*place = seat{match: m, player: place.player}
	s.open.update(m)
	if underway && place.other().session != nil {
		s.endGame(m, 2-place.player, "The other player "+why+".")
	}
	m.begun, m.sendNow = false, true
	place.other().rematch = false
	s.merge()
}

// merge brings together two players who wait alone at different tables: who was there first stays. The newer table is
// then empty and goes. Ticks of the older table are greater, so to the client that moves time only jumps ahead.
func (s *Shard) merge() {
	var waiting *seat
	for _, m := range s.open {
		switch place := m.waitingSeat(); {
		case place == nil:
		case waiting == nil:
			waiting = place
		default:
			s.move(place, waiting.other())
			return
		}
	}
}

// move seats a player elsewhere.
func (s *Shard) move(from, to *seat) {
	p := from.session
	to.session, to.name, to.status = p, from.name, from.status
	*from = seat{match: from.match, player: from.player}
	s.open.update(to.match)
	p.seat = to
	s.resumes[p.resume] = to
	p.inputs.Reset(to.match.tick())
	s.cfg.SendLine(p.id, wire.Message{Type: wire.Seat, PlayerID: to.player + 1, Match: to.match.name})
	s.Presence(p.lastReceived, p.id)
	s.report(to.match, to, Joined, "")
	s.maybeBegin(to)
}

// maybeBegin begins the match, or tells the operator of it, once both players are online.
func (s *Shard) maybeBegin(place *seat) {
	m := place.match
	m.sendNow = true
	if m.ready() && !m.begun {
		s.report(m, place, Ready, "")
		if s.cfg.Auto {
			s.begin(m)
		}
	}
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
