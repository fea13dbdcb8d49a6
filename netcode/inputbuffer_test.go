package netcode

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// A testBuffer is an InputBuffer whose results are compared with the wanted ones.
type testBuffer struct {
	t *testing.T
	b InputBuffer[int8]
}

func (d *testBuffer) put(tick Tick, input int8, want Fate) {
	d.t.Helper()
	if got := d.b.Put(tick, input); got != want {
		d.t.Errorf("the input of tick %d has fate %d, want %d", tick, got, want)
	}
}

func (d *testBuffer) take(want int8, from Source) {
	d.t.Helper()
	tick := d.b.Next()
	if got, source := d.b.Take(); got != want || source != from {
		d.t.Errorf("tick %d is played with %d from source %d, want %d from %d", tick, got, source, want, from)
	}
}

func (d *testBuffer) acked(want Tick) {
	d.t.Helper()
	if got := d.b.Acked(); got != want {
		d.t.Errorf("acknowledged up to tick %d, want %d", got, want)
	}
}

func newTestBuffer(t *testing.T, next Tick) *testBuffer {
	d := &testBuffer{t: t}
	d.b.Reset(next)
	return d
}

// Forty inputs that arrive at once are played one tick after the other, each at its own tick.
func TestInputBuffer_BurstMovesOneTickATick(t *testing.T) {
	d := newTestBuffer(t, 100)
	for i := range Tick(40) {
		d.put(139-i, int8(i), Fresh) // newest first, as runs come
	}
	d.acked(139)
	for i := range Tick(40) {
		d.take(int8(39-i), Exact)
	}
	d.take(0, Held)
}

func TestInputBuffer_LateAndRepeatedInputs(t *testing.T) {
	d := newTestBuffer(t, 10)
	d.put(10, 1, Fresh)
	d.put(10, 2, Again) // the first input of a tick counts
	d.take(1, Exact)
	d.put(10, 2, Again)
	d.take(1, Held)
	d.put(11, 2, TooLate)
	d.put(11, 2, Again)
	d.put(9, 2, Again) // before the start
	d.take(1, Held)    // a late input changes nothing, not even the input that is repeated
	if got, want := d.b.Counts(), (InputCounts{Fresh: 1, Again: 4, TooLate: 1, Missed: 2}); got != want {
		t.Errorf("the counts are %+v, want %+v", got, want)
	}
	if d.b.Newest() != 10 || d.b.Next() != 13 {
		t.Errorf("the newest is %d and the next %d, want 10 and 13", d.b.Newest(), d.b.Next())
	}
}

func TestInputBuffer_RefusesTooEarlyInputs(t *testing.T) {
	d := newTestBuffer(t, 1000)
	d.put(1000+History-1, 1, Fresh)
	d.put(1000+History, 2, TooEarly)
	d.put(^Tick(0), 2, TooEarly)
	d.put(0, 2, Again)
	d.take(0, Held)
	d.put(1000+History, 3, Fresh)
	if got := d.b.Counts(); got.TooEarly != 2 || got.Fresh != 2 {
		t.Errorf("the counts are %+v, want 2 early and 2 fresh", got)
	}
}

func TestInputBuffer_HoldsTheLastInputForAWhile(t *testing.T) {
	d := newTestBuffer(t, 0)
	d.put(0, 5, Fresh)
	d.take(5, Exact)
	for range HoldInput {
		d.take(5, Held)
	}
	for range 3 * History {
		d.take(0, Missing)
	}
	next := d.b.Next()
	d.put(next, 6, Fresh)
	d.take(6, Exact)
	d.take(6, Held)
}

func TestInputBuffer_AcknowledgesUpToTheFirstGap(t *testing.T) {
	d := newTestBuffer(t, 50)
	d.acked(49)
	d.put(52, 1, Fresh)
	d.acked(49) // 50 and 51 are missing
	d.put(50, 1, Fresh)
	d.acked(50)
	d.put(54, 1, Fresh)
	d.put(51, 1, Fresh)
	d.acked(52)
	d.take(1, Exact)
	d.take(1, Exact)
	d.take(1, Exact)
	d.acked(52)
	d.take(1, Held) // 53 has not arrived, and is of no use any more
	d.acked(54)
	d.take(1, Exact)
	d.take(1, Held)
	d.acked(55)
}

func TestInputBuffer_AtTickZero(t *testing.T) {
	var d testBuffer // without Reset
	d.t = t
	d.acked(0)
	d.put(1, 2, Fresh)
	d.put(0, 1, Fresh)
	d.acked(1)
	d.take(1, Exact)
	d.take(2, Exact)
	d.b.Reset(0)
	d.put(0, 3, Fresh)
	d.take(3, Exact)
	if got := d.b.Counts().Fresh; got != 3 {
		t.Errorf("%d fresh inputs after a reset, want 3: counts are kept", got)
	}
}

