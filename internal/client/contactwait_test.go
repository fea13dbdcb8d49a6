package client

import (
	"math"
	"testing"

	"pong/internal/game"
	"pong/netcode"
)

func TestContactWait_StopsAtTheContactForAWhile(t *testing.T) {
	var w contactWait
	none := math.Inf(1)
	if got := w.limit(none, 1000, 1); got != none {
		t.Errorf("without a contact the limit is %v, want none", got)
	}
	drawn, waited := 1005.0, 0
	for drawn < 1011 && waited < 100 {
		next := min(drawn+1, w.limit(1010.5, drawn, 1))
		if next == drawn {
			waited++
		}
		drawn = next
	}
	if waited < mostWait-1 || waited > mostWait {
		t.Errorf("the time waits for %d ticks, want %d", waited, mostWait)
	}
	if got := w.limit(1100.5, 1100, 1); got != 1100.5-beforeContact {
		t.Errorf("before the next contact the limit is %v, want %v", got, 1100.5-beforeContact)
	}
}

func TestOpenContact_UntilTheDecidingInputIsKnown(t *testing.T) {
	s := newSimulation(game.DefaultRules())
	s.restart(1000, game.State{
		Tick: 1000, Phase: game.Playing, Round: 1, Paddle: [2]game.Fixed{250 * game.One, 250 * game.One},
		Ball: game.Ball{X: game.RightFace - game.BallSize - 63*game.One, Y: 295 * game.One, VX: 6 * game.One},
	})
	for range 40 {
		s.predictor.Advance()
	}
	const contact = 1010.5
	for _, test := range []struct {
		name  string
		known netcode.Tick
		from  float64
		me    int
		open  bool
	}{
		{"no input is known", 1000, 1000, 0, true},
		{"the input of its tick is the first that is not known", 1010, 1008, 0, true},
		{"the input of its tick is known", 1011, 1008, 0, false},
		{"it has been drawn", 1000, 1010.6, 0, false},
		{"it is at the own face", 1000, 1000, 1, false},
	} {
		s.known = test.known
		want := math.Inf(1)
		if test.open {
			want = contact
		}
		if got := s.openContact(test.from, test.me); got != want {
			t.Errorf("%s: the open contact is at %v, want %v", test.name, got, want)
		}
	}
}
