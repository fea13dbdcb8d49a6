package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A simulation is the game on this side: states that the server has confirmed, and the present, which is predicted.
type simulation struct {
	rules     game.Rules
	predictor *netcode.Predictor[game.State, given]
	newest    game.State                   // of the newest STATE
	known     netcode.Tick                 // the opponent's inputs before it are known
	explained netcode.Tick                 // from here to the newest confirmed tick every state is the server's
	log       netcode.InputLog[game.Input] // inputs that are not acknowledged
	pacer     netcode.Pacer
	skipped   bool       // the clock was set: the ticks before the present are played without a key
	key       game.Input // that was held at the last frame
	running   bool       // the game runs and is predicted; else the newest state stands still
}

func newSimulation(rules game.Rules) simulation {
	return simulation{
		rules: rules,
		pacer: netcode.Pacer{Period: period},
		predictor: netcode.NewPredictor(netcode.Game[game.State, given]{
			Players: server + 1,
			Step: func(state game.State, in []given) game.State {
				return game.Step(rules, state, game.Inputs{game.Input(in[0]), game.Input(in[1])}, uint32(in[server]))
			},
			Guess: guess,
		}),
	}
}

// given is what one side gives to a tick: a player an input, and the server the serve that it draws.
type given uint32

// server is the side of the server, beside the two players.
const server = 2

// guess continues the last known input of a player: a pause for as long as it lasts, a key for a moment. No serve is
// guessed: the ball rests until a STATE has it.
func guess(side int, last given, age int) given {
	if side != server && (last == given(game.Away) || age <= netcode.HoldGuess) {
		return last
	}
	return 0
}

// An advanced is the result of simulation.advance.
type advanced uint8

const (
	notDue      advanced = iota // no tick
	played                      // ticks were played, and their inputs are to be sent
	tooFarAhead                 // no STATE has arrived for so long that nothing can be predicted
)

// advance plays the ticks that are due at now with a player's key. Ticks that a stall of this process has delayed are
// played without a key. A key that is newly pressed may advance the clock a little, so that it counts in its frame.
func (s *simulation) advance(now time.Time, player int, in game.Input, settings Settings) advanced {
	present, stalled := s.pacer.Advance(now)
	pressed := in != s.key && in != game.None
	s.key = in
	if pressed && present <= s.predictor.Head() && !settings.NoHasten {
		present = s.pacer.Hasten(now)
	}
	if in > game.Down || stalled || s.skipped {
		in = game.None
	}
	head := s.predictor.Head()
	if present <= head {
		return notDue
	}
	s.skipped = false
	if present-netcode.Tick(s.newest.Tick) >= netcode.History {
		return tooFarAhead
	}
	for ; head < present; head++ {
		s.predictor.SetInput(player, head, given(in))
		s.predictor.Advance()
		s.log.Put(head, in)
	}
	return played
}

// restart begins anew from a STATE.
func (s *simulation) restart(tick netcode.Tick, state game.State) {
	s.predictor.Start(tick, state)
	s.explained, s.known = tick, tick
}

// startClock sets the clock of the present going, or right after a gap.
func (s *simulation) startClock(now time.Time, tick netcode.Tick, rtt, late time.Duration) {
	s.pacer.Start(now, tick, rtt, late)
	s.skipped = true
}

// presentTime is the time at which the own paddle is drawn, in ticks: the newest tick is reached when its time is up.
func (s *simulation) presentTime() float64 {
	head := float64(s.predictor.Head())
	if !s.running {
		return head
	}
	return min(max(s.pacer.Present()-1, head-1), head)
}

// takeApplied takes the inputs that the server has applied before the tick of a STATE. If more STATEs were lost in a
// row than one covers, the states before the tick stay unexplained.
func (s *simulation) takeApplied(tick, before netcode.Tick, st *wire.State) {
	if tick-before > wire.HistoryLen {
		s.explained = tick
	}
	for i := range st.Applied {
		if t := tick - 1 - netcode.Tick(i); t < tick { // no tick is before 0
			s.takeTick(t, st, i)
		}
	}
}

// unforeseen returns the first tick for which a STATE has another input of the opponent than the one that was guessed.
func (s *simulation) unforeseen(tick netcode.Tick, st *wire.State, ahead int, opponent int) (t netcode.Tick, ok bool) {
	for t = s.known; t < min(tick+netcode.Tick(ahead), s.predictor.Head()); t++ {
		in := given(0)
		switch {
		case t >= tick:
			in = given(st.Ahead.Inputs[t-tick])
		case tick-1-t < wire.HistoryLen:
			in = given(st.Applied[tick-1-t][opponent])
		default:
			continue
		}
		if guess, known := s.predictor.Input(opponent, t); !known && guess != in {
			return t, true
		}
	}
	return 0, false
}

// takeAhead takes the opponent's inputs that the server has for the ticks from that of a STATE on. Those of ticks
// beyond the present wait there until they are played.
func (s *simulation) takeAhead(tick netcode.Tick, me int, ahead *wire.Ahead) {
	for i, in := range ahead.Inputs[:ahead.N] {
		s.predictor.SetInput(1-me, tick+netcode.Tick(i), given(in))
	}
	s.known = max(s.known, tick+netcode.Tick(ahead.N))
}

// takeTick takes what the server has played tick t with, so many ticks before the newest of a STATE. The serve that the
// STATE has is given to all its ticks: Step takes it at the one at which it was drawn. A serve is drawn 60 ticks before
// the ball flies, more than a STATE covers, so it is still there.
func (s *simulation) takeTick(t netcode.Tick, st *wire.State, ago int) {
	s.predictor.SetInput(0, t, given(st.Applied[ago][0]))
	s.predictor.SetInput(1, t, given(st.Applied[ago][1]))
	if st.Game.Serve != 0 {
		s.predictor.SetInput(server, t, given(st.Game.Serve))
	}
}

// confirm takes the server's state of a tick and replays the ticks after it.
func (s *simulation) confirm(tick netcode.Tick, state game.State, settings Settings) netcode.Correction[game.State] {
	if settings.NoExactness {
		state.Ball.X -= state.Ball.X % game.One
		state.Ball.Y -= state.Ball.Y % game.One
	}
	if !settings.NoReconciliation {
		return s.predictor.Confirm(tick, state)
	}
	c := netcode.Correction[game.State]{Before: s.predictor.Present(), After: state}
	c.After.Tick = c.Before.Tick
	s.predictor.Start(s.predictor.Head(), c.After)
	s.explained = s.predictor.Head() + 1 // no state here is the one that the server has at its tick
	return c
}

// follow plays up to the tick of a STATE with the inputs that it has, as a watcher does, and reports whether the result
// was another state than the server's.
func (s *simulation) follow(tick netcode.Tick, st *wire.State) (mismatch bool) {
	for t := s.predictor.Head(); t < tick; t++ {
		if ago := tick - 1 - t; ago < wire.HistoryLen {
			s.takeTick(t, st, int(ago))
		}
		s.predictor.Advance()
	}
	return s.predictor.Confirm(tick, st.Game).Mismatch
}

// confirmedAt returns the newest state from the server at a time of the drawing, if it is remembered, and else the
// newest of all.
func (s *simulation) confirmedAt(at float64) game.State {
	t := netcode.Tick(max(at, 0))
	if t < netcode.Tick(s.newest.Tick) {
		if state, ok := s.predictor.At(t); ok {
			return state
		}
	}
	return s.newest
}
