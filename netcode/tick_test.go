package netcode

import (
	"testing"
	"time"
)

func TestSlot_IsDistinctWithinAHistory(t *testing.T) {
	for _, from := range []Tick{0, 1, 1000, ^Tick(0) - 3*History} {
		seen := map[int]bool{}
		for i := range Tick(History) {
			seen[slot(from+i)] = true
		}
		if len(seen) != History || slot(from) != slot(from+History) {
			t.Errorf("%d slots for the %d ticks from %d on, want one each", len(seen), History, from)
		}
	}
}

func TestTicks_OfADuration(t *testing.T) {
	if got := ticks(75*time.Millisecond, 50*time.Millisecond); got != 1.5 {
		t.Errorf("75 ms are %v ticks of 50 ms, want 1.5", got)
	}
}
