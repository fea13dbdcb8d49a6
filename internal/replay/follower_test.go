package replay

import (
	"bytes"
	"slices"
	"testing"

	"pong/internal/game"
)

// follow records a game of play by every third state, with so many inputs before each, except states that are lost.
func follow(p played, history int, lost func(i int) bool) []byte {
	f := &Follower{}
	all := bytes.Clone(f.State(header, p.states[0], nil))
	for i := 3; i < len(p.states); i += 3 {
		if lost(i) {
			continue
		}
		applied := slices.Clone(p.inputs[max(0, i-history):i])
		slices.Reverse(applied)
		all = append(all, f.State(header, p.states[i], applied)...)
		if i > 3 && f.State(header, p.states[i-3], nil) != nil { // an old one arrives late
			panic("an old state is recorded")
		}
	}
	return append(all, f.End()...)
}

// playWithoutGaps is play with a server that always has randomness and never stands still.
func playWithoutGaps(seed uint64, ticks int) (p played) {
	p = play(seed, ticks)
	states := []game.State{p.states[0]}
	for _, in := range p.inputs {
		last := states[len(states)-1]
		states = append(states, game.Step(header.Rules, last, in, last.SeededServe(seed)))
	}
	p.states = states
	return p
}

func TestFollower_RecordsWhatTheServerPlayed(t *testing.T) {
	for seed := range uint64(10) {
		p := playWithoutGaps(seed, 3000)
		r, err := Parse(follow(p, 18, func(i int) bool { return i%15 < 9 })) // up to 15 ticks apart
		if err != nil || r.Gaps != 0 {
			t.Fatalf("seed %d: %d gaps, %v, want none", seed, r.Gaps, err)
		}
		until := r.Len()
		for i := range until + 1 {
			got, want := r.At(i), p.states[i]
			if got.Serve != want.Serve && got.Serve != 0 && want.Serve == 0 {
				t.Fatalf("seed %d, position %d: serve %d before it was drawn", seed, i, got.Serve)
			}
			if got != want {
				t.Fatalf("seed %d, position %d: %+v, want %+v", seed, i, got, want)
			}
		}
		if until < 2900 {
			t.Errorf("seed %d: %d ticks, want about 3000", seed, until)
		}
	}
}

func TestFollower_HasAGapWhereStatesWereLost(t *testing.T) {
	p := playWithoutGaps(4, 3000)
	r, err := Parse(follow(p, 18, func(i int) bool { return i > 1000 && i < 1100 || i > 2000 && i < 2030 }))
	if err != nil || r.Gaps != 2 {
		t.Fatalf("%d gaps, %v, want 2", r.Gaps, err)
	}
	if got, want := r.At(r.Len()), p.states[len(p.states)-1]; got.Score != want.Score {
		t.Errorf("score %v at the end, want %v", got.Score, want.Score)
	}
}
