package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// REGISTER and any other datagram show only that the way up works. The player is not there before one of them echoes
// what the server has sent.
func TestEcho_DatagramsAloneAreNoPresence(t *testing.T) {
	d := newTestShard(t, nil)
	left := d.join()
	right, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	right.deaf = true
	right.register()
	d.run(30*time.Second, left, right)
	if n := len(d.reported(Started)) + len(d.reported(Ready)); n > 0 || right.match().begun {
		t.Error("a match has begun with a player at whom nothing arrives")
	}
	if got := left.lines(wire.Presence); got[len(got)-1].Status != wire.StatusJoined {
		t.Errorf("the other player is told %q, want %q", got[len(got)-1].Status, wire.StatusJoined)
	}
	if len(right.states()) == 0 {
		t.Error("no STATE was sent to the player: it could never echo one")
	}
	right.deaf = false
	d.run(time.Second, left, right)
	if n := len(d.reported(Started)); n != 1 {
		t.Errorf("%d games have started when the player has echoed a STATE, want 1", n)
	}
}

// In a match the same rule pauses it, and in the end frees the seat, whatever the player registers meanwhile.
func TestEcho_DeafPlayerPausesAndLosesTheSeat(t *testing.T) {
	for name, redial := range map[string]bool{"one session": false, "a new session every 3 s": true} {
		d := newTestShard(t, func(cfg *Config) { cfg.Seed = longRally })
		left, right := d.joinTwo()
		d.runUntilPlaying(left, right)
		before, _ := d.State(left.id)
		right.deaf = true
		now := right
		for range 19 {
			d.run(3*time.Second, left, now)
			if !redial {
				continue
			}
			again, err := d.tryJoin(now.resume())
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			again.deaf = true
			again.register()
			now = again
		}
		if n := len(d.reported(Silent)); n != 1 {
			t.Errorf("%s: the player is reported silent %d times in 57 s, want once", name, n)
		}
		if n := len(d.reported(Back)) + len(d.reported(Vacated)); n > 0 {
			t.Errorf("%s: a player at whom nothing arrives was reported back or gone %d times", name, n)
		}
		paused, _ := d.State(left.id)
		if paused.Phase != game.Waiting {
			t.Errorf("%s: the game is in phase %v, want the pause", name, paused.Phase)
		}
		if ticks := paused.Round - before.Round; ticks > 1 {
			t.Errorf("%s: %d points were played against a player at whom nothing arrives", name, ticks)
		}
		d.run(5*time.Second, left, now)
		if freed := d.reported(Vacated); len(freed) != 1 || freed[0].Reason != NoResponse {
			t.Errorf("%s: after 62 s %+v is reported, want one seat freed", name, freed)
		}
	}
}

// A player at whom datagrams arrive again within a minute plays on.
func TestEcho_PlayerIsBackWhenItEchoes(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	right.deaf = true
	d.run(40*time.Second, left, right)
	right.deaf = false
	d.run(time.Second, left, right)
	if n := len(d.reported(Back)); n != 1 {
		t.Fatalf("%d returns are reported, want 1", n)
	}
	d.runUntilPlaying(left, right)
	if n := len(d.reported(Silent)); n != 1 {
		t.Errorf("%d silences are reported, want 1", n)
	}
}

// A watcher at whom nothing arrived for a while must get STATEs again, or it could not echo one.
func TestEcho_DeafWatcherComesBack(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	watcher := d.joinAs(JoinRequest{Watch: true})
	watcher.deaf = true
	d.run(20*time.Second, left, right, watcher)
	watcher.states()
	watcher.deaf = false
	d.run(time.Second, left, right, watcher)
	if n := len(watcher.states()); n < 15 {
		t.Errorf("%d STATEs in the second after the watcher echoes again, want 20", n)
	}
	watcher.deaf = true
	d.run(62*time.Second, left, right, watcher)
	if d.tables.sessions[watcher.id] != nil {
		t.Error("a watcher at whom nothing arrives still has its place after 62 s")
	}
}
