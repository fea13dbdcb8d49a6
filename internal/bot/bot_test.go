package bot

import (
	"strings"
	"testing"
	"time"

	"pong/internal/game"
)

func TestLevel_Parse(t *testing.T) {
	for _, level := range []Level{Easy, Normal, Hard} {
		got, err := ParseLevel(level.String())
		if err != nil || got != level {
			t.Errorf("ParseLevel(%q) = %v, %v", level.String(), got, err)
		}
	}
	_, err := ParseLevel("godlike")
	if err == nil || !strings.Contains(err.Error(), `"easy", "normal" or "hard"`) {
		t.Errorf("an unknown level gave %v, want an error with the three levels", err)
	}
}

// A level acts on a ball no sooner than its reaction time allows.
func TestBot_Reaction(t *testing.T) {
	tests := []struct {
		level    Level
		min, max time.Duration
	}{
		{Easy, 250 * time.Millisecond, 300 * time.Millisecond},
		{Normal, 180 * time.Millisecond, 230 * time.Millisecond},
		{Hard, 0, 60 * time.Millisecond},
	}
	for _, test := range tests {
		b := New(test.level, 1)
		var acted time.Duration
		const second = 60
		for frame := range 4 * second {
			now := time.Duration(frame) * time.Second / second
			s := Seen{Paddle: [2]float64{home, home}}
			if frame >= second { // a ball appears that flies to the lower corner
				s.Playing, s.BallVisible = true, true
				s.BallX, s.BallY = 700-6*float64(frame-second), 590
			}
			if b.Think(now, s) != game.None {
				acted = now - time.Second
				break
			}
		}
		if acted < test.min || acted > test.max {
			t.Errorf("%v acted %v after the ball appeared, want %v to %v", test.level, acted, test.min, test.max)
		}
	}
}

// Tests with many bots need Think not to allocate.
func TestBot_ThinkAllocatesNothing(t *testing.T) {
	b := New(Normal, 1)
	frame := 0
	allocs := testing.AllocsPerRun(1000, func() {
		frame++
		b.Think(time.Duration(frame)*time.Second/60,
			Seen{Playing: true, BallVisible: true, BallX: float64(frame % 800)})
	})
	if allocs != 0 {
		t.Errorf("Think allocates %v times, want 0", allocs)
	}
}
