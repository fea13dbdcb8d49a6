package netcode

import (
	"math/rand/v2"
	"testing"
)

func wantLoss(t *testing.T, what string, l *Loss, lost, burst int) {
	t.Helper()
	if l.Lost() != lost || l.Burst() != burst {
		t.Errorf("%s: %d lost, at most %d in a row, want %d and %d", what, l.Lost(), l.Burst(), lost, burst)
	}
}

func addAll(l *Loss, from, to uint32) {
	for n := from; n <= to; n++ {
		l.Add(n)
	}
}

func TestLoss_ByHand(t *testing.T) {
	var l Loss
	wantLoss(t, "nothing", &l, 0, 0)
	near(t, "share of nothing", l.Share(), 0, 0)
	l.Add(1)
	near(t, "share of one that is not judged", l.Share(), 0, 0)
	addAll(&l, 2, 10)
	addAll(&l, 12, 20)
	addAll(&l, 24, 20+lossGrace)
	wantLoss(t, "gaps that may still be filled", &l, 1, 1) // 11 may not
	l.Add(21 + lossGrace)
	wantLoss(t, "the first that may not", &l, 2, 1)
	addAll(&l, 22+lossGrace, 100)
	wantLoss(t, "11 and 21 to 23", &l, 4, 3)
	near(t, "share", l.Share(), 4/68.0, 1e-12) // 1 to 68 are judged
	if l.Received() != 96 {
		t.Errorf("%d received, want 96", l.Received())
	}
}

func TestLoss_ForgivesReordering(t *testing.T) {
	var l Loss
	addAll(&l, 1, 9)
	addAll(&l, 11, 10+lossGrace-1) // 10 is overtaken by 31
	l.Add(10)
	addAll(&l, 10+lossGrace, 200)
	wantLoss(t, "overtaken by 31", &l, 0, 0)

	l = Loss{}
	addAll(&l, 1, 9)
	addAll(&l, 11, 10+lossGrace)
	l.Add(10)
	addAll(&l, 11+lossGrace, 200)
	wantLoss(t, "overtaken by 32", &l, 1, 1)

	l = Loss{}
	l.Add(2)
	l.Add(1)
	addAll(&l, 3, 200)
	wantLoss(t, "the first two changed places", &l, 0, 0)
}

// A datagram that arrives after it was judged must not count for another one with the same place in the ring.
func TestLoss_IgnoresJudgedNumbers(t *testing.T) {
	var l Loss
	addAll(&l, 1, 87)
	addAll(&l, 89, 599)
	addAll(&l, 601, 610)
	l.Add(600 - lossBits)
	addAll(&l, 611, 700)
	wantLoss(t, "88, though it came in the end, and 600", &l, 2, 1)
}

func TestLoss_StartsAtAnyNumber(t *testing.T) {
	for _, first := range []uint32{0, 1, 31, 33, 1_000_000} {
		var l Loss
		addAll(&l, first, first+99)
		wantLoss(t, "nothing lost", &l, 0, 0)
		near(t, "share", l.Share(), 0, 0)
	}
}

func TestLoss_AfterAnOutage(t *testing.T) {
	for _, gap := range []uint32{1, 31, 32, 33, 480, 511, 512, 513, 543, 544, 545, 546, 577, 1000, 5000, 1 << 22} {
		var l Loss
		addAll(&l, 1, 100) // the newest are not judged when the gap begins
		addAll(&l, 101+gap, 100+gap+100)
		wantLoss(t, "a gap", &l, int(gap), int(gap))
		judged := min(100+gap+100-lossGrace, lossBits)
		near(t, "share of the newest 512", l.Share(), float64(min(gap, judged-68))/float64(judged), 1e-12)
		addAll(&l, 100+gap+101, 100+gap+100+lossBits)
		near(t, "share 512 datagrams later", l.Share(), 0, 0)
		if t.Failed() {
			t.Fatalf("with a gap of %d", gap)
		}
	}
}

// Compares a stream with bursts of losses and reordering with plain counting.
func TestLoss_AgainstTheModel(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 0))
		var l Loss
		const end = 3000
		came := make([]bool, end+1)
		var order []uint32
		bad := false
		for n := uint32(1); n <= end; n++ {
			bad = r.Float64() < map[bool]float64{false: 0.02, true: 0.7}[bad]
			if n == 1 || !bad {
				came[n] = true
				order = append(order, n)
			}
		}
		for i := 1; i+4 < len(order); i++ { // some are overtaken by a few
			if j := i + r.IntN(4); r.IntN(10) == 0 && order[j]-order[i] < lossGrace {
				order[i], order[j] = order[j], order[i]
			}
		}
		newest := uint32(0)
		for _, n := range order {
			l.Add(n)
			newest = max(newest, n)
		}
		lost, run, burst, recent := 0, 0, 0, 0
		for n := uint32(1); n+lossGrace <= newest; n++ {
			if came[n] {
				run = 0
				continue
			}
			lost++
			run++
			burst = max(burst, run)
			if n+lossGrace+lossBits > newest {
				recent++
			}
		}
		wantLoss(t, "bursts", &l, lost, burst)
		near(t, "share", l.Share(), float64(recent)/lossBits, 1e-12)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
