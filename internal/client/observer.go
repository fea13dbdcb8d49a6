package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// An Observer receives what a session does, to write it down or to show it again. Its methods are called by the owner
// of the session, in the order of what happens, and must not block.
type Observer interface {
	// Datagram is called for each datagram that is sent, and for each authentic one that arrives.
	Datagram(d Datagram)

	// Tick is called once for each tick that the server has decided, as soon as it is known. Ticks that no STATE covers
	// are left out.
	Tick(t DecidedTick)

	// Frame is called for each frame.
	Frame(d DrawnFrame)
}

// A Datagram is one datagram of a session.
type Datagram struct {
	At     time.Time
	Up     bool
	Type   wire.Type
	Number uint32 // its packet number
	Bytes  int
	Tick   uint32        // of a STATE; the newest of an INPUT
	RTT    time.Duration // of the round trip that it has completed; 0 if it has completed none
}

// A DecidedTick is a state of the server, with the inputs by which the tick before has led to it.
type DecidedTick struct {
	At     time.Time // when it became known
	State  game.State
	Inputs game.Inputs
}

// A DrawnFrame is a frame, and what the session knows besides.
type DrawnFrame struct {
	At    time.Time
	Key   game.Input // that is held
	View  View
	Frame *Frame // lent

	Shadows []ShadowFrame // of the same moment

	// Corrected is by how many pixels STATEs have moved the own paddle since the last frame: its place in the state
	// that the session now holds for the tick that was its present then, less its place in the state that it held then.
	Corrected float64
}

// A ShadowFrame is what a shadow draws.
type ShadowFrame struct {
	Settings Settings
	Frame    Frame
}

// observed is what a session has reported to its Observer.
type observed struct {
	by   Observer // nil if there is none
	tick uint32   // the newest that was reported
	key  game.Input
	head uint32     // the present at the last frame
	own  game.Fixed // the own paddle then
	held bool       // head and own are set
}

// reportTicks reports the ticks that a STATE has decided.
func (s *Session) reportTicks(now time.Time) {
	o := &s.observed
	if o.by == nil {
		return
	}
	newest := s.simulation.newest.Tick
	if o.tick == 0 || newest < o.tick || newest-o.tick > netcode.History {
		o.tick = newest - min(newest, 1)
	}
	for t := o.tick + 1; t <= newest; t++ {
		state, ok := s.Confirmed(t)
		if !ok && t < newest {
			continue
		}
		if !ok {
			state = s.simulation.newest
		}
		var in game.Inputs
		for player := range in {
			input, _ := s.simulation.predictor.Input(player, netcode.Tick(t-1))
			in[player] = game.Input(input)
		}
		o.by.Tick(DecidedTick{now, state, in})
	}
	o.tick = newest
}

// reportFrame reports a frame to the Observer.
func (s *Session) reportFrame(now time.Time, f *Frame) {
	o := &s.observed
	d := DrawnFrame{At: now, Key: o.key, View: s.settings.View, Frame: f}
	if o.held {
		state, ok := s.Believed(o.head)
		if !ok { // the session has started again from a state of the server
			state, _ = s.Believed(s.Present())
		}
		d.Corrected = pixels(state.Paddle[f.Me] - o.own)
	}
	o.head = s.Present()
	state, ok := s.Believed(o.head)
	o.own, o.held = state.Paddle[f.Me], ok
	for _, sh := range s.shadows {
		d.Shadows = append(d.Shadows, ShadowFrame{sh.settings, sh.Frame(now)})
	}
	o.by.Frame(d)
}
