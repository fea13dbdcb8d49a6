package shard

import (
	"errors"
	"testing"
	"time"
)

// work has the shard's loop work for a share of its time.
func (d *testShard) work(share float64, span time.Duration) {
	const round = 4 * time.Millisecond
	worked := time.Duration(share * float64(round))
	for ; span > 0; span -= round {
		d.CountWork(worked, round-worked)
	}
}

// TestOverload_BusyShardRefusesNewMatches has a loop work ever more: at 70 % of a core only those are let in who meet somebody that
// waits, or who come back.
func TestOverload_BusyShardRefusesNewMatches(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	waits := d.join()
	d.work(0.65, time.Minute)
	if l := d.Counts().Load; l < 0.64 || l > 0.66 {
		t.Errorf("of a loop that works 65 %% of its time the load is %.3f", l)
	}
	if _, err := d.tryJoinAs(JoinRequest{Room: "oak-7"}); err != nil {
		t.Errorf("at 65 %% of a core a match is refused: %v", err)
	}
	d.work(0.75, 10*time.Second)
	if w := d.join().welcome; w.Match != waits.welcome.Match {
		t.Errorf("who comes to one who waits sits in %s, want %s", w.Match, waits.welcome.Match)
	}
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrBusy) || !errors.Is(err, ErrFull) {
		t.Errorf("at 75 %% of a core a new match is answered with %v, want %v", err, ErrBusy)
	}
	if _, err := d.tryJoinAs(JoinRequest{Room: "elm-3"}); !errors.Is(err, ErrBusy) {
		t.Errorf("at 75 %% of a core a new room is answered with %v, want %v", err, ErrBusy)
	}
	if _, err := d.tryJoin(left.resume()); err != nil {
		t.Errorf("one who comes back is turned away: %v", err)
	}
	if n := d.Counts().Busy; n != 2 {
		t.Errorf("%d players are counted as refused, want 2", n)
	}
	d.work(0.1, 3*time.Second)
	if _, err := d.tryJoin(nil); err != nil {
		t.Errorf("3 s after the load has gone: %v", err)
	}
}

// TestOverload_ShortBurstRefusesNobody has a loop work without a pause for as long as fifty joins take.
func TestOverload_ShortBurstRefusesNobody(t *testing.T) {
	d := newTestShard(t, nil)
	d.work(0.3, time.Minute)
	d.work(1, 300*time.Millisecond)
	if _, err := d.tryJoinAs(JoinRequest{Room: "oak-7"}); err != nil {
		t.Errorf("after 300 ms of work: %v", err)
	}
	d.work(1, 2*time.Second)
	if _, err := d.tryJoinAs(JoinRequest{Room: "elm-3"}); !errors.Is(err, ErrBusy) {
		t.Errorf("after 2.3 s of work without a pause: %v, want %v", err, ErrBusy)
	}
}
