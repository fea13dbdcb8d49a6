package shard

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
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
	past           []game.State
	rally          int        // ticks of rallies
	farthest       game.Fixed // that the left paddle has moved in a tick
}

// newDuel returns a duel before its first serve.
func newDuel(t testing.TB, seed uint64) *duel {
	d := &duel{
		testShard: newTestShard(t, func(cfg *Config) { cfg.Rules, cfg.Seed = game.Rules{}, seed }),
		random:    rand.New(rand.NewPCG(seed, 0)),
	}
	d.left, d.right = d.joinTwo()
	d.run(time.Second, d.left, d.right)
	d.past = append(d.past, d.state())
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
	clear(d.sent)
	after := d.state()
	d.past = append(d.past, after)
	if before.Phase == game.Playing {
		d.rally++
	}
	moved := after.Paddle[0] - before.Paddle[0]
	d.farthest = max(d.farthest, moved, -moved)
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
	d.ControlLost(d.now, d.left.id, ConnectionClosed) // so the player is silent after a second without a datagram
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

// A slow eye sees the ball so many ticks late.
const slowEye = 45

// seen returns the key that an eye which is some ticks late chooses now.
func (d *duel) seen(late int) game.Input {
	s := d.state()
	if late > 0 {
		s.Ball, s.Phase = d.past[max(len(d.past)-late, 0)].Ball, d.past[max(len(d.past)-late, 0)].Phase
	}
	return steer(s, 0, 0)
}

// slowEyed sends the key that a slow eye chooses, at every tick.
func (d *duel) slowEyed() {
	d.left.input(d.now32(), d.seen(slowEye), 1)
	d.tick()
}

func (d *duel) now32() netcode.Tick { return netcode.Tick(d.state().Tick) }

// lagSwitch withholds what it sends for 0.9 s, and sends then the keys of that time as they would have been right.
func (d *duel) lagSwitch() {
	const ticks = 54
	if d.state().Tick/ticks%2 == 0 {
		d.slowEyed()
		return
	}
	var right [ticks]game.Input
	for i := range right {
		right[i] = d.seen(0)
		d.tick()
	}
	for i, in := range right {
		d.left.input(d.now32()-netcode.Tick(ticks-i), in, 1)
	}
}

// bursts withholds 20 INPUTs with the right key and sends them at once, for the same tick.
func (d *duel) bursts() {
	for range 20 {
		d.left.input(d.now32(), d.seen(slowEye), 1)
	}
	for range 20 {
		d.tick()
	}
}

// ahead sends the keys of the next 2 s at once, as they are right by what is known now.
func (d *duel) ahead() {
	s, now := d.state(), d.now32()
	for i := range netcode.Tick(2 * game.TickRate) {
		in := steer(s, 0, 0)
		d.left.input(now+i, in, 1)
		s = game.Step(game.Rules{}, s, game.Inputs{in, steer(s, 1, 0)}, 0)
	}
	for range 2 * game.TickRate {
		d.tick()
	}
}

// secondWord sends a key for a tick that is 0.2 s ahead, and another one, the right one, when the tick has come.
func (d *duel) secondWord() {
	d.left.input(d.now32()+12, d.seen(slowEye), 1)
	d.left.input(d.now32(), d.seen(0), 1)
	d.tick()
}

// A result is the share of balls that a client returns.
type result struct {
	share, standardError float64
	pauses               int
	farthest             game.Fixed
}

// beats reports whether a share is greater than another one by more than chance explains.
func (r result) beats(other result) bool {
	return r.share-other.share > 3*math.Hypot(r.standardError, other.standardError)
}

// percent returns the share for a table.
func (r result) percent() string { return fmt.Sprintf("%.0f %%", 100*r.share) }

// measure plays a minute of rallies for each of some seeds.
func measure(t *testing.T, seeds uint64, play func(*duel)) (r result) {
	came, returned := 0, 0
	for seed := range seeds {
		d := newDuel(t, 1+seed)
		for d.rally < 60*game.TickRate && d.pauses < mostPauses {
			play(d)
		}
		came, returned, r.pauses = came+d.came, returned+d.returned, r.pauses+d.pauses
		r.farthest = max(r.farthest, d.farthest)
	}
	r.share = float64(returned) / float64(came)
	return r.of(came)
}

// of sets the standard error of a share of so many balls.
func (r result) of(balls int) result {
	r.standardError = math.Sqrt(r.share * (1 - r.share) / float64(balls))
	return r
}

// inDocument fails the test unless docs/fairness.md has a row. The same seeds give the same figures on every machine.
func inDocument(t *testing.T, cells ...string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/fairness.md")
	if err != nil {
		t.Fatal(err)
	}
	row := "| " + strings.Join(cells, " | ") + " |"
	t.Log(row)
	if !strings.Contains(string(text), row+"\n") {
		t.Errorf("docs/fairness.md does not have the row\n%s", row)
	}
}

// The pause trick: a pause froze the ball, and in the countdown after it the paddle reached it. A hand that lost a game
// lost no point any more. Now it returns no more balls than a hand whose network never fails.
func TestFairness_PausesReturnNoBalls(t *testing.T) {
	honest, control := measure(t, 20, (*duel).honest), measure(t, 20, (*duel).outages)
	pausing := measure(t, 20, (*duel).pausing)
	if control.pauses < 100 || pausing.pauses < 100 {
		t.Errorf("%d outages and %d pauses, want 100 of each at least", control.pauses, pausing.pauses)
	}
	for _, other := range []result{honest, control} {
		if pausing.beats(other) {
			t.Errorf("with pauses %s of the balls are returned, want no more than chance above %s", pausing.percent(),
				other.percent())
		}
	}
	inDocument(t, "an honest client without outages", honest.percent(), "52 %")
	inDocument(t, "an honest client with ten outages at any time", control.percent(), "43 %")
	inDocument(t, "a client that pauses when the ball comes, ten times", pausing.percent(), "62 %")
}

// A client may send little: keys for ticks. Those that are late, twice, in bursts or far ahead gain nothing. The first
// word for a tick counts, if it comes in time, and a tick moves a paddle as far as a key does.
func TestFairness_ModifiedClientsGainNothing(t *testing.T) {
	honest := measure(t, 8, (*duel).slowEyed)
	inDocument(t, "an honest client", honest.percent())
	for _, test := range []struct {
		name string
		play func(*duel)
	}{
		{"lag switch: nothing is sent for 0.9 s, then the keys that would have been right", (*duel).lagSwitch},
		{"bursts: 20 INPUTs for one tick, three times a second", (*duel).bursts},
		{"far ahead: the keys of the next 2 s at once", (*duel).ahead},
		{"second word: a key 0.2 s before its tick, and the right one when it is due", (*duel).secondWord},
	} {
		got := measure(t, 8, test.play)
		inDocument(t, test.name, got.percent())
		if got.beats(honest) {
			t.Errorf("%s: %s of the balls are returned, want no more than chance above %s", test.name, got.percent(),
				honest.percent())
		}
		if got.farthest != game.PaddleSpeed {
			t.Errorf("%s: a tick has moved the paddle by %d, want %d at most", test.name, got.farthest,
				game.PaddleSpeed)
		}
	}
}
