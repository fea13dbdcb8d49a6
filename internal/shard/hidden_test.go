package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// TestHide_EveryoneAtTheMatchIsInformed hides the window of one of two players who are watched, and then has another
// watcher join.
func TestHide_EveryoneAtTheMatchIsInformed(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	watcher := d.joinAs(JoinRequest{Watch: true})
	newest := func(p *testPlayer) string {
		lines := p.lines(wire.Presence)
		for i := len(lines) - 1; i >= 0; i-- {
			if lines[i].PlayerID == 2 {
				return lines[i].Status
			}
		}
		return "none"
	}
	want := func(status string, all ...*testPlayer) {
		t.Helper()
		d.run(time.Second+expireEvery*Period, append(all, left, right)...)
		for _, p := range append(all, left, right) {
			if got := newest(p); got != status {
				t.Errorf("session %v has %q as the status of player 2, want %q", p.id, got, status)
			}
		}
	}
	before := len(left.lines(wire.Presence))
	d.Hide(watcher.id, true)
	want(wire.StatusOnline, watcher)
	if n := len(left.lines(wire.Presence)) - before; n > 0 {
		t.Errorf("a player is sent %d PRESENCEs because a watcher's window is hidden, want none", n)
	}
	d.Hide(right.id, true)
	want(wire.StatusHidden, watcher)
	if got := left.standing().Seats[1]; got != wire.SeatHidden {
		t.Errorf("STATE has the status %d of player 2, want %d", got, wire.SeatHidden)
	}
	want(wire.StatusHidden, watcher, d.joinAs(JoinRequest{Watch: true}))
	d.Hide(right.id, false)
	want(wire.StatusOnline, watcher)
	if n := len(d.reported(Silent)); n > 0 {
		t.Errorf("%d pauses, want none", n)
	}
}

// TestHide_IsAnnouncedAtMostOnceASecond hides the window of a player and shows it again, sixty times a second.
func TestHide_IsAnnouncedAtMostOnceASecond(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	before := len(left.lines(wire.Presence))
	for i := range 3 * game.TickRate {
		d.Hide(right.id, i%2 == 0)
		d.run(Period, left, right)
	}
	d.Hide(right.id, true)
	d.run(2*time.Second, left, right)
	lines := left.lines(wire.Presence)[before:]
	if n := len(lines); n < 1 || n > 5 || lines[n-1].Status != wire.StatusHidden || lines[n-1].PlayerID != 2 {
		t.Errorf("in 5 s the other player is sent %+v, want one to five, the last one hidden", lines)
	}
}

// TestHide_DoesNotHideSilence hides the window of a player of whom nothing arrives any more, and then has another
// client take the seat.
func TestHide_DoesNotHideSilence(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.Hide(right.id, true)
	d.run(SilentAfter+time.Second, left)
	last := func() wire.Message {
		lines := left.lines(wire.Presence)
		return lines[len(lines)-1]
	}
	if got := last().Status; got != wire.StatusSilent {
		t.Errorf("a second after SilentAfter the status is %q, want %q", got, wire.StatusSilent)
	}
	d.run(FreedAfter, left)
	next := d.join()
	d.run(2*time.Second, left, next)
	if m := last(); m.PlayerID != 2 || m.Status != wire.StatusOnline {
		t.Errorf("the status of the next player on the seat is %+v, want player 2 online", m)
	}
}
