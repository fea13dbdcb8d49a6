package shard

import (
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestJoin_PairsInOrderOfArrival(t *testing.T) {
	d := newTestShard(t, nil)
	for i, want := range []struct {
		match  string
		player int
	}{{"m1", 1}, {"m1", 2}, {"m2", 1}, {"m2", 2}, {"m3", 1}} {
		if w := d.join().welcome; w.Match != want.match || w.PlayerID != want.player {
			t.Errorf("client %d is player %d of %s, want %d of %s", i+1, w.PlayerID, w.Match, want.player, want.match)
		}
	}
	if c := d.Counts(); c.Sessions != 5 || c.Matches != 3 {
		t.Errorf("%d sessions and %d matches, want 5 and 3", c.Sessions, c.Matches)
	}
}

func TestJoin_FillsFreedSeats(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.MaxSeats = 4 })
	d.joinTwo()
	_, second := d.joinTwo()
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrFull) {
		t.Fatalf("a fifth player with MaxSeats 4: %v, want %v", err, ErrFull)
	}
	d.Leave(d.now, second.id)
	if again := d.join().welcome; again.Match != "m2" || again.PlayerID != 2 {
		t.Errorf("the next player is player %d of %s, want 2 of m2, whose seat is free", again.PlayerID, again.Match)
	}
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrFull) {
		t.Errorf("a fifth player with MaxSeats 4: %v, want %v", err, ErrFull)
	}
}

func TestJoin_Welcome(t *testing.T) {
	rules := game.ClassicRules()
	d := newTestShard(t, func(cfg *Config) { cfg.Rules, cfg.Port = rules, 5557 })
	a, b := d.joinTwo()
	w := a.welcome
	if w.Type != wire.Welcome || w.PlayerID != 1 || w.Session != a.id.String() || w.UDPPort != 5557 ||
		w.Rules != "classic" ||
		w.Points != 11 || w.TickRate != 60 || w.StateRate != 15 || len(w.Token) != 22 || len(w.Resume) != 22 {
		t.Errorf("WELCOME is %+v", w)
	}
	if w.Token == b.welcome.Token || w.Resume == b.welcome.Resume || w.Token == w.Resume {
		t.Error("two secrets are equal")
	}
}

// TestJoin_SendsWelcomePresenceAndStartInOrder joins two players, and then one of them again during the game.
func TestJoin_SendsWelcomePresenceAndStartInOrder(t *testing.T) {
	d := newTestShard(t, nil)
	lines := func(p *testPlayer) (types []string) {
		for _, m := range d.lines[p.id] {
			types = append(types, m.Type)
		}
		return types
	}
	left, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := lines(left), []string{wire.Welcome, wire.Presence}; !slices.Equal(got, want) {
		t.Errorf("the first player is sent %v, want %v", got, want)
	}
	right, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := lines(right), []string{wire.Welcome, wire.Presence, wire.Presence}; !slices.Equal(got, want) {
		t.Errorf("the second player is sent %v, want %v", got, want)
	}
	if got, want := lines(left), []string{wire.Welcome, wire.Presence, wire.Presence}; !slices.Equal(got, want) {
		t.Errorf("when the second player joins, the first has been sent %v, want %v", got, want)
	}
	left.register()
	right.register()
	d.run(time.Second, left, right)
	again, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{wire.Welcome, wire.Presence, wire.Presence, wire.Start}
	if got := lines(again); !slices.Equal(got, want) {
		t.Errorf("a player who resumes during a game is sent %v, want %v", got, want)
	}
}

func TestJoin_FailsWithoutRandomness(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Random, cfg.Seed = io.LimitReader(cfg.Random, 40), 1 })
	if _, err := d.tryJoin(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := d.tryJoin(nil); err == nil {
		t.Error("a player got a token that is not random")
	}
	if c := d.Counts(); c.Sessions != 1 {
		t.Errorf("%d sessions, want 1", c.Sessions)
	}
}

func TestJoin_ByRoom(t *testing.T) {
	d := newTestShard(t, nil)
	a, b := d.joinAs(JoinRequest{Room: "maple-42"}), d.join()
	c := d.joinAs(JoinRequest{Room: "oak-7"})
	e, f := d.joinAs(JoinRequest{Room: "maple-42"}), d.join()
	for _, test := range []struct {
		client *testPlayer
		match  string
		player int
		room   string
	}{{a, "m1", 1, "maple-42"}, {b, "m2", 1, ""}, {c, "m3", 1, "oak-7"}, {e, "m1", 2, "maple-42"}, {f, "m2", 2, ""}} {
		if w := test.client.welcome; w.Match != test.match || w.PlayerID != test.player || w.Room != test.room {
			t.Errorf("got player %d of %s in room %q, want %d of %s in %q", w.PlayerID, w.Match, w.Room, test.player,
				test.match, test.room)
		}
	}
	if _, err := d.tryJoinAs(JoinRequest{Room: "maple-42"}); !errors.Is(err, ErrRoom) {
		t.Errorf("a third player in a room: %v, want %v", err, ErrRoom)
	}
	d.run(time.Second, a, b, c, e, f)
	d.Leave(d.now, b.id) // f waits alone, and so does c, but in a room: they must not be merged
	d.run(time.Second, a, c, e, f)
	if m := c.match(); m.name != "m3" || m.begun {
		t.Errorf("a player who waits in a room is in %s, begun %v; want m3 and false", m.name, m.begun)
	}
	if n := d.OpenSeats(); n != 1 {
		t.Errorf("OpenSeats() = %d, want 1: the seat opposite f", n)
	}
}

func TestJoin_ResumeSecretWorksOnce(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	back, err := d.tryJoin(right.resume())
	if err != nil || back.welcome.PlayerID != 2 || back.welcome.Match != "m1" {
		t.Fatalf("resume gave %+v, %v; want player 2 of m1", back, err)
	}
	d.run(time.Second, left, right) // the old session plays until the new one registers
	if n := len(right.lines(wire.Error)); n > 0 {
		t.Error("the old session has ended before the new one has registered")
	}
	back.register()
	d.run(100*time.Millisecond, left, back)
	if n := len(right.lines(wire.Error)); n != 1 {
		t.Errorf("the old session was sent %d ERRORs, want 1", n)
	}
	before := d.Counts().Dropped[DropUnknown]
	right.ping()
	if d.Counts().Dropped[DropUnknown] != before+1 {
		t.Error("a datagram of the old session is accepted")
	}
	if len(back.states()) == 0 {
		t.Error("the new session is sent no STATE")
	}
	for name, secret := range map[string][]byte{"used": right.resume(), "empty": {}, "invented": make([]byte, 16)} {
		if _, err := d.tryJoin(secret); !errors.Is(err, ErrResume) {
			t.Errorf("resume with a secret that is %s: %v, want %v", name, err, ErrResume)
		}
	}
	if _, err := d.tryJoin(back.resume()); err != nil {
		t.Errorf("resume with the new secret: %v", err)
	}
}

func TestJoin_ResumeWorksAgainWithoutRegister(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	if _, err := d.tryJoin(right.resume()); err != nil {
		t.Fatal(err)
	}
	d.run(RegisterWithin+time.Second, left, right)
	if n := d.Counts().Sessions; n != 2 {
		t.Errorf("%d sessions, want the two that play", n)
	}
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatalf("the second attempt to resume: %v", err)
	}
	back.register()
	d.run(time.Second, left, back)
	if n := d.Counts().Sessions; n != 2 || len(d.reported(Vacated)) > 0 {
		t.Errorf("%d sessions and the removals %+v, want 2 and none", n, d.reported(Vacated))
	}
}
