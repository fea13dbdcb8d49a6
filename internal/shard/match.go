package shard

import (
	"encoding/binary"
	"io"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A match is two seats and the game on them. Its ticks run from the moment it is created, so that sessions have a clock
// to follow while they wait. Until the match has begun, and while a player is silent, the game itself stands still,
// because the inputs say Away. As in a session, the fields that every tick needs stand first and together.
type match struct {
	start   time.Time // of tick 0
	serial  uint32
	active  netcode.Tick // when a player last did anything
	result  netcode.Tick // until when the players see the result of the last game; 0 if there is none
	stood   uint8        // how many more ticks have a seat Away because the server stood still: see goOn
	begun   bool
	ended   bool // the shard drains, and the players have been told
	reset   bool // the next tick starts a new game
	sendNow bool // send a STATE at the next tick
	open    bool // an INPUT can bring news: see news.go
	unsaved bool // save at the next tick
	saved   bool // Config.Save has been given the match
	reason  wire.Reason
	repeats uint8                        // how many more STATEs to send with that reason
	lineup  uint8                        // as in wire.Standing; another one is written by tables alone
	game    uint8                        // as in wire.Standing; 0 with another lineup
	applied [wire.HistoryLen]game.Inputs // newest first
	state   game.State
	seats   [2]seat

	copy      Copier         // nil if the match is not copied
	decisive  netcode.Tick   // no STATE leaves before the copy of this tick has arrived
	awaited   time.Time      // until when a match that was taken over waits for its players; zero if it does not
	catchesUp bool           // plays all ticks that are due, however many
	withheld  []wire.Message // control lines that wait for the same copy

	watchers  []*seat
	name      string
	room      string // its code; empty for a match that is open to everyone
	alone     alone
	recording recording
	meeting   meeting // of the players of a room

	registeredAt netcode.Tick // when a player registered last
}

// bothAway are the inputs of a tick before a game. They make a new game and leave it waiting.
var bothAway = game.Inputs{game.Away, game.Away}

// prefetch reads what the next tick needs of a match and its players: see session.prefetch.
func (m *match) prefetch(every uint32) uint32 {
	sum := m.state.Tick + uint32(m.start.Nanosecond()) + uint32(m.applied[0][0])
	for i := range m.seats {
		switch p := m.seats[i].session; {
		case p == nil:
		case p.registered && uint32(m.tick()+1-m.seats[i].news.sent) >= every:
			sum += p.prefetch()
		default:
			sum += uint32(p.missed) + uint32(p.inputs.Newest())
		}
	}
	return sum
}

// ago returns how much of the match has been played since tick t. The timeouts of seats count this time, so that no
// seat is lost because the server stood still.
func (m *match) ago(t netcode.Tick) time.Duration { return time.Duration(m.tick()-t) * Period }

func (m *match) tick() netcode.Tick { return netcode.Tick(m.state.Tick) }

// since returns how long after the start of a match the inputs of tick t are used.
func since(t netcode.Tick) time.Duration { return time.Duration(t+1) * time.Second / game.TickRate }

// free returns a free seat, nil if there is none. A seat that is kept for a silent player is not free.
func (m *match) free() *seat {
	for i := range m.seats {
		if m.seats[i].session == nil {
			return &m.seats[i]
		}
	}
	return nil
}

// showsResult reports whether the player who has stayed at a match reads the result of its last game. Nobody is seated
// beside that player meanwhile, because the next game would hide it.
func (m *match) showsResult() bool { return !m.begun && m.tick() < m.result }

// waitingSeat returns the seat of a player who is online and waits for anyone to play with.
func (m *match) waitingSeat() *seat {
	if m.room != "" || m.showsResult() {
		return nil
	}
	for i := range m.seats {
		seat, other := &m.seats[i], &m.seats[1-i]
		if seat.status == seatOnline && seat.next == nil && other.session == nil && !m.begun {
			return seat
		}
	}
	return nil
}

// ready reports whether both players are online.
func (m *match) ready() bool {
	return m.seats[0].status == seatOnline && m.seats[1].status == seatOnline
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

// step plays one tick. It returns the serve that was drawn at it, 0 if none was.
func (s *Shard) step(m *match) (serve uint32) {
	in := m.inputs()
	if pressed(in[0]) || pressed(in[1]) {
		m.active = m.tick()
	}
	before := m.state
	if before.DrawsServe() {
		serve = s.drawServe(m)
	}
	m.state = game.Step(s.cfg.Rules, before, in, serve)
	copy(m.applied[1:], m.applied[:])
	m.applied[0] = in
	events := game.Events(before, m.state)
	switch {
	case events.Has(game.Serve) || m.state.Phase != before.Phase && before.Phase == game.Waiting:
		m.setReason(wire.ReasonReset)
	case events.Has(game.Point):
		m.setReason(wire.ReasonScore)
		m.unsaved, m.decisive = true, m.tick()
		s.report(m, nil, Scored, NoReason)
	case m.state.Phase != before.Phase:
		m.sendNow = true
	}
	if events.Has(game.GameOver) {
		m.result = m.tick() + netcode.Tick(ResultFor/Period)
		s.endGame(m, m.end(int(m.state.Winner), ""))
	}
	return serve
}

// drawServe draws the serve of a match, from a secret unless the configuration has a seed. It is 0 if there is no
// randomness now: the ball then rests until there is.
func (s *Shard) drawServe(m *match) uint32 {
	if s.cfg.Seed != 0 {
		return m.state.SeededServe(s.cfg.Seed + uint64(m.serial))
	}
	if _, err := io.ReadFull(s.cfg.Random, s.scratch.serve[:]); err != nil {
		return 0
	}
	return max(binary.BigEndian.Uint32(s.scratch.serve[:]), 1) // 0 is no serve
}

func pressed(in game.Input) bool { return in == game.Up || in == game.Down }

// setReason has STATEs with a reason sent at once and at two more ticks, so that losing all of them is rare; and even
// then the next STATE makes up for it.
func (m *match) setReason(r wire.Reason) {
	m.reason, m.sendNow, m.repeats = r, true, 2
}

// inputs collects the inputs of the tick. The input of a silent player is Away, which pauses the game. Both Away would
// start a new game, so of two silent players the second counts as idle.
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
	switch left, right := m.seats[0].pauses(), m.seats[1].pauses(); {
	case left:
		in = game.Inputs{game.Away, game.None}
	case right:
		in = game.Inputs{game.None, game.Away}
	case m.stood > 0:
		m.stood--
		in = game.Inputs{}
		in[m.stood] = game.Away
	}
	return in
}

// maybeBegin begins the match as soon as both players are online, or reports that it is ready for the operator.
func (s *Shard) maybeBegin(seat *seat) {
	m := seat.match
	m.sendNow = true
	if m.ready() && !m.begun {
		s.report(m, seat, Ready, NoReason)
		m.meeting.since, m.meeting.wanted = m.tick(), m.meeting.wanted || s.cfg.Auto
		s.beginIfDue(m)
	}
}

// begin starts a match: START goes to the clients, and from the next tick on the players' inputs count.
func (s *Shard) begin(m *match) {
	m.begun, m.open, m.result, m.unsaved = true, true, 0, true
	m.game = m.game%wire.MaxGame + 1
	m.sendNow = true
	for i := range m.seats {
		m.seats[i].forgetGame()
	}
	s.sendLineToAll(m, wire.Message{Type: wire.Start})
	s.report(m, nil, Started, NoReason)
}

// startNextGame begins another game between the same players.
func (s *Shard) startNextGame(m *match) {
	m.reset = true
	s.begin(m)
}

// endGame sends a result to everyone at the match, once a point that decides it can be shown.
func (s *Shard) endGame(m *match, end wire.Message) {
	if m.withholds() {
		m.withheld = append(m.withheld, end)
	} else {
		s.sendLineToAll(m, end)
	}
	s.reportOver(m, end.Winner)
}

// end returns the line with the result of the game that is being played or has just ended.
func (m *match) end(winner int, message string) wire.Message {
	return wire.Message{
		Type: wire.End, Lineup: int(m.lineup), Game: int(m.game), Winner: winner, Message: message,
		Score1: int(m.state.Score[0]), Score2: int(m.state.Score[1]),
	}
}
