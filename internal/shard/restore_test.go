package shard

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// A savedMatches keeps what shards save, as a file does.
type savedMatches struct {
	records map[string][]byte
	writes  int
}

func (f *savedMatches) save(match string, record []byte) {
	if f.writes++; record == nil {
		delete(f.records, match)
		return
	}
	f.records[match] = bytes.Clone(record)
}

// newSavingShard returns a shard that saves its matches.
func newSavingShard(t testing.TB, change func(*Config)) (*testShard, *savedMatches) {
	f := &savedMatches{records: map[string][]byte{}}
	return newTestShard(t, func(cfg *Config) {
		cfg.Save = f.save
		if change != nil {
			change(cfg)
		}
	}), f
}

// restart returns a new shard, as after the process of the first was killed, with the matches that were saved.
func (f *savedMatches) restart(t testing.TB, change func(*Config)) *testShard {
	t.Helper()
	d, _ := newSavingShard(t, func(cfg *Config) {
		cfg.Save, cfg.Serial = f.save, 100
		cfg.Random.(interface{ Seed([32]byte) }).Seed([32]byte{2})
		if change != nil {
			change(cfg)
		}
	})
	for name, record := range f.records {
		r, err := ParseSaved(record)
		if err == nil {
			err = d.Restore(d.now, r)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	d.serial = 50 // of other addresses
	return d
}

// runUntilScore lets time pass until a number of points has been scored.
func (d *testShard) runUntilScore(points int, awake ...*testPlayer) {
	d.t.Helper()
	for range 60 * game.TickRate {
		if s, _ := d.State(awake[0].id); int(s.Score[0]+s.Score[1]) >= points && s.Phase == game.Playing {
			return
		}
		d.run(Period, awake...)
	}
	d.t.Fatalf("not %d points within a minute", points)
}

// A match whose shard is gone goes on in another one: with its name, sides, names and score, when both players have
// taken their seats with their secrets.
func TestRestore_PlayersFindTheirMatch(t *testing.T) {
	first, file := newSavingShard(t, nil)
	left, right := first.joinAs(JoinRequest{Room: "maple-42"}), first.joinAs(JoinRequest{Room: "maple-42"})
	first.runUntilScore(2, left, right)
	first.run(400*time.Millisecond, left, right)
	before, _ := first.State(left.id)
	names := left.match().report(Scored, 0).Names

	d := file.restart(t, nil)
	d.run(3 * time.Second)
	if all := d.reported(Restored); len(all) != 1 || all[0].Names != names || all[0].Match != left.welcome.Match {
		t.Errorf("reported %+v, want one match %s of %v", all, left.welcome.Match, names)
	}
	again := func(p *testPlayer) *testPlayer { return d.joinAs(JoinRequest{Resume: p.resume()}) }
	right2 := again(right)
	d.run(time.Second, right2)
	if st := right2.states(); len(st) == 0 || st[len(st)-1].Game.Phase != game.Waiting {
		t.Errorf("one player is back, and the match is not paused: %+v", st)
	}
	left2 := again(left)
	d.runUntilPlaying(left2, right2)
	after, _ := d.State(left2.id)
	if after.Score != before.Score {
		t.Errorf("the score is %v, want %v", after.Score, before.Score)
	}
	if behind := int(before.Tick) - int(after.Tick); behind > SavedEvery {
		t.Errorf("the match went on %d ticks before the end of the first shard, want at most %d", behind, SavedEvery)
	}
	for i, p := range []*testPlayer{left2, right2} {
		was := []*testPlayer{left, right}[i]
		w, want := p.welcome, was.welcome
		if w.PlayerID != want.PlayerID || w.Match != want.Match || w.Room != want.Room {
			t.Errorf("player %d is welcomed with %+v, want the seat of %+v", i+1, w, was.welcome)
		}
		if got := p.match().seats[i].name; got != names[i] {
			t.Errorf("player %d has the name %q, want %q", i+1, got, names[i])
		}
	}
	if left2.match() != right2.match() {
		t.Error("the players are at different matches")
	}
	d.run(time.Second, left2, right2)
	if st := left2.states(); st[len(st)-1].Standing.Game != left.match().game {
		t.Errorf("the game has number %d, want %d", st[len(st)-1].Standing.Game, left.match().game)
	}
	for i := range 2 {
		if left2 := left2.match().seats[i].pauseLeft(); left2 < PauseBudget-LeastPause {
			t.Errorf("player %d has %v of pauses left, want all but the present one", i+1, left2)
		}
	}
}

// A point is saved before any STATE has it: who has seen a score never sees an earlier one.
func TestSave_PointIsSavedBeforeItIsSent(t *testing.T) {
	d, file := newSavingShard(t, nil)
	left, right := d.joinTwo()
	saved := func() [2]uint16 {
		for _, record := range file.records {
			r, err := ParseSaved(record)
			if err != nil {
				t.Fatal(err)
			}
			return r.State.Score
		}
		return [2]uint16{}
	}
	send, sent := d.cfg.Send, 0
	d.cfg.Send = func(from netip.Addr, to netip.AddrPort, b []byte) {
		send(from, to, b)
		if s, ok := d.State(left.id); ok && s.Score != saved() {
			t.Errorf("a STATE with the score %v is sent, and %v is saved", s.Score, saved())
		}
		sent++
	}
	d.runUntilScore(3, left, right)
	if sent == 0 {
		t.Error("no STATE was sent")
	}
}

// A match is saved once a second, and at once if something happens to it. It is removed when it ends.
func TestSave_OnceASecondUntilTheEnd(t *testing.T) {
	d, file := newSavingShard(t, nil)
	left := d.join()
	d.run(3*time.Second, left)
	if len(file.records) > 0 {
		t.Error("a match that has not begun is saved")
	}
	right := d.join()
	d.runUntilPlaying(left, right)
	before := file.writes
	d.run(3*time.Second, left, right)
	if n, points := file.writes-before, len(d.reported(Scored)); n != 3+points {
		t.Errorf("saved %d times in 3 s with %d points, want 3 times and once for each point", n, points)
	}
	again := d.joinAs(JoinRequest{Resume: right.resume()})
	d.run(50*time.Millisecond, left, again)
	for _, record := range file.records {
		if r, _ := ParseSaved(record); r.Seats[1].Resume != sha256.Sum256(again.resume()) {
			t.Error("the secret of a player who came back is not saved at once")
		}
	}
	d.Leave(d.now, left.id)
	d.run(50*time.Millisecond, again)
	if len(file.records) > 0 {
		t.Error("a match that a player has left is still saved")
	}
}

// Both players leave in the same tick: the match is removed, and so is what is saved of it.
func TestSave_RemovedWithTheMatch(t *testing.T) {
	d, file := newSavingShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*time.Second, left, right)
	d.Leave(d.now, left.id)
	d.Leave(d.now, right.id)
	d.run(time.Second)
	if len(file.records) > 0 || len(d.tables.matches) > 0 {
		t.Errorf("%d matches are saved and %d exist, want none", len(file.records), len(d.tables.matches))
	}
}

// A server that shuts down in good order takes no tick back: the match is saved as it is when it ends.
func TestSave_AtTheEndOfADrain(t *testing.T) {
	d, file := newSavingShard(t, nil)
	left, right := d.joinTwo()
	d.run(300*time.Millisecond, left, right) // in the countdown, so that it ends at once
	d.Drain(d.now)
	d.run(Period, left, right)
	state, _ := d.State(left.id)
	for _, record := range file.records {
		if r, err := ParseSaved(record); err != nil || state.Tick-r.State.Tick > 1 {
			t.Errorf("the match has ended at tick %d, and %+v is saved, %v", state.Tick, r, err)
		}
	}
	if len(file.records) != 1 {
		t.Errorf("%d matches are saved, want 1", len(file.records))
	}
}

// A player who does not come back loses the game after FreedAfter, and the other is told the score.
func TestRestore_SeatOfAnAbsentPlayerIsFreed(t *testing.T) {
	first, file := newSavingShard(t, nil)
	left, right := first.joinTwo()
	first.runUntilScore(1, left, right)
	d := file.restart(t, nil)
	back := d.joinAs(JoinRequest{Resume: left.resume()})
	d.run(FreedAfter-time.Second, back)
	if n := len(back.lines(wire.End)); n > 0 {
		t.Errorf("%d results before the time is over, want none", n)
	}
	d.run(2*time.Second, back)
	if all := back.lines(wire.End); len(all) != 1 || all[0].Winner != 1 || all[0].Score1+all[0].Score2 == 0 {
		t.Errorf("the result is %+v, want that player 1 has won, with the score", all)
	}
	if _, err := d.tryJoin(right.resume()); !errors.Is(err, ErrResume) {
		t.Errorf("the secret of the seat that was freed gives %v, want ErrResume", err)
	}
	d.run(20*time.Second, back)
	if len(file.records) > 0 {
		t.Error("the match that has ended is still saved")
	}
}

// Nobody comes back: the match and all of its entries end.
func TestRestore_NothingStaysOfAMatchWithoutPlayers(t *testing.T) {
	first, file := newSavingShard(t, nil)
	left, right := first.joinTwo()
	first.run(2*time.Second, left, right)
	d := file.restart(t, nil)
	d.run(FreedAfter + time.Second)
	if n := d.tables.entries(); n > 0 || len(file.records) > 0 {
		t.Errorf("%d entries and %d records are left, want none", n, len(file.records))
	}
}

// A result that was shown, and the wish for another game, survive.
func TestRestore_ResultAndRematch(t *testing.T) {
	first, file := newSavingShard(t, func(cfg *Config) { cfg.Rules.Points = 1 })
	left, right := first.joinTwo()
	for range 60 * game.TickRate {
		if s, _ := first.State(left.id); s.Phase == game.Over {
			break
		}
		first.run(Period, left, right)
	}
	first.Rematch(first.now, left.id, 0)
	first.run(50*time.Millisecond, left, right)
	end := left.lines(wire.End)[0]
	d := file.restart(t, func(cfg *Config) { cfg.Rules.Points = 1 })
	left2, right2 := d.joinAs(JoinRequest{Resume: left.resume()}), d.joinAs(JoinRequest{Resume: right.resume()})
	d.run(time.Second, left2, right2)
	if all := right2.lines(wire.End); len(all) != 1 || all[0] != end {
		t.Errorf("the result is %+v, want %+v", all, end)
	}
	d.Rematch(d.now, right2.id, 0)
	d.runUntilPlaying(left2, right2)
}

// A match that does not suit the server is refused, and nothing of it stays.
func TestRestore_Refuses(t *testing.T) {
	first, file := newSavingShard(t, nil)
	left, right := first.joinTwo()
	first.run(2*time.Second, left, right)
	var saved *Saved
	for _, record := range file.records {
		saved, _ = ParseSaved(record)
	}
	for name, c := range map[string]struct {
		change func(*Config)
		want   error
	}{
		"other points": {func(cfg *Config) { cfg.Rules.Points = 5 }, ErrOtherRules},
		"other ball":   {func(cfg *Config) { cfg.Rules.Classic = true }, ErrOtherRules},
		"no seats":     {func(cfg *Config) { cfg.MaxSeats = 1 }, ErrFull},
	} {
		d := newTestShard(t, c.change)
		if err := d.Restore(d.now, saved); !errors.Is(err, c.want) || d.tables.entries() > 0 {
			t.Errorf("%s: %v and %d entries, want %v and none", name, err, d.tables.entries(), c.want)
		}
	}
	d := newTestShard(t, nil)
	if err := errors.Join(d.Restore(d.now, saved)); err != nil {
		t.Fatal(err)
	}
	entries := d.tables.entries()
	if err := d.Restore(d.now, saved); err == nil || d.tables.entries() != entries {
		t.Errorf("the same match again: %v and %d entries, want an error and %d", err, d.tables.entries(), entries)
	}
}

// The names of new matches are not those of restored ones.
func TestRestore_NamesAreNotUsedTwice(t *testing.T) {
	first, file := newSavingShard(t, nil)
	left, right := first.joinTwo()
	first.run(time.Second, left, right)
	d := file.restart(t, func(cfg *Config) { cfg.Serial = 1 }) // as the file has it
	for range 3 {
		if p := d.join(); p.welcome.Match == left.welcome.Match {
			t.Errorf("a new match has the name %s, which a restored one has", p.welcome.Match)
		}
	}
}
