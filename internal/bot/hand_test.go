package bot

import (
	"math"
	"testing"
	"time"

	"pong/internal/game"
)

// The hand moves a paddle of 5 pixels per tick to several places, at many frame rates and with pictures of many ages,
// and must press few keys.
func TestHand_ArrivesAndRests(t *testing.T) {
	for _, rate := range []int{30, 60, 75, 144, 240} {
		for run := range 9 {
			late, goal := []int{0, 3, 10}[run/3], []float64{407, 404, 100}[run%3]
			var h hand
			tops := []float64{250}
			key, presses, frame := game.None, 0, 0
			for tick := range 3 * game.TickRate {
				for ; frame*game.TickRate <= tick*rate; frame++ {
					h.feel(time.Duration(frame)*time.Second/time.Duration(rate), tops[max(tick-late, 0)])
					before := key
					if key = h.reach(goal, 3); key != before && key != game.None {
						presses++
					}
				}
				top := tops[tick]
				switch key {
				case game.Up:
					top -= 5
				case game.Down:
					top += 5
				}
				tops = append(tops, top)
			}
			end := tops[len(tops)-1]
			if math.Abs(end-goal) > 11 || presses > 2 {
				t.Errorf("%d frames/s, picture %d ticks old: ended at %v after %d presses, want %v +- 11 after 1 or 2",
					rate, late, end, presses, goal)
			}
		}
	}
}

// The keys may have had no effect at all.
func TestHand_TrustsThePictureOnceAtRest(t *testing.T) {
	var h hand
	presses, before := 0, game.None
	for frame := range 60 { // the paddle does not move, for example in a pause
		h.feel(time.Duration(frame)*16*ms, 250)
		key := h.reach(300, 3)
		if key == game.Down && before == game.None {
			presses++
		}
		before = key
	}
	if presses < 2 {
		t.Errorf("%d presses in a second while the paddle stands still, want the hand to notice and try again", presses)
	}
}
