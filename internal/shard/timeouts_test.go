package shard

import (
	"strings"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestTimeouts_PauseBudgetIsOneMinute(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(5*time.Second, left, right)
	for range 2 {
		d.run(SilentAfter+25*time.Second, left) // 25 s of pause
		d.run(4*time.Second, left, right)
	}
	if len(d.reported(Vacated)) > 0 {
		t.Fatalf("a seat was freed after 50 s of pauses: %+v", d.reported(Vacated))
	}
	told := left.lines(wire.Presence)
	if m := told[len(told)-2]; m.Status != wire.StatusSilent || m.Seconds < 33 || m.Seconds > 36 {
		t.Errorf("at the second pause the other is told %+v, want silent with 35 s left", m)
	}
	d.run(SilentAfter+11*time.Second, left)
	if v := d.reported(Vacated); len(v) != 1 || v[0].Player != 2 {
		t.Errorf("after 61 s of pauses: %+v", v)
	}
	if m := left.lines(wire.End); len(m) != 1 || m[0].Winner != 1 {
		t.Errorf("the one who stayed was told %+v", m)
	}
}

func TestTimeouts_PauseBudgetIsPerGame(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.ClassicRules() })
	left, right := d.joinTwo()
	d.run(4*time.Second, left, right)
	d.run(SilentAfter+40*time.Second, left)
	d.run(time.Second, left, right)
	d.sessions[left.id].seat.match.state.Score = [2]uint16{10, 10} // the next point ends the game
	for s, _ := d.State(left.id); s.Phase != game.Over; s, _ = d.State(left.id) {
		d.run(time.Second, left, right)
	}
	d.Rematch(d.now, left.id)
	d.Rematch(d.now, right.id)
	d.run(time.Second, left, right)
	d.run(SilentAfter+40*time.Second, left)
	if v := d.reported(Vacated); len(v) != 0 {
		t.Errorf("40 s of pause in each of two games: %+v", v)
	}
}

func TestTimeouts_GoneAfterOneSecondWithoutControl(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(5*time.Second, left, right)
	d.ControlLost(d.now, right.id, "closed the connection")
	d.run(GoneAfter+600*time.Millisecond, left) // the last ping may be half a second old
	if r := d.reported(Silent); len(r) != 1 || r[0].Player != 2 {
		t.Errorf("%v after the end of the connection and the datagrams: %+v", GoneAfter, r)
	}
}

func TestTimeouts_IdleMatchEnds(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	d.run(IdleAfter-time.Second, left, right)
	if len(d.reported(Vacated)) > 0 {
		t.Fatal("the table was swept too early")
	}
	d.run(2*time.Second, left, right)
	if c := d.Counts(); c.Sessions != 0 || c.Matches != 0 {
		t.Errorf("%d sessions and %d matches are left", c.Sessions, c.Matches)
	}
}

func TestTimeouts_SilentPlayerLosesTheGame(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	d.run(FreedAfter-2*time.Second, left)
	if len(d.reported(Vacated)) > 0 {
		t.Fatal("the seat was freed too early")
	}
	d.run(3*time.Second, left)
	if v := d.reported(Vacated); len(v) != 1 || v[0].Player != 2 || !strings.Contains(v[0].Why, "silent") {
		t.Fatalf("vacated: %+v", v)
	}
	if e := left.lines(wire.End); len(e) != 1 || e[0].Winner != 1 || e[0].Message == "" {
		t.Errorf("the one who stayed was told %+v", e)
	}
	if e := right.lines(wire.Error); len(e) != 1 || e[0].Code != wire.CodeSeat {
		t.Errorf("the one who was silent was told %+v", e)
	}
	p := left.lines(wire.Presence)
	if last := p[len(p)-1]; last.PlayerID != 2 || last.Status != wire.StatusLeft {
		t.Errorf("the last presence is %+v", last)
	}
}

func TestTimeouts_UnregisteredSeatIsFreed(t *testing.T) {
	d := newTestShard(t, nil)
	if _, err := d.tryJoin(nil); err != nil {
		t.Fatal(err)
	}
	d.run(RegisterWithin - Period)
	if n := len(d.reported(Vacated)); n != 0 {
		t.Fatalf("the seat was freed too early")
	}
	d.run(3 * Period)
	c := d.Counts()
	if len(d.reported(Vacated)) != 1 || len(d.reported(Closed)) != 1 || c.NeverRegistered != 1 || c.Sessions+c.Matches != 0 {
		t.Errorf("after 10 s: %+v, %+v", d.reports, c)
	}
}
