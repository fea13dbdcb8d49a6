package bot

import (
	"testing"
	"time"
)

func TestMemory_RecallsAnEarlierFrame(t *testing.T) {
	var m memory
	if _, s := m.recall(0); s.Playing {
		t.Error("an empty memory recalls a frame")
	}
	for i := range 200 {
		m.keep(time.Duration(i)*10*ms, Seen{Playing: true, Tick: uint32(i)})
	}
	for _, test := range []struct {
		at   time.Duration
		want uint32
	}{
		{1990 * ms, 199},
		{5 * time.Second, 199},
		{1799 * ms, 179},
		{0, 136}, // older than all that it holds: the oldest
	} {
		if _, s := m.recall(test.at); s.Tick != test.want {
			t.Errorf("at %v it recalls frame %d, want %d", test.at, s.Tick, test.want)
		}
	}
}
