// Package replaytest has a recorded game, for tests of what plays recordings.
package replaytest

import (
	"bytes"
	"testing"

	"pong/internal/game"
	"pong/internal/replay"
)

// Game returns a game to three points between a paddle that rests and one that moves up and down, and its bytes.
func Game(t testing.TB) (*replay.Replay, []byte) {
	t.Helper()
	h := replay.Header{Rules: game.Rules{Points: 3}, Names: [2]string{"Ann", "Ben"}}
	state := game.New(h.Rules, 1)
	rec, b := replay.Begin(h, state)
	all := bytes.Clone(b)
	for state.Phase != game.Over {
		in := game.Inputs{game.None, game.Up + game.Input(state.Tick/50%2)}
		serve := state.SeededServe(1)
		state = game.Step(h.Rules, state, in, serve)
		all = append(all, rec.Tick(in, serve, state)...)
		if state.Tick > 1<<16 {
			t.Fatal("the game does not end")
		}
	}
	all = append(all, rec.End()...)
	r, err := replay.Parse(all)
	if err != nil {
		t.Fatal(err)
	}
	return r, all
}