// The buffer against maps that never forget.
func TestInputBuffer_AgainstTheModel(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		d := newTestBuffer(t, Tick(r.IntN(2)*700))
		start := d.b.Next()
		arrived, late := map[Tick]int8{}, map[Tick]bool{}
		newest, last, held := int64(start)-1, int8(0), 0
		var counts InputCounts
		for range 2000 {
			next := d.b.Next()
			if r.IntN(3) == 0 {
				input, ok := arrived[next]
				want, source := last, Held
				switch {
				case ok:
					want, source, last, held = input, Exact, input, 0
				case held == HoldInput:
					want, source = 0, Missing
				default:
					held++
				}
				if !ok {
					counts.Missed++
				}
				d.take(want, source)
			} else {
				tick, input := int64(next)+int64(r.NormFloat64()*[]float64{3, 10, 150}[r.IntN(3)]), int8(1+r.IntN(9))
				if tick < 0 {
					continue
				}
				u := Tick(tick)
				_, ok := arrived[u]
				switch {
				case ok || u < start || u < next && (late[u] || next-u > History):
					counts.Again++
					d.put(u, input, Again)
				case u < next:
					counts.TooLate++
					late[u] = true
					d.put(u, input, TooLate)
				case u-next >= History:
					counts.TooEarly++
					d.put(u, input, TooEarly)
				default:
					counts.Fresh++
					arrived[u] = input
					newest = max(newest, tick)
					d.put(u, input, Fresh)
				}
			}
			acked := max(int64(d.b.Next())-1, 0)
			for _, ok := arrived[Tick(acked+1)]; ok && acked < newest; _, ok = arrived[Tick(acked+1)] {
				acked++
			}
			if got := int64(d.b.Acked()); got != acked {
				t.Fatalf("seed %d: acknowledged up to %d, want %d", seed, got, acked)
			}
			if d.b.Counts() != counts || t.Failed() {
				t.Fatalf("seed %d: the counts are %+v, want %+v", seed, d.b.Counts(), counts)
			}
		}
	}
}

// serve returns a function that takes a datagram with seven inputs, of which most are known, and plays a tick.
func serve() func() {
	b := &InputBuffer[int8]{}
	b.Reset(1)
	runs := []Run[int8]{{Input: 1, N: 3}, {Input: 2, N: 4}}
	fates := [Fates]int{}
	return func() {
		b.PutRuns(b.Next()+6, runs, func(_ Tick, fate Fate) { fates[fate]++ })
		b.Take()
	}
}

func TestInputBuffer_AllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(1000, serve()); n != 0 {
		t.Errorf("%v allocations for a tick, want none", n)
	}
}

func BenchmarkInputBuffer(b *testing.B) {
	tick := serve()
	b.ReportAllocs()
	for b.Loop() {
		tick()
	}
}

// Two buffers get the same datagrams, over a network that loses, repeats and delays them: one by Put, input by input,
// the other by PutRuns, which leaves out the known ones. They must not differ in anything.
func TestInputBuffer_PutRunsIsPutForEachInput(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var one, other InputBuffer[int8]
	type arrival struct {
		tick Tick
		fate Fate
	}
	fresh := 0
	for _, first := range []Tick{0, 1, 500} {
		one.Reset(first)
		other.Reset(first)
		for next := first; next < first+3000; next++ {
			for range r.IntN(3) { // datagrams
				newest := next + Tick(r.IntN(8))
				newest -= min(newest, Tick(r.IntN(5)*r.IntN(40)))
				var runs []Run[int8]
				var want, got []arrival
				left := min(int(newest)+1, 1+r.IntN(20))
				for tick := newest; left > 0; {
					run := Run[int8]{Input: int8(r.IntN(3)), N: 1 + r.IntN(left)}
					runs = append(runs, run)
					left -= run.N
					for range run.N {
						if fate := one.Put(tick, run.Input); fate != Again {
							want = append(want, arrival{tick, fate})
						}
						tick--
					}
				}
				other.PutRuns(newest, runs, func(tick Tick, fate Fate) { got = append(got, arrival{tick, fate}) })
				if !slices.Equal(got, want) {
					t.Fatalf("runs %v up to tick %d arrive as %v, want %v", runs, newest, got, want)
				}
				fresh += len(got)
			}
			a, from := one.Take()
			b, where := other.Take()
			if a != b || from != where || one != other {
				t.Fatalf("tick %d: the buffers differ: %+v, %+v", next, one.Counts(), other.Counts())
			}
		}
	}
	if again := one.Counts().Again; fresh < 1000 || again < 1000 {
		t.Errorf("%d inputs were new and %d known, which tests little", fresh, again)
	}
}

func TestInputBuffer_PutRunsStopsAtTickZero(t *testing.T) {
	var b InputBuffer[int8]
	arrived := 0
	b.PutRuns(1, []Run[int8]{{Input: 1, N: 1}, {Input: 2, N: 3}, {Input: 3, N: 2}}, func(Tick, Fate) { arrived++ })
	if arrived != 2 || b.Counts() != (InputCounts{Fresh: 2}) {
		t.Errorf("%d inputs of ticks 0 and 1 arrived, counts %+v, want 2 fresh", arrived, b.Counts())
	}
	b.Reset(2)
	b.PutRuns(1, []Run[int8]{{Input: 1, N: 1}, {Input: 2, N: 3}, {Input: 3, N: 2}}, nil)
	if b.Counts() != (InputCounts{Fresh: 2, Again: 2}) {
		t.Errorf("the counts are %+v, want 2 fresh and 2 known", b.Counts())
	}
}
