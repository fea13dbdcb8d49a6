package bot

import (
	"testing"
	"time"

	"pong/internal/game"
)

// A player looks at frames and holds keys.
type player interface {
	Think(now time.Duration, s Seen) game.Input
}

// A screen is how a player sees the match.
type screen struct {
	rate int // frames a second; if zero, 60
	late int // age of the picture in ticks
}

// A tally is the outcome of a match.
type tally struct {
	score   [2]int
	hits    int
	longest int // hits in the longest rally
	trace   []game.Input
}

// versus plays that many ticks between two players and returns the outcome. The game has no end.
func versus(t testing.TB, left, right player, see screen, ticks int, seed uint64) tally {
	t.Helper()
	rules := game.DefaultRules()
	rules.Points = 0
	states := make([]game.State, 1, ticks+1)
	states[0] = game.New(rules, seed)

	rate := see.rate
	if rate == 0 {
		rate = game.TickRate
	}
	var keys game.Inputs
	var result tally
	frame := 0
	for tick := range ticks {
		shown := &states[max(tick-see.late, 0)]
		for ; frame*game.TickRate <= tick*rate; frame++ {
			now := time.Duration(frame) * time.Second / time.Duration(rate)
			keys[0] = left.Think(now, picture(shown, 0))
			keys[1] = right.Think(now, picture(shown, 1))
		}
		result.trace = append(result.trace, keys[:]...)
		next := game.Step(rules, states[tick], keys, states[tick].SeededServe(seed))
		if next.Hits > states[tick].Hits {
			result.hits++
			result.longest = max(result.longest, int(next.Hits))
		}
		states = append(states, next)
	}
	last := states[ticks]
	result.score = [2]int{int(last.Score[0]), int(last.Score[1])}
	return result
}

func picture(s *game.State, me int) Seen {
	px := func(f game.Fixed) float64 { return float64(f) / float64(game.One) }
	return Seen{
		Me: me, Tick: s.Tick,
		Playing: s.Phase == game.Playing, BallVisible: s.Phase == game.Playing,
		BallX: px(s.Ball.X), BallY: px(s.Ball.Y),
		Paddle: [2]float64{px(s.Paddle[0]), px(s.Paddle[1])},
	}
}

// A wall follows the ball's height as fast as it can and foresees nothing.
type wall struct{}

func (wall) Think(_ time.Duration, s Seen) game.Input {
	switch off := s.BallY + middle - s.Paddle[s.Me]; {
	case off > 2.5:
		return game.Down
	case off < -2.5:
		return game.Up
	}
	return game.None
}

const minute = 60 * game.TickRate

func TestBot_HardConcedesAlmostNothing(t *testing.T) {
	screens := map[string]screen{
		"30 frames/s":   {rate: 30},
		"60 frames/s":   {rate: 60},
		"144 frames/s":  {rate: 144},
		"10 ticks late": {late: 10},
	}
	for name, see := range screens {
		t.Run(name, func(t *testing.T) {
			var conceded, hits int
			for seed := range uint64(5) {
				r := versus(t, New(Hard, seed), New(Hard, seed+100), see, 20*minute, seed)
				conceded += r.score[0] + r.score[1]
				hits += r.hits
			}
			t.Logf("%d points in %d hits", conceded, hits)
			if hits < 1000 || conceded*200 > hits {
				t.Errorf("hard against hard: %d points in %d hits, want at most one in 200", conceded, hits)
			}
		})
	}
}

func TestBot_HardBeatsABallFollower(t *testing.T) {
	for seed := range uint64(5) {
		r := versus(t, wall{}, New(Hard, seed), screen{}, 20*minute, seed)
		if r.score[0] > 0 || r.score[1] == 0 {
			t.Errorf("seed %d: follower %d : %d hard, want the follower to lose every point", seed, r.score[0],
				r.score[1])
		}
	}
}

// Plays each pair of neighbouring levels from both seats.
func TestBot_LevelsDiffer(t *testing.T) {
	tests := []struct {
		weak, strong Level
		times        int // by which the stronger level must be better
	}{
		{Easy, Normal, 3},
		{Normal, Hard, 20},
		{Easy, Hard, 20},
	}
	for _, test := range tests {
		var weak, strong int
		for seed := range uint64(10) {
			l := versus(t, New(test.weak, seed), New(test.strong, ^seed), screen{}, 5*minute, seed)
			r := versus(t, New(test.strong, seed), New(test.weak, ^seed), screen{}, 5*minute, ^seed)
			weak += l.score[0] + r.score[1]
			strong += l.score[1] + r.score[0]
		}
		t.Logf("%v %d : %d %v", test.weak, weak, strong, test.strong)
		if strong < 50 || weak*test.times > strong {
			t.Errorf("%v %d : %d %v, want at least %d times as many", test.weak, weak, strong, test.strong, test.times)
		}
	}
}

// A person who plays against such a bot must get to hit the ball.
func TestBot_BeatableLevelsRally(t *testing.T) {
	for _, level := range []Level{Easy, Normal} {
		r := versus(t, New(level, 1), New(level, 2), screen{}, 10*minute, 3)
		points := r.score[0] + r.score[1]
		t.Logf("%v: %d points, %d hits", level, points, r.hits)
		if points < 20 || r.hits < 2*points {
			t.Errorf("%v against itself: %d points in %d hits, want many points and two hits or more for each", level,
				points, r.hits)
		}
	}
}

func TestBot_SameSeedSameKeys(t *testing.T) {
	for _, level := range []Level{Easy, Normal, Hard} {
		play := func(seed uint64) []game.Input {
			return versus(t, New(level, seed), New(level, 7), screen{}, minute, 9).trace
		}
		a, b, other := play(1), play(1), play(2)
		same := true
		for i := range a {
			if a[i] != b[i] {
				t.Fatalf("%v: the same seed pressed another key in tick %d", level, i/2)
			}
			same = same && a[i] == other[i]
		}
		if same {
			t.Errorf("%v: another seed plays the same", level)
		}
	}
}
