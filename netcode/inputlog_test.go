package netcode

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

func wantRuns(t *testing.T, what string, l *InputLog[int8], room, longest int, want ...Run[int8]) {
	t.Helper()
	got := l.AppendRuns(make([]Run[int8], 0, room), longest)
	if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: the runs are %v, want %v", what, got, want)
	}
}

func TestInputLog_Runs(t *testing.T) {
	var l InputLog[int8]
	wantRuns(t, "empty", &l, 16, 63)
	for i, input := range []int8{1, 1, 1, 0, 2, 2} {
		l.Put(Tick(i), input)
	}
	wantRuns(t, "all", &l, 16, 63, Run[int8]{2, 2}, Run[int8]{0, 1}, Run[int8]{1, 3})
	wantRuns(t, "runs of at most two", &l, 16, 2, Run[int8]{2, 2}, Run[int8]{0, 1}, Run[int8]{1, 2}, Run[int8]{1, 1})
	wantRuns(t, "room for two runs", &l, 2, 63, Run[int8]{2, 2}, Run[int8]{0, 1})
	wantRuns(t, "room for none", &l, 0, 63)
	l.Ack(1)
	wantRuns(t, "acknowledged up to 1", &l, 16, 63, Run[int8]{2, 2}, Run[int8]{0, 1}, Run[int8]{1, 1})
	l.Ack(0)
	wantRuns(t, "an old acknowledgement", &l, 16, 63, Run[int8]{2, 2}, Run[int8]{0, 1}, Run[int8]{1, 1})
	l.Ack(5)
	wantRuns(t, "acknowledged up to the newest", &l, 16, 63)
	l.Put(6, 9)
	wantRuns(t, "the next", &l, 16, 63, Run[int8]{9, 1})
	l.Put(40, 3)
	wantRuns(t, "after a gap", &l, 16, 63, Run[int8]{3, 1})
	l.Put(39, 4)
	wantRuns(t, "after a step back", &l, 16, 63, Run[int8]{4, 1})
	l.Ack(1000)
	if l.Unacknowledged() != 0 || l.Newest() != 39 {
		t.Errorf("%d unacknowledged up to tick %d, want none and 39", l.Unacknowledged(), l.Newest())
	}
}

func TestInputLog_KeepsHistoryTicks(t *testing.T) {
	var l InputLog[int8]
	for i := range Tick(3 * History) {
		l.Put(i, int8(i/History))
	}
	wantRuns(t, "three histories without an acknowledgement", &l, 16, 1000, Run[int8]{2, History})
}

func TestInputLog_AppendsToDst(t *testing.T) {
	var l InputLog[int8]
	l.Put(0, 7)
	got := l.AppendRuns(append(make([]Run[int8], 0, 4), Run[int8]{7, 1}), 63)
	if want := []Run[int8]{{7, 1}, {7, 1}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the runs are %v, want %v: what was there is not ours", got, want)
	}
}

// Compares the log with a list of all inputs that were ever put.
func TestInputLog_AgainstTheModel(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		var l InputLog[int8]
		inputs := map[Tick]int8{}
		first, next := Tick(0), Tick(0) // first to next-1 are unacknowledged
		for range 1000 {
			switch k := r.IntN(10); {
			case k < 7:
				input := int8(r.IntN(5) / 4)
				l.Put(next, input)
				inputs[next] = input
				next++
				if next-first > History {
					first = next - History
				}
			case k < 9 && next > 0:
				ack := Tick(max(int64(next)-1-int64(r.IntN(200)), 0))
				l.Ack(ack)
				first = max(first, ack+1)
			case r.IntN(20) == 0:
				next += 1 + Tick(r.IntN(300))
				first = next
				l.Put(next, 1)
				inputs[next] = 1
				next++
			}
			if l.Unacknowledged() != int(next-first) {
				t.Fatalf("seed %d: %d ticks are unacknowledged, want %d to %d", seed, l.Unacknowledged(), first, next)
			}
			longest, room := 1+r.IntN(63), r.IntN(20)
			runs := l.AppendRuns(make([]Run[int8], 0, room), longest)
			tick := next
			for i, run := range runs {
				if run.N < 1 || run.N > longest || i > 0 && runs[i-1].Input == run.Input && runs[i-1].N < longest {
					t.Fatalf("seed %d: the runs %v are not the longest of at most %d", seed, runs, longest)
				}
				for range run.N {
					tick--
					if tick < first || inputs[tick] != run.Input {
						t.Fatalf("seed %d: tick %d of %d to %d comes as %d, want %d", seed, tick, first, next,
							run.Input, inputs[tick])
					}
				}
			}
			if tick > first && len(runs) < room {
				t.Fatalf("seed %d: tick %d is missing, and there is room for %d runs more", seed, tick-1,
					room-len(runs))
			}
		}
	}
}

func TestInputLog_AllocatesNothing(t *testing.T) {
	var l InputLog[int8]
	room := make([]Run[int8], 0, 16)
	next := Tick(0)
	if n := testing.AllocsPerRun(1000, func() {
		l.Put(next, int8(next/3%2))
		next++
		l.AppendRuns(room, 63)
		l.Ack(next - 20)
	}); n != 0 {
		t.Errorf("%v allocations for an input, want none", n)
	}
}
