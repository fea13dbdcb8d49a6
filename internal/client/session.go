// Package client is the player's side of a match without a network: a Session takes datagrams, control lines and the
// key that is held, predicts, reconciles, and returns the Frame to draw. It has no socket, clock or goroutine; package
// dial gives it a connection, and the laboratory a simulated one.
package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// The times of a session.
const (
	period        = time.Second / game.TickRate
	registerEvery = 100 * time.Millisecond
	pingEvery     = 100 * time.Millisecond
	longestTail   = 12 * period             // lateness beyond it is that of an outage or a stall: nothing can be buffered for it
	lostAfter     = 1500 * time.Millisecond // without a STATE, the player is told
	goneAfter     = 60 * time.Second        // the server has freed the seat by then: it is not looked for any more
	stoodStill    = time.Second             // between two Updates: the process was stopped, or the machine slept
	wakesWithin   = 500 * time.Millisecond  // then the network has had time to say that it is there
	watchEvery    = 250 * time.Millisecond  // one who looks on has nothing to send but that it is there
)

// SessionConfig is what a session is made of: the WELCOME, and the keys that belong to it.
type SessionConfig struct {
	Welcome wire.WelcomeFields
	Sealed  Keys
	Send    func(datagram []byte) // lends the datagram

	Patience time.Duration // how long a silent server is looked for. If zero, a minute.

	Settings Settings // how to draw, and techniques to do without. If zero, the filter and none.
}

// Keys seal and open the datagrams of a session: a *sealed.Session, or in the laboratory one that forgets.
type Keys interface {
	Seal(dst, plaintext []byte) ([]byte, error)
	Open(dst, datagram []byte) (plaintext []byte, number uint32, err error)
}

// A Session is the client's side of a match, as a value that is stepped with the time and with bytes: it has no
// socket, no clock and no goroutine. Receive takes datagrams, Control control lines, Update the key that is held, and
// Frame says what to draw; Update sends through Send.
type Session struct {
	cfg  SessionConfig
	me   int
	born time.Time

	echo       netcode.Echo
	trips      netcode.Window   // round trips in milliseconds, for their quantiles
	loss       netcode.Loss     // on the way down, as is
	lateness   netcode.Lateness // this
	predictor  *netcode.Predictor[game.State, game.Input]
	log        netcode.InputLog[game.Input]
	pacer      netcode.Pacer
	timeline   netcode.Timeline
	skipped    bool // the clock was set: the ticks before the present are not lived through
	running    bool // the game runs and is predicted; else the confirmed state stands still
	newest     game.State
	explained  netcode.Tick // from here to the newest tick every state is the server's word or rebuilt from its inputs
	lossUp     float64
	lead       float64
	margin     float64
	lastSent   time.Time
	lastUpdate time.Time
	woke       time.Time // when Update was called again after the process had stood still

	table    table
	drawn    drawn
	stats    sessionStats
	figures  figures
	scratch  scratch
	rotation *Rotation
}

// scratch is what every datagram uses in turn.
type scratch struct {
	plain, out [sealed.MaxDatagram]byte
	runs       [wire.MaxRuns]netcode.Run[game.Input]
	state      wire.State
}

type sessionStats struct {
	sent, received, bytesUp, bytesDown int
	refused                            int // datagrams that were not authentic or not of the protocol
	stale                              int // STATEs older than the newest
	corrections                        int // of the own paddle
	recent                             [256]time.Time
	missed                             int
	resyncs                            int
}

// NewSession returns a session that will register at its first Update.
func NewSession(now time.Time, cfg SessionConfig) *Session {
	s := &Session{
		cfg: cfg, me: cfg.Welcome.Player, born: now,
		pacer:    netcode.Pacer{Period: period},
		timeline: netcode.Timeline{Period: period},
	}
	if s.cfg.Patience == 0 {
		s.cfg.Patience = goneAfter
	}
	rules := cfg.Welcome.Rules
	s.predictor = netcode.NewPredictor(netcode.Game[game.State, game.Input]{
		Players: 2,
		Step: func(state game.State, in []game.Input) game.State {
			return game.Step(rules, state, game.Inputs{in[0], in[1]})
		},
		Guess: guess,
	})
	s.table = newTable(cfg.Welcome)
	s.drawn.events.scorer = -1
	return s
}

