//go:build !nogui

package gui

import (
	"testing"
	"time"
)

func TestRepeat_ByTimeAndNotByFrame(t *testing.T) {
	for _, hertz := range []int{60, 240} {
		var r repeat
		fired, now := 0, time.Time{}
		for range hertz { // one second
			if r.fire(true, now) {
				fired++
			}
			now = now.Add(time.Second / time.Duration(hertz))
		}
		if fired < 12 || fired > 17 {
			t.Errorf("a key held for a second at %d Hz acted %d times, want about 16", hertz, fired)
		}
		if r.fire(false, now); !r.fire(true, now) {
			t.Error("a new press does not act at once")
		}
	}
}
