package shard

import (
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
	lines := left.lines(wire.Presence)
	if m := lines[len(lines)-2]; m.Status != wire.StatusSilent || m.Seconds < 33 || m.Seconds > 36 {
		t.Errorf("at the second pause the other player is sent %+v, want silent with 35 s left", m)
	}
	d.run(SilentAfter+11*time.Second, left)
	if v := d.reported(Vacated); len(v) != 1 || v[0].Player != 2 {
		t.Errorf("removed after 61 s of pauses: %+v, want player 2", v)
	}
	if m := left.lines(wire.End); len(m) != 1 || m[0].Winner != 1 {
		t.Errorf("the player who stayed is sent %+v, want one END with winner 1", m)
	}
}

func TestTimeouts_PauseBudgetIsPerGame(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.ClassicRules() })
	left, right := d.joinTwo()
	d.run(4*time.Second, left, right)
	d.run(SilentAfter+40*time.Second, left)
	d.run(time.Second, left, right)
	left.match().state.Score = [2]uint16{10, 10} // the next point ends the game
	for s, _ := d.State(left.id); s.Phase != game.Over; s, _ = d.State(left.id) {
		d.run(time.Second, left, right)
	}
	d.Rematch(d.now, left.id, 0)
	d.Rematch(d.now, right.id, 0)
	d.run(time.Second, left, right)
	d.run(SilentAfter+40*time.Second, left)
	if v := d.reported(Vacated); len(v) != 0 {
		t.Errorf("removed after 40 s of pause in each of two games: %+v, want nobody", v)
	}
}

func TestTimeouts_GoneAfterOneSecondWithoutControl(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(5*time.Second, left, right)
	d.ControlLost(d.now, right.id, ConnectionClosed)
	d.run(GoneAfter+600*time.Millisecond, left) // the last ping may be half a second old
	if r := d.reported(Silent); len(r) != 1 || r[0].Player != 2 {
		t.Errorf("silent %v after the end of the connection and of the datagrams: %+v, want player 2", GoneAfter, r)
	}
}

func TestTimeouts_IdleMatchEnds(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	d.run(IdleAfter-time.Second, left, right)
	if len(d.reported(Vacated)) > 0 {
		t.Fatalf("an idle match has ended before %v", IdleAfter)
	}
	d.run(2*time.Second, left, right)
	if c := d.Counts(); c.Sessions != 0 || c.Matches != 0 {
		t.Errorf("%d sessions and %d matches after %v, want none", c.Sessions, c.Matches, IdleAfter)
	}
}

func TestTimeouts_SilentPlayerLosesTheGame(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	d.run(FreedAfter-2*time.Second, left)
	if len(d.reported(Vacated)) > 0 {
		t.Fatalf("the seat was freed before %v", FreedAfter)
	}
	d.run(3*time.Second, left)
	if v := d.reported(Vacated); len(v) != 1 || v[0].Player != 2 || v[0].Reason != NoResponse {
		t.Fatalf("removed: %+v, want player 2 because of %v", v, NoResponse)
	}
	if e := left.lines(wire.End); len(e) != 1 || e[0].Winner != 1 || e[0].Message == "" {
		t.Errorf("the player who stayed is sent %+v, want one END with winner 1 and a message", e)
	}
	if e := right.lines(wire.Error); len(e) != 1 || e[0].Code != wire.CodeSeat {
		t.Errorf("the silent player is sent %+v, want one ERROR with the code %q", e, wire.CodeSeat)
	}
	p := left.lines(wire.Presence)
	if last := p[len(p)-1]; last.PlayerID != 2 || last.Status != wire.StatusLeft {
		t.Errorf("the last PRESENCE is %+v, want player 2 with the status %q", last, wire.StatusLeft)
	}
}

// TestTimeouts_UnreachedClientIsReportedOnce joins a player who never registers, and one who does.
func TestTimeouts_UnreachedClientIsReportedOnce(t *testing.T) {
	d := newTestShard(t, nil)
	ann := d.join()
	if _, err := d.tryJoin(nil); err != nil {
		t.Fatal(err)
	}
	d.run(UnreachedAfter, ann)
	if n := len(d.reported(Unreached)); n != 0 {
		t.Fatalf("%d clients were reported within %v", n, UnreachedAfter)
	}
	d.run(3*time.Second, ann)
	if all := d.reported(Unreached); len(all) != 1 || all[0].Player != 2 || !all[0].From.IsValid() {
		t.Errorf("reported as unreached: %+v, want player 2 once, with an address", all)
	}
}

