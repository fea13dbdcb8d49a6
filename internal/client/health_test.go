package client

import (
	"testing"
	"time"
)

// TestHealth_StandstillIsNotTheNetworks stops calling update for five minutes, as a process that sleeps does.
func TestHealth_StandstillIsNotTheNetworks(t *testing.T) {
	now := time.Unix(0, 0)
	h := newHealth(now, 0)
	h.arrived = now
	pass := func(span time.Duration) {
		for range int(span / period) {
			now = now.Add(period)
			h.update(now)
		}
	}
	pass(3 * time.Second)
	if got := h.stalled(now, time.Time{}); got < 2900*time.Millisecond || got > 3*time.Second {
		t.Errorf("after 3 s without a datagram the channel is stalled for %v", got)
	}
	now = now.Add(5 * time.Minute)
	if got := h.stalled(now, time.Time{}); got != 0 {
		t.Errorf("before the first update after a standstill the channel is stalled for %v, want 0", got)
	}
	h.update(now)
	if h.stalled(now, time.Time{}) != 0 || h.givenUp(now) {
		t.Errorf("right after a standstill: stalled for %v, given up %v; want 0, false",
			h.stalled(now, time.Time{}), h.givenUp(now))
	}
	pass(time.Second)
	if got := h.stalled(now, time.Time{}); got < 5*time.Minute {
		t.Errorf("a second after a standstill the channel is stalled for %v, want the whole silence", got)
	}
	if h.givenUp(now) {
		t.Error("a second after a standstill the server is given up")
	}
	if pass(goneAfter); !h.givenUp(now) {
		t.Errorf("%v after a standstill the server is not given up", goneAfter+time.Second)
	}
}

func TestHealth_StalledInEitherDirection(t *testing.T) {
	now := time.Unix(100, 0)
	h := newHealth(now.Add(-time.Hour), 0)
	h.lastUpdate, h.arrived = now, now.Add(-time.Second)
	for _, c := range []struct {
		unreceived time.Time
		want       time.Duration
	}{
		{time.Time{}, time.Second},
		{now.Add(-4 * time.Second), 4 * time.Second},
		{now.Add(-time.Millisecond), time.Second},
	} {
		if got := h.stalled(now, c.unreceived); got != c.want {
			t.Errorf("with nothing received by the server since %v: stalled for %v, want %v", c.unreceived, got, c.want)
		}
	}
}
