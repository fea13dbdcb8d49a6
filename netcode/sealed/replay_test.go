package sealed

import (
	"testing"

	"pgregory.net/rapid"
)

func TestReplayWindow_Cases(t *testing.T) {
	type step struct {
		n    uint32
		want bool
	}
	for _, c := range []struct {
		name  string
		steps []step
	}{
		{"in order", []step{{1, true}, {2, true}, {3, true}, {2, false}, {3, false}, {1, false}}},
		{"out of order", []step{{5, true}, {1, true}, {3, true}, {1, false}, {4, true}, {2, true}, {5, false}}},
		{"oldest that fits", []step{{1024, true}, {1, true}, {1, false}}},
		{"one too old", []step{{1025, true}, {1, false}, {2, true}, {2, false}}},
		{"newest at the first bit of a block", []step{{2048, true}, {1024, false}, {1025, true}, {1025, false}}},
		{"newest at the last bit of a block", []step{{2047, true}, {1023, false}, {1024, true}, {1024, false}}},
		{"ring wraps", []step{{10, true}, {10 + 17*64, true}, {10 + 16*64, true}, {74, false}, {75, true}}},
		{"a bit of one turn ago", []step{{70, true}, {70 + 16*64, true}, {70 + 17*64 + 1, true}, {70 + 17*64, true}}},
		{"a bit of one turn ago, jumped over", []step{{70, true}, {70 + 18*64, true}, {70 + 17*64, true}}},
		{"newest in the middle of a block", []step{{74, true}, {1097, true}, {74, false}, {73, false}, {75, true}}},
		{"jump over several turns", []step{
			{1, true}, {2, true}, {100000, true}, {1, false}, {99000, true}, {100001, true},
		}},
		{"up to the last number", []step{
			{MaxPackets - 1, true}, {MaxPackets, true}, {MaxPackets - 1, false},
			{MaxPackets - 1023, true}, {MaxPackets - 1024, false},
		}},
	} {
		var w replayWindow
		for _, s := range c.steps {
			got := w.check(s.n)
			if got != s.want {
				t.Errorf("%s: check(%d) with newest %d is %v, want %v", c.name, s.n, w.newest, got, s.want)
			}
			if got {
				w.commit(s.n)
			}
		}
	}
}

func TestReplayWindow_CheckChangesNothing(t *testing.T) {
	var w replayWindow
	w.commit(100)
	before := w
	for _, n := range []uint32{1, 99, 100, 101, 5000, MaxPackets} {
		w.check(n)
	}
	if w != before {
		t.Errorf("check changed the window: newest %d, was %d", w.newest, before.newest)
	}
}

// The ring must do what a map of all accepted numbers does.
func TestReplayWindow_AgainstAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w replayWindow
		seen, newest := map[uint32]bool{}, uint32(0)
		near := rapid.IntRange(-1100, 80)
		far := rapid.IntRange(-3000, 3000)
		for range rapid.IntRange(1, 400).Draw(t, "steps") {
			by := near
			if rapid.IntRange(0, 9).Draw(t, "far") == 0 {
				by = far
			}
			n := uint32(max(1, int(newest)+by.Draw(t, "by")))
			want := !seen[n] && int(n) > int(newest)-windowBits
			if got := w.check(n); got != want {
				t.Fatalf("check(%d) with newest %d is %v, want %v", n, newest, got, want)
			}
			if want {
				w.commit(n)
				seen[n], newest = true, max(newest, n)
			}
			if w.newest != newest {
				t.Fatalf("newest is %d, want %d", w.newest, newest)
			}
		}
	})
}