func TestTimeouts_UnregisteredSeatIsFreed(t *testing.T) {
	d := newTestShard(t, nil)
	if _, err := d.tryJoin(nil); err != nil {
		t.Fatal(err)
	}
	d.run(RegisterWithin - Period)
	if n := len(d.reported(Vacated)); n != 0 {
		t.Fatalf("the seat was freed before %v", RegisterWithin)
	}
	d.run((expireEvery + 2) * Period)
	c := d.Counts()
	if len(d.reported(Vacated)) != 1 || len(d.reported(Closed)) != 1 || c.NeverRegistered != 1 ||
		c.Sessions+c.Matches != 0 {
		t.Errorf("after %v: reports %+v and counts %+v, want the seat freed and the match closed", RegisterWithin,
			d.reports, c)
	}
}

// blink has the player cause the shortest pause that there can be: its control connection has ended, and it sends
// nothing until it is silent, and then one datagram. The player may lose its seat instead.
func (p *testPlayer) blink(others ...*testPlayer) {
	d := p.shard
	for d.run(Period, others...); d.tables.sessions[p.id] != nil; d.run(Period, others...) {
		if p.match().seats[p.welcome.PlayerID-1].status == seatSilent {
			d.run(2*Period, others...)
			p.ping()
			return
		}
	}
}

func TestTimeouts_PauseCostsSixSecondsAtLeast(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(5*time.Second, left, right)
	d.ControlLost(d.now, right.id, ConnectionClosed)
	for i := range 9 {
		right.blink(left)
		d.run(time.Second/2, left)
		want := [2]uint8{wire.MaxPauseLeft, uint8((60 - 6*(i+1) + 9) / 10)}
		if got := left.standing().PauseLeft; got != want {
			t.Fatalf("after %d pauses STATE has %v units left, want %v", i+1, got, want)
		}
	}
	d.run(SilentAfter, left) // the tenth pause is in it, and is as long as the rest of the budget
	if v := d.reported(Vacated); len(v) != 0 {
		t.Fatalf("removed before the budget was used up: %+v", v)
	}
	d.run(SilentAfter, left)
	if v := d.reported(Vacated); len(v) != 1 || v[0].Reason != PauseBudgetExhausted {
		t.Errorf("removed after nine pauses of 6 s and one longer one: %+v, want player 2 because of %v", v,
			PauseBudgetExhausted)
	}
}

// A player who holds the other one up with pauses that cost nothing: 141 of them in 150 s, in which the ball never
// flew, before a pause cost 6 s at least.
func TestTimeouts_HolderIsOutWithinTwentySeconds(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.ControlLost(d.now, right.id, ConnectionClosed)
	begun, pauses := d.now, 0
	for len(d.reported(Vacated)) == 0 && d.now.Sub(begun) < 150*time.Second {
		right.blink(left)
		pauses++
	}
	took := d.now.Sub(begun)
	if took > 20*time.Second || pauses != 11 {
		t.Errorf("removed at pause %d after %v, want the eleventh within 20 s", pauses, took)
	}
	if v := d.reported(Vacated); len(v) != 1 || v[0].Player != 2 || v[0].Reason != PauseBudgetExhausted {
		t.Errorf("removed: %+v, want player 2 because of %v", v, PauseBudgetExhausted)
	}
	if e := left.lines(wire.End); len(e) != 1 || e[0].Winner != 1 {
		t.Errorf("the player who stayed is sent %+v, want one END with winner 1", e)
	}
	t.Logf("the holder is out after %.1f s and %d pauses", took.Seconds(), pauses)
}

// After a game silence pauses nothing, so it costs nothing: the seat is kept for as long as without a game.
func TestTimeouts_SilenceAfterAGameIsNoPause(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	left.match().seats[1].paused = PauseBudget // in the game that is over
	d.run(SilentAfter+30*time.Second, left)
	if v := d.reported(Vacated); len(v) != 0 {
		t.Fatalf("removed in the %v after a game: %+v, want nobody", SilentAfter+30*time.Second, v)
	}
	right.ping()
	d.Rematch(d.now, left.id, 0)
	d.Rematch(d.now, right.id, 0)
	d.run(time.Second, left, right)
	if got, want := left.standing().PauseLeft, [2]uint8{wire.MaxPauseLeft, wire.MaxPauseLeft}; got != want {
		t.Errorf("in the next game STATE has %v units of pauses left, want %v", got, want)
	}
}

// A player whose opponent has left waits for another game, so what earlier pauses have cost is forgotten.
func TestTimeouts_PausesAreForgottenWithTheGame(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(5*time.Second, left, right)
	d.ControlLost(d.now, right.id, ConnectionClosed)
	right.blink(left)
	d.run(time.Second/2, left, right)
	right.blink(left)
	d.Leave(d.now, left.id)
	d.run(time.Second, right)
	if is := right.standing(); is.Game != 0 || is.PauseLeft != [2]uint8{wire.MaxPauseLeft, wire.MaxPauseLeft} {
		t.Errorf("before the next game STATE has game %d and %v units of pauses left, want 0 and all", is.Game,
			is.PauseLeft)
	}
}
