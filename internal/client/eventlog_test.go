package client

import (
	"slices"
	"testing"

	"pong/internal/game"
)

func TestEventLog_ReportsEachEventOnce(t *testing.T) {
	for _, view := range []View{ViewFilter, ViewPredict, ViewInterp} {
		f := newPeer(t, 1)
		f.rules.Points = 2
		f.s.SetView(view)
		got, want := map[Event]int{}, map[Event]int{}
		before := f.state
		for range 60 * 60 {
			for _, e := range f.run(period, game.None).Events {
				got[e]++
			}
			set := game.Events(before, f.state)
			for from, to := range map[game.Event]Event{
				game.Hit: EventHit, game.Wall: EventWall, game.Point: EventPoint, game.Serve: EventServe,
				game.GameOver: EventOver,
			} {
				if set.Has(from) {
					want[to]++
				}
			}
			before = f.state
			if len(f.s.Frame(f.now).Events) > 0 {
				t.Fatal("a second frame has events again")
			}
		}
		if want[EventOver] != 1 || want[EventPoint] < 2 || want[EventServe] < 2 {
			t.Fatalf("the game has not been played to its end: %v", want)
		}
		for e, n := range want {
			if got[e] != n {
				t.Errorf("%v: event %d was reported %d times, want %d", view, e, got[e], n)
			}
		}
	}
}

func TestEventLog_IsBounded(t *testing.T) {
	f := newPeer(t, 1)
	for range maxEvents * 3 {
		f.s.drawn.events.add(EventHit)
	}
	if n := len(f.s.Frame(f.now).Events); n != maxEvents {
		t.Errorf("%d events wait, want %d", n, maxEvents)
	}
}

func TestEventLog_LeavesOutPointsFromBeforeTheFirstFrame(t *testing.T) {
	f := newPeer(t, 1)
	f.state.Score, f.state.Round = [2]uint16{3, 2}, 5
	for range 3 * 60 { // the countdown, and the beginning of a rally
		if v := f.run(period, game.None); slices.Contains(v.Events, EventPoint) {
			t.Fatalf("a frame at %v, %v reports a point from before", v.Stage, v.Score)
		}
	}
	if v := f.s.Frame(f.now); v.Score != [2]int{3, 2} {
		t.Errorf("the score is %v, want [3 2]", v.Score)
	}
}

func TestEventLog_ReportsAReplayedHitOnce(t *testing.T) {
	rules := game.DefaultRules()
	before := game.New(rules, 1)
	for {
		after := game.Step(rules, before, game.Inputs{}, before.SeededServe(1))
		if game.Events(before, after).Has(game.Hit) {
			break
		}
		before = after
	}
	var n eventLog
	for range 3 { // the tick of the hit, and twice after corrections
		n.addFlight(before, game.Step(rules, before, game.Inputs{}, 0))
	}
	if events := n.take(); !slices.Equal(events, []Event{EventHit}) {
		t.Errorf("a hit that was played three times is reported as %v, want one hit", events)
	}
}
