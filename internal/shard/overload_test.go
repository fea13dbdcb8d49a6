package shard

import (
	"errors"
	"testing"
	"time"
)

// work counts a share of a time span as work.
func (d *testShard) work(share float64, span time.Duration) {
	const round = 4 * time.Millisecond
	worked := time.Duration(share * float64(round))
	for ; span > 0; span -= round {
		d.CountWork(worked, round-worked)
	}
}

// TestOverload_BusyShardRefusesNewMatches increases the load of a loop. At 70 % of a core a player is let in only at a
// match where another player waits, or to resume.
func TestOverload_BusyShardRefusesNewMatches(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	waits := d.join()
	d.work(0.65, time.Minute)
	if l := d.Counts().Load; l < 0.64 || l > 0.66 {
		t.Errorf("Load = %.3f after a minute of 65 %% work, want 0.65", l)
	}
	if _, err := d.tryJoinAs(JoinRequest{Room: "oak-7"}); err != nil {
		t.Errorf("a new room at 65 %% load: %v", err)
	}
	d.work(0.75, 10*time.Second)
	if w := d.join().welcome; w.Match != waits.welcome.Match {
		t.Errorf("at 75 %% load a player is in %s, want %s, where another one waits", w.Match, waits.welcome.Match)
	}
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrBusy) || !errors.Is(err, ErrFull) {
		t.Errorf("a new match at 75 %% load: %v, want %v", err, ErrBusy)
	}
	if _, err := d.tryJoinAs(JoinRequest{Room: "elm-3"}); !errors.Is(err, ErrBusy) {
		t.Errorf("a new room at 75 %% load: %v, want %v", err, ErrBusy)
	}
	if _, err := d.tryJoin(left.resume()); err != nil {
		t.Errorf("resume at 75 %% load: %v", err)
	}
	if n := d.Counts().Busy; n != 2 {
		t.Errorf("Busy = %d, want 2", n)
	}
	d.work(0.1, 3*time.Second)
	if _, err := d.tryJoin(nil); err != nil {
		t.Errorf("a new match after 3 s with little load: %v", err)
	}
}

// TestOverload_ShortBurstRefusesNobody lets a loop work without a pause for as long as fifty joins take.
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
