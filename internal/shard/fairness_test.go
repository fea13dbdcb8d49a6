package shard

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// A duel is a match of two clients without a network between them and the shard. The right one plays well. The left one
// has a slow hand, which holds a key in 5 of 30 ticks only and so misses balls that are far away. A modified client
// plays with the same hand: what it returns beyond an honest one is what its modification gains.
type duel struct {
	*testShard
	left, right *testPlayer
	random      *rand.Rand
	aim         game.Fixed // where on its paddle the right player takes the ball

	came, returned int // balls to the left player's face
	pauses         int
}

// newDuel returns a duel before its first serve.
func newDuel(t testing.TB, seed uint64) *duel {
	d := &duel{
		testShard: newTestShard(t, func(cfg *Config) { cfg.Rules, cfg.Seed = game.Rules{}, seed }),
		random:    rand.New(rand.NewPCG(seed, 0)),
	}
	d.left, d.right = d.joinTwo()
	d.run(time.Second, d.left, d.right)
	d.ControlLost(d.now, d.left.id, ConnectionClosed) // after a second without a datagram the player is silent
	return d
}

// state returns the state of the game.
func (d *duel) state() game.State {
	s, ok := d.State(d.left.id)
	if !ok {
		d.t.Fatal("the left player has lost its seat")
	}
	return s
}

// tick lets a tick pass, in which the right player plays. The left player has sent its input before.
func (d *duel) tick() {
	before := d.state()
	d.right.input(netcode.Tick(before.Tick), steer(before, 1, d.aim), 1)
	d.run(Period)
	after := d.state()
	switch {
	case after.Hits > before.Hits && after.Ball.VX > 0:
		d.came, d.returned = d.came+1, d.returned+1
	case after.Hits > before.Hits:
		d.aim = game.Fixed(d.random.IntN(80)-40) * game.One
	case after.Score[1] > before.Score[1]:
		d.came++
	}
}

// steer returns the key that brings a player's paddle to where the ball will meet its face, off its middle by aim.
func steer(s game.State, seat int, aim game.Fixed) game.Input {
	ball, ok := landing(s, seat)
	middle := s.Paddle[seat] + (game.PaddleHeight-game.BallSize)/2 + aim
	switch {
	case !ok:
	case ball < middle-10*game.One:
		return game.Up
	case ball > middle+10*game.One:
		return game.Down
	}
	return game.None
}

// landing returns the height at which the ball meets a player's face. ok is false if it does not fly there.
func landing(s game.State, seat int) (y game.Fixed, ok bool) {
	if s.Ball.VX == 0 || (s.Ball.VX > 0) != (seat == 1) {
		return 0, false
	}
	s.Phase, s.Timer = game.Playing, 0
	for range 300 {
		next := game.Step(game.Rules{}, s, game.Inputs{}, 0)
		if next.Hits != s.Hits || next.Ball.X <= game.LeftFace || next.Ball.X >= game.RightFace-game.BallSize {
			return next.Ball.Y, true
		}
		s = next
	}
	return 0, false
}

// slow returns the key of the slow hand at a tick, if it wants to hold one.
func slow(tick uint32, wants game.Input) game.Input {
	if tick%30 >= 5 {
		return game.None
	}
	return wants
}

// honest sends the key of the slow hand at every tick.
func (d *duel) honest() {
	s := d.state()
	d.left.input(netcode.Tick(s.Tick), slow(s.Tick, steer(s, 0, 0)), 1)
	d.tick()
}

// pause lets the left player send nothing until the match pauses, and then come back.
func (d *duel) pause() {
	d.pauses++
	for d.state().Phase == game.Playing {
		d.tick()
	}
	d.tick()
	d.left.ping()
}

// mostPauses is how many pauses a player can cause in a game without losing the seat.
const mostPauses = int(PauseBudget / LeastPause)

// outages plays as honest does, and at random moments the network is away.
func (d *duel) outages() {
	if d.state().Phase == game.Playing && d.pauses < mostPauses && d.random.IntN(180) == 0 {
		d.pause()
	}
	d.honest()
}

// pausing plays as honest does, and pauses the match shortly after the other player has hit the ball, so that the ball
// stands still far from the own paddle. It is silent from a moment before the hit, which it can foresee.
func (d *duel) pausing() {
	s := d.state()
	if s.Phase == game.Playing && d.pauses < mostPauses && s.Ball.VX > 0 && s.Ball.VX*45 > game.RightFace-s.Ball.X {
		d.pause()
	}
	d.honest()
}

// share plays a minute of rallies for each of some seeds, and returns the share of balls that the left player returns,
// with its standard error.
func share(t *testing.T, play func(*duel)) (share, standardError float64, pauses int) {
	came, returned := 0, 0
	for seed := range uint64(30) {
		d := newDuel(t, 1+seed)
		for rally := 0; rally < 60*game.TickRate && d.pauses < mostPauses; {
			if d.state().Phase == game.Playing {
				rally++
			}
			play(d)
		}
		came, returned, pauses = came+d.came, returned+d.returned, pauses+d.pauses
	}
	p := float64(returned) / float64(came)
	return p, math.Sqrt(p * (1 - p) / float64(came)), pauses
}

// The pause trick: a pause froze the ball, and in the countdown after it the paddle reached it. A hand that lost a game
// lost no point any more. Now it returns no more balls than a hand whose network never fails.
func TestFairness_PausesReturnNoBalls(t *testing.T) {
	honest, errH, _ := share(t, (*duel).honest)
	control, errC, outages := share(t, (*duel).outages)
	pausing, errP, pauses := share(t, (*duel).pausing)
	t.Logf("balls returned: honest %.1f %%, with %d outages %.1f %%, with %d pauses where they help most %.1f %%",
		100*honest, outages, 100*control, pauses, 100*pausing)
	if outages < 100 || pauses < 100 {
		t.Errorf("%d outages and %d pauses, want 100 of each at least", outages, pauses)
	}
	if most := 3 * math.Hypot(errH, errP); pausing-honest > most {
		t.Errorf("pauses return %.1f %% of the balls and an honest hand %.1f %%, want no more than chance, %.1f %%",
			100*pausing, 100*honest, 100*most)
	}
	if most := 3 * math.Hypot(errC, errP); pausing-control > most {
		t.Errorf("pauses return %.1f %% of the balls and outages %.1f %%, want no more than chance, %.1f %%",
			100*pausing, 100*control, 100*most)
	}
}
