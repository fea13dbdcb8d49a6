package shard

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// A split source gives the words of serves from one source and all other random bytes from another.
type split struct{ serves, others io.Reader }

func (s split) Read(b []byte) (int, error) {
	if len(b) == len(scratch{}.serve) {
		return s.serves.Read(b)
	}
	return s.others.Read(b)
}

// Two servers that differ in their secret alone send the same bytes until a serve is drawn, and then another STATE.
// So nothing that a client has before, however modified it is, foretells a serve.
func TestServe_NothingSentBeforeForetellsIt(t *testing.T) {
	sent := func(secret byte) (states []wire.State, datagrams [][]byte) {
		d := newTestShard(t, func(cfg *Config) {
			cfg.Random = split{rand.NewChaCha8([32]byte{secret}), cfg.Random}
		})
		left, right := d.joinTwo()
		for d.now.Sub(d.epoch) < 5*time.Second {
			d.run(Period, left, right)
		}
		datagrams = append(datagrams, d.sent[left.from]...)
		return left.states(), datagrams
	}
	states, one := sent(1)
	otherStates, two := sent(2)
	same := 0
	for same < min(len(one), len(two)) && bytes.Equal(one[same], two[same]) {
		same++
	}
	if same == 0 || same >= len(states) {
		t.Fatalf("%d of %d datagrams are the same, want those before the first serve", same, len(states))
	}
	first, other := states[same].Game, otherStates[same].Game
	if left := int(first.Timer); first.Phase != game.Countdown || left < game.ServeNotice-wire.StateEvery ||
		left >= game.ServeNotice {
		t.Errorf("the first STATE that differs is in phase %d with %d ticks left, want the one after the draw at %d",
			first.Phase, left, game.ServeNotice)
	}
	if first.Serve == 0 || other.Serve == 0 || first.Serve == other.Serve {
		t.Errorf("the first STATEs that differ have the serves %d and %d", first.Serve, other.Serve)
	}
	if other.Serve = first.Serve; first != other {
		t.Errorf("besides the serve they differ: %+v and %+v", first, other)
	}
}

// A client that plays the game ahead from the newest STATE, as a modified one can, knew every serve 1 to 3 s before
// while the state had the word from which they were drawn.
func TestServe_CannotBePlayedAhead(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{} })
	left, right := d.joinTwo()
	serves, early, known := 0, 0, 0
	var ahead game.Ball
	for serves < 40 {
		before, _ := d.State(left.id)
		if before.Phase != game.Playing {
			guess := before
			for range 200 {
				guess = game.Step(game.Rules{}, guess, game.Inputs{}, 0)
				if guess.Phase == game.Playing {
					break
				}
			}
			if before.Serve == 0 {
				ahead = guess.Ball
			}
		}
		d.run(Period, left, right)
		after, _ := d.State(left.id)
		if before.Phase == game.Playing || after.Phase != game.Playing {
			continue
		}
		serves++
		if vx, vy, ok := before.NextServe(game.Rules{}); ok && vx == after.Ball.VX && vy == after.Ball.VY {
			known++
		}
		if ahead.VX == after.Ball.VX && ahead.VY == after.Ball.VY {
			early++
		}
	}
	t.Logf("serves foretold before they are drawn: %d of %d; known to all afterwards: %d", early, serves, known)
	if early > 0 || known != serves {
		t.Errorf("%d of %d serves were foretold before they were drawn, and %d known after, want 0 and all", early,
			serves, known)
	}
}

// Without randomness the ball rests, as for a client that does not know the serve.
func TestServe_WaitsForRandomness(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Random = split{bytes.NewReader(nil), cfg.Random} })
	left, right := d.joinTwo()
	d.run(10*time.Second, left, right)
	if s, _ := d.State(left.id); s.Phase != game.Countdown || s.Timer != 1 || s.Serve != 0 {
		t.Fatalf("without randomness the state is %+v, want a countdown with a tick left", s)
	}
	d.cfg.Random = d.random
	d.run(3*Period, left, right)
	if s, _ := d.State(left.id); s.Phase != game.Playing {
		t.Errorf("with randomness again the phase is %d, want a rally", s.Phase)
	}
}
