package shard

import (
	"testing"
	"time"
)

// count runs a shard and returns how many STATEs a player was sent meanwhile.
func (d *testShard) count(span time.Duration, of *testPlayer, awake ...*testPlayer) int {
	of.states()
	d.run(span, awake...)
	return len(of.states())
}

// joinDeaf joins a player who registers and receives nothing.
func (d *testShard) joinDeaf() *testPlayer {
	p, err := d.tryJoin(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	p.deaf = true
	p.register()
	return p
}

// TestPace_WaitingPlayerIsSentFiveStatesASecond, but the first as soon as it has registered, and fifteen a second at
// first and in a match.
func TestPace_WaitingPlayerIsSentFiveStatesASecond(t *testing.T) {
	d := newTestShard(t, nil)
	left := d.join()
	if n := d.count(2*Period, left); n != 1 {
		t.Errorf("%d STATEs were sent within two ticks of REGISTER, want 1", n)
	}
	if n := d.count(time.Second, left, left); n < 14 || n > 16 {
		t.Errorf("%d STATEs were sent in the first second, want 15", n)
	}
	d.run(settleWithin, left)
	if n := d.count(10*time.Second, left, left); n != 50 {
		t.Errorf("%d STATEs were sent in 10 s to a player who waits, want 50", n)
	}
	right := d.join()
	d.run(5*time.Second, left, right)
	if n := d.count(10*time.Second, left, left, right); n < 145 {
		t.Errorf("%d STATEs were sent in 10 s of a match, want at least 145", n)
	}
	watcher := d.joinAs(JoinRequest{Watch: true})
	d.Leave(d.now, right.id)
	d.run(time.Second, left, watcher)
	if n := d.count(10*time.Second, watcher, left, watcher); n < 49 || n > 51 {
		t.Errorf("%d STATEs were sent in 10 s to a watcher of a match that waits, want 50", n)
	}
}

// TestPace_SilentPlayerIsSentTwoStatesASecond while the control channel is open, and none without it.
func TestPace_SilentPlayerIsSentTwoStatesASecond(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.run(SilentAfter+time.Second, left)
	if n := d.count(10*time.Second, right, left); n != 20 {
		t.Errorf("%d STATEs were sent in 10 s to a player from whom nothing arrives, want 20", n)
	}
	if n := d.count(10*time.Second, left, left); n < 145 {
		t.Errorf("%d STATEs were sent in 10 s to the other player, want at least 145", n)
	}
	right.deaf = true
	right.states()
	right.ping()
	if n := len(right.states()); n != 1 {
		t.Errorf("%d STATEs answer the first datagram after the silence, want 1 at once", n)
	}
	if n := d.count(GoneAfter, right, left); n < 14 {
		t.Errorf("%d STATEs were sent in the second after a datagram, want 15", n)
	}
	right.states()
	d.ControlLost(d.now, right.id, ConnectionClosed)
	d.run(time.Second, left)
	if n := d.count(10*time.Second, right, left); n != 0 {
		t.Errorf("%d STATEs were sent in 10 s to a player of whom neither channel works, want none", n)
	}
	right.deaf = false
	right.ping()
	d.run(100*time.Millisecond, left, right)
	right.ping()
	if n := len(right.states()); n < 2 {
		t.Errorf("%d STATEs were sent within 100 ms of the first datagram, want at least 2", n)
	}
	if n := len(d.reported(Back)); n != 1 {
		t.Errorf("the player was reported as back %d times, want once", n)
	}
}

// TestPace_RegistersAndVanishes measures what one REGISTER can draw until its seat is freed.
func TestPace_RegistersAndVanishes(t *testing.T) {
	d := newTestShard(t, nil)
	p := d.joinDeaf()
	if n := d.count(FreedAfter, p); n > 150 {
		t.Errorf("one REGISTER draws %d STATEs in a minute, want at most 150", n)
	}
}