// guess continues what a player did last: a pause until its end is told, a key for a moment.
func guess(_ int, last game.Input, age int) game.Input {
	if last == game.Away || age <= netcode.HoldGuess {
		return last
	}
	return game.None
}

// Receive takes a datagram that arrived at now. What is not authentic, not of the protocol, or older than what is
// known changes nothing but a counter.
func (s *Session) Receive(now time.Time, datagram []byte) {
	plain, number, err := s.cfg.Sealed.Open(s.scratch.plain[:0], datagram)
	if err != nil {
		s.stats.refused++
		return
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Downward() {
		s.stats.refused++
		return
	}
	if kind == wire.TypeState {
		if err := wire.ParseState(plain, &s.scratch.state); err != nil {
			s.stats.refused++
			return
		}
	}
	s.stats.received++
	s.stats.bytesDown += len(datagram)
	s.measure(s.echo.Receive(now, number, wire.ParseStamp(plain)), number)
	switch kind {
	case wire.TypeState:
		s.receiveState(now, &s.scratch.state)
	case wire.TypeChallenge:
		s.seal(wire.AppendResponse(s.scratch.plain[:0], s.echo.Stamp(now), wire.ParseChallenge(plain)))
	}
}

// measure books what the stamp and the packet number of a datagram say about the way down.
func (s *Session) measure(a netcode.Arrival, number uint32) {
	if a.HasRTT {
		s.trips.Add(milliseconds(a.RTT))
	}
	s.lateness.Add(a.At, a.Transit)
	s.loss.Add(number)
}

// receiveState takes a STATE that is newer than all before.
func (s *Session) receiveState(now time.Time, st *wire.State) {
	if s.predictor.Started() && st.Game.Tick <= s.newest.Tick {
		s.stats.stale++
		return
	}
	before := s.newest
	s.newest = st.Game
	tick := netcode.Tick(st.Game.Tick)
	s.timeline.Observe(now, tick)
	s.lossUp = st.Margin.Loss
	if st.Margin.Valid {
		s.margin = st.Margin.Min
	}
	if s.table.watching {
		s.follow(tick, st, before)
		return
	}
	if st.Game.Phase == game.Waiting || !s.running {
		s.restart(now, tick, st)
		return
	}
	if st.Game.Tick-before.Tick > wire.HistoryLen {
		s.explained = tick // too many STATEs were lost in a row to know what was played in between
	}
	s.lead = float64(s.predictor.Head()) - float64(tick)
	s.stats.missed += st.Margin.Missed
	for i, in := range st.Applied {
		if t := tick - 1 - netcode.Tick(i); t < tick { // no tick is before 0
			s.predictor.SetInput(0, t, in[0])
			s.predictor.SetInput(1, t, in[1])
		}
	}
	was := s.raw()
	s.correct(now, s.confirm(tick, st.Game), was)
	s.log.Ack(st.Acked[s.me])
	s.report(now, netcode.InputReport{
		Min: st.Margin.Min, Valid: st.Margin.Valid, Late: st.Margin.Missed > 0,
		Tail: time.Duration(st.Margin.TailMS) * time.Millisecond,
	})
}

// restart takes a state as it is: before and during a pause there is nothing to predict, and when the game begins or
// goes on, prediction starts from there.
func (s *Session) restart(now time.Time, tick netcode.Tick, st *wire.State) {
	s.predictor.Start(tick, st.Game)
	s.explained = tick
	s.drawn.snap()
	s.running = st.Game.Phase != game.Waiting
	if s.running {
		s.start(now, tick)
	}
}

// start sets the clock of the present going, or right after a gap. What a stall of this process did to the figures is
// not the network's doing: the newest round trip is the one that has waited least for it.
func (s *Session) start(now time.Time, tick netcode.Tick) {
	rtt := s.rtt()
	if s.echo.Samples() > 0 {
		rtt = min(rtt, s.echo.Newest())
	}
	s.pacer.Start(now, tick, rtt, s.lateness.P95())
	s.skipped = true
}

// correct books what a STATE has changed in the predicted present, so that the drawing can hide it and the figures
// show it.
func (s *Session) correct(now time.Time, c netcode.Correction[game.State], was picture) {
	if c.Resync {
		s.stats.resyncs++
		s.explained = netcode.Tick(c.After.Tick)
		s.start(now, netcode.Tick(c.After.Tick))
		s.drawn.snap()
		return
	}
	if c.Before.Paddle[s.me] != c.After.Paddle[s.me] {
		s.stats.recent[s.stats.corrections%len(s.stats.recent)] = now
		s.stats.corrections++
	}
	is := s.raw()
	if was.rally != is.rally || c.Before.Round != c.After.Round {
		s.drawn.snap()
		return
	}
	s.drawn.keep(was, is)
}

// Update moves the session to now with the key that is held, and sends what is due. It is called once a frame and
// never blocks.
func (s *Session) Update(now time.Time, in game.Input) {
	dt := now.Sub(s.lastUpdate)
	if s.lastUpdate = now; dt > stoodStill {
		s.woke = now
	}
	switch {
	case s.table.closed || s.givenUp(now): // nobody takes what is sent any more
	case !s.predictor.Started():
		if now.Sub(s.lastSent) >= registerEvery {
			s.lastSent = now
			s.seal(wire.AppendRegister(s.scratch.plain[:0], s.echo.Stamp(now),
				wire.Register{PlayerID: s.playerID(), Token: s.cfg.Welcome.Token}))
		}
	case s.table.watching:
		s.ping(now, watchEvery)
	case !s.running:
		s.ping(now, pingEvery)
	default:
		s.advance(now, in)
	}
	s.advanceDrawing(now, dt, in)
}

// advance plays the ticks that are due and sends their inputs with all that are not acknowledged yet. A stall is not
// lived through afterwards: its ticks are played without a key.
func (s *Session) advance(now time.Time, in game.Input) {
	present, stalled := s.pacer.Advance(now)
	if in > game.Down || stalled || s.skipped {
		in = game.None
	}
	head := s.predictor.Head()
	if present <= head {
		return
	}
	s.skipped = false
	if present-netcode.Tick(s.newest.Tick) >= netcode.History {
		// Nothing heard for so long that nothing can be predicted; the next STATE resynchronises. But the server may
		// be sending to an address that is the player's no more, and can learn a new one only from what comes from it.
		s.ping(now, pingEvery)
		return
	}
	for ; head < present; head++ {
		s.predictor.SetInput(s.me, head, in)
		s.predictor.Advance()
		s.log.Put(head, in)
	}
	s.lastSent = now
	if s.cfg.Settings.NoRedundancy {
		s.log.Ack(s.log.Newest() - 1)
	}
	runs := s.log.AppendRuns(s.scratch.runs[:0], wire.LongestRun)
	s.seal(wire.AppendInput(s.scratch.plain[:0], s.echo.Stamp(now), wire.Input{Newest: s.log.Newest(), Runs: runs}))
}

// playerID is what REGISTER says.
func (s *Session) playerID() uint8 {
	if s.table.watching {
		return 0
	}
	return uint8(s.me + 1)
}

// ping keeps the path open and measured while there are no inputs to send.
func (s *Session) ping(now time.Time, every time.Duration) {
	if now.Sub(s.lastSent) >= every {
		s.lastSent = now
		s.seal(wire.AppendPing(s.scratch.plain[:0], s.echo.Stamp(now)))
	}
}

func (s *Session) seal(plain []byte) {
	datagram, err := s.cfg.Sealed.Seal(s.scratch.out[:0], plain)
	if err != nil {
		s.table.close(ending{reason: ReasonKeysUsedUp})
		return
	}
	s.stats.sent++
	s.stats.bytesUp += len(datagram)
	s.cfg.Send(datagram)
}

// SetView switches the way of drawing.
func (s *Session) SetView(m View) {
	to := s.cfg.Settings
	to.View = m
	s.SetSettings(to)
}

// SetSettings switches techniques off and on, and the way of drawing.
func (s *Session) SetSettings(to Settings) {
	if to != s.cfg.Settings {
		s.cfg.Settings = to
		s.drawn.snap()
	}
}

// Settings returns which techniques are on and off, and the way of drawing.
func (s *Session) Settings() Settings { return s.cfg.Settings }

// rtt is the usual round trip, for the timing loop; before any is measured, a guess.
func (s *Session) rtt() time.Duration {
	if s.echo.Samples() == 0 {
		return 50 * time.Millisecond
	}
	return s.echo.RTT()
}
