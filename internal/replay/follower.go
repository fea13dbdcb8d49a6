package replay

import "pong/internal/game"

// A Follower records a game as a client knows it: by states that arrive now and then, each with the inputs of the ticks
// before it. Where states were lost for longer than that, the recording has a gap.
type Follower struct {
	rules    game.Rules
	recorder *Recorder // nil until the first state
}

// State records a state and the inputs that were applied before it, newest first, and returns what is to be written. A
// state that is not newer than the one before changes nothing.
func (f *Follower) State(h Header, state game.State, applied []game.Inputs) []byte {
	if f.recorder == nil {
		f.rules = h.Rules
		var head []byte
		f.recorder, head = Begin(h, state)
		return head
	}
	newest := f.recorder.State()
	if state.Tick <= newest.Tick || f.recorder.Full() {
		return nil
	}
	ticks := int(min(state.Tick-newest.Tick, uint32(len(applied)+1)))
	if ticks > len(applied) {
		return f.recorder.Jump(state)
	}
	applied = applied[:ticks]
	if f.play(newest, state.Serve, applied, nil) != state {
		return f.recorder.Jump(state)
	}
	var out []byte
	f.play(newest, state.Serve, applied, func(in game.Inputs, serve uint32, after game.State) {
		out = append(out, f.recorder.Tick(in, serve, after)...)
	})
	return out
}

// play plays ticks whose inputs are given, newest first, and returns the state after them. A serve that is known at the
// end was drawn at the first chance: a client does not learn when.
func (f *Follower) play(
	state game.State, serve uint32, applied []game.Inputs, tick func(game.Inputs, uint32, game.State),
) game.State {
	for i := len(applied) - 1; i >= 0; i-- {
		drawn := uint32(0)
		if state.DrawsServe() {
			drawn = serve
		}
		state = game.Step(f.rules, state, applied[i], drawn)
		if tick != nil {
			tick(applied[i], drawn, state)
		}
	}
	return state
}

// End returns the last bytes of the recording.
func (f *Follower) End() []byte {
	if f.recorder == nil {
		return nil
	}
	return f.recorder.End()
}
