package shard

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"pong/netcode/sealed"
)

// testPlaces are Places with a limit for each kind and prefix.
type testPlaces struct {
	most  [PlaceKinds]int
	taken map[netip.Prefix]*[PlaceKinds]int
}

func newTestPlaces(players, waiting, watchers int) *testPlaces {
	return &testPlaces{[PlaceKinds]int{players, waiting, watchers}, make(map[netip.Prefix]*[PlaceKinds]int)}
}

func (p *testPlaces) of(prefix netip.Prefix) *[PlaceKinds]int {
	if p.taken[prefix] == nil {
		p.taken[prefix] = new([PlaceKinds]int)
	}
	return p.taken[prefix]
}

func (p *testPlaces) Check(kind Place, of netip.Prefix) error {
	if p.of(of)[kind] >= p.most[kind] {
		return ErrFull
	}
	return nil
}

func (p *testPlaces) Count(kind Place, of netip.Prefix, n int) { p.of(of)[kind] += n }

// joinFrom joins a client from an address, and has it register unless idle is true.
func (d *testShard) joinFrom(ip string, idle bool, r JoinRequest) (*testPlayer, error) {
	d.serial++
	id := sealed.ID{d.serial}
	p, err := d.joinWith(id, netip.AddrPortFrom(netip.MustParseAddr(ip), 1000+uint16(d.serial)), "name", r)
	if err == nil && !idle {
		p.register()
	}
	return p, err
}

func (d *testShard) mustJoinFrom(ip string, r JoinRequest) *testPlayer {
	d.t.Helper()
	p, err := d.joinFrom(ip, false, r)
	if err != nil {
		d.t.Fatalf("a client from %s: %v", ip, err)
	}
	return p
}

// TestPlaces_AreCountedByAddressPrefix through everything that changes who has which seat.
func TestPlaces_AreCountedByAddressPrefix(t *testing.T) {
	places := newTestPlaces(9, 9, 9)
	d := newTestShard(t, func(cfg *Config) { cfg.Places = places })
	want := func(when string, ip string, players, waiting, watchers int) {
		t.Helper()
		is := *places.of(ClientPrefix(netip.MustParseAddr(ip)))
		if is != [PlaceKinds]int{players, waiting, watchers} {
			t.Errorf("%s: %s has %d seats, %d of which wait, and watches %d times, want %d, %d and %d", when, ip,
				is[PlayerPlace], is[WaitingPlace], is[WatcherPlace], players, waiting, watchers)
		}
	}
	const one, two, three = "10.0.0.1", "10.0.0.2", "2001:db8::3"
	a := d.mustJoinFrom(one, JoinRequest{})
	want("one player", one, 1, 1, 0)
	b := d.mustJoinFrom(two, JoinRequest{})
	want("a second player", one, 1, 0, 0)
	want("a second player", two, 1, 0, 0)
	d.run(time.Second, a, b)
	w := d.mustJoinFrom("2001:db8::77", JoinRequest{Watch: true})
	want("a watcher", three, 0, 0, 1)
	again := d.mustJoinFrom(three, JoinRequest{Resume: b.resume()})
	want("the second player has resumed elsewhere", two, 1, 0, 0)
	want("the second player has resumed elsewhere", three, 0, 0, 1)
	d.run(time.Second, a, again, w)
	d.Leave(d.now, a.id)
	want("the first player has left", one, 0, 0, 0)
	want("the first player has left", two, 1, 1, 0)
	c := d.mustJoinFrom(one, JoinRequest{Room: "oak"})
	want("another one waits in a room", one, 1, 1, 0)
	d.Leave(d.now, c.id)
	d.Leave(d.now, again.id)
	d.run(time.Second)
	for _, ip := range []string{one, two, three} {
		want("all have gone", ip, 0, 0, 0)
	}
}

// TestPlaces_MovedPlayerIsCounted moves a player who waits to another one who does.
func TestPlaces_MovedPlayerIsCounted(t *testing.T) {
	places := newTestPlaces(9, 9, 9)
	d := newTestShard(t, func(cfg *Config) { cfg.Places = places })
	a, b := d.mustJoinFrom("10.0.0.1", JoinRequest{}), d.mustJoinFrom("10.0.0.2", JoinRequest{})
	d.run(time.Second, a, b)
	c, e := d.mustJoinFrom("10.0.0.3", JoinRequest{}), d.mustJoinFrom("10.0.0.4", JoinRequest{})
	d.run(time.Second, a, b, c, e)
	d.Leave(d.now, b.id)
	d.Leave(d.now, e.id)
	d.run(time.Second, a, c)
	if a.match() != c.match() {
		t.Fatal("the players who wait were not brought together")
	}
	for prefix, taken := range places.taken {
		if taken[WaitingPlace] != 0 || taken[PlayerPlace] > 1 {
			t.Errorf("%v has %d seats, and %d that wait, want none that waits", prefix, taken[PlayerPlace],
				taken[WaitingPlace])
		}
	}
}

// TestPlaces_Limit refuses seats, waiting seats and watchers beyond the limits, and nobody of another prefix.
func TestPlaces_Limit(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Places = newTestPlaces(4, 2, 3) })
	const one, two = "10.0.0.1", "10.0.0.2"
	for _, room := range []string{"a", "b"} {
		d.mustJoinFrom(one, JoinRequest{Room: room})
	}
	if _, err := d.joinFrom(one, false, JoinRequest{Room: "c"}); !errors.Is(err, ErrFull) {
		t.Errorf("a third seat that waits: %v, want %v", err, ErrFull)
	}
	d.mustJoinFrom(one, JoinRequest{Room: "a"})
	d.mustJoinFrom(one, JoinRequest{Room: "b"})
	if _, err := d.joinFrom(one, false, JoinRequest{}); !errors.Is(err, ErrFull) {
		t.Errorf("a fifth seat: %v, want %v", err, ErrFull)
	}
	d.mustJoinFrom(two, JoinRequest{})
	d.run(time.Second)
	d.acceptAll()
	for range 3 {
		d.mustJoinFrom(one, JoinRequest{Watch: true, Room: "a"})
	}
	if _, err := d.joinFrom(one, false, JoinRequest{Watch: true, Room: "b"}); !errors.Is(err, ErrFull) {
		t.Errorf("a fourth watcher: %v, want %v", err, ErrFull)
	}
	d.mustJoinFrom(two, JoinRequest{Watch: true, Room: "a"})
}

// TestPlaces_UnregisteredPlayerMakesRoom frees the seat of a player who should have registered for another one of the
// same address, but not of one who has just joined.
func TestPlaces_UnregisteredPlayerMakesRoom(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Places = newTestPlaces(2, 2, 2) })
	idle, _ := d.joinFrom("10.0.0.1", true, JoinRequest{})
	p := d.mustJoinFrom("10.0.0.1", JoinRequest{})
	if _, err := d.joinFrom("10.0.0.1", false, JoinRequest{}); !errors.Is(err, ErrCrowded) {
		t.Errorf("a third player at once: %v, want %v", err, ErrCrowded)
	}
	d.run(timeToRegister, p)
	d.mustJoinFrom("10.0.0.1", JoinRequest{})
	if _, ok := d.State(idle.id); ok {
		t.Error("the player who has not registered still has the seat")
	}
	if _, ok := d.State(p.id); !ok {
		t.Error("the player who has registered has lost the seat")
	}
}

// TestPlaces_OnlyAPlaceOfTheKindIsFreed refuses a client whose address has a client that should have registered by now,
// but not at a place of the kind that is wanted: to free that one would not help.
func TestPlaces_OnlyAPlaceOfTheKindIsFreed(t *testing.T) {
	const one = "10.0.0.1"
	for name, c := range map[string]struct {
		places        *testPlaces
		before, after []JoinRequest // of clients of the address that register
		idle, wanted  JoinRequest
	}{
		"a watcher, for a player": {
			places: newTestPlaces(1, 1, 1), before: []JoinRequest{{Room: "a"}}, idle: JoinRequest{Watch: true},
		},
		"a player, for a watcher": {places: newTestPlaces(1, 1, 0), wanted: JoinRequest{Watch: true}},
		"a player with an opponent, for one who waits": {
			places: newTestPlaces(4, 1, 0), before: []JoinRequest{{Room: "a"}}, idle: JoinRequest{Room: "a"},
			after: []JoinRequest{{Room: "b"}}, wanted: JoinRequest{Room: "c"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newTestShard(t, func(cfg *Config) { cfg.Places = c.places })
			awake := []*testPlayer{d.mustJoinFrom("10.0.0.2", JoinRequest{}), d.mustJoinFrom("10.0.0.3", JoinRequest{})}
			d.run(time.Second, awake...)
			for _, r := range c.before {
				awake = append(awake, d.mustJoinFrom(one, r))
			}
			idle, err := d.joinFrom(one, true, c.idle)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range c.after {
				awake = append(awake, d.mustJoinFrom(one, r))
			}
			d.run(timeToRegister, awake...)
			if _, err := d.joinFrom(one, false, c.wanted); !errors.Is(err, ErrFull) {
				t.Errorf("the client that wants a place: %v, want %v", err, ErrFull)
			}
			if _, ok := d.State(idle.id); !ok {
				t.Error("the client that has not registered has lost its place, which the other one cannot have")
			}
		})
	}
}

// TestWatchers_OneAddressCannotTakeAMatch fills a match with watchers from one address.
func TestWatchers_OneAddressCannotTakeAMatch(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	n := 0
	for ; n < maxWatchers; n++ {
		if _, err := d.joinFrom("10.9.9.9", false, JoinRequest{Watch: true}); err != nil {
			if !errors.Is(err, ErrFull) {
				t.Errorf("watcher %d: %v, want %v", n+1, err, ErrFull)
			}
			break
		}
	}
	if n != maxWatchersOfPrefix {
		t.Errorf("one address has %d watchers of a match, want %d", n, maxWatchersOfPrefix)
	}
	d.mustJoinFrom("10.9.9.8", JoinRequest{Watch: true})
}

// TestJoin_PrefersAnOpponentOfAnotherAddress who waits, and takes one of the same address if there is no other.
func TestJoin_PrefersAnOpponentOfAnotherAddress(t *testing.T) {
	d := newTestShard(t, nil)
	near := d.mustJoinFrom("10.0.0.1", JoinRequest{})
	far := d.mustJoinFrom("10.0.0.2", JoinRequest{})
	if near.match() != far.match() {
		t.Fatal("two players of different addresses have not met")
	}
	idle, _ := d.joinFrom("10.0.0.1", true, JoinRequest{})
	same, _ := d.joinFrom("10.0.0.1", true, JoinRequest{})
	if idle.match() != same.match() {
		t.Error("two players of one address have not met, though nobody else waits")
	}
	a, _ := d.joinFrom("10.0.0.1", true, JoinRequest{})
	other, _ := d.joinFrom("10.0.0.3", true, JoinRequest{Room: "x"})
	d.Leave(d.now, far.id)
	b, _ := d.joinFrom("10.0.0.3", true, JoinRequest{})
	if b.match() != near.match() {
		t.Error("the oldest match with a player of another address was not chosen")
	}
	c, _ := d.joinFrom("10.0.0.4", true, JoinRequest{})
	if c.match() != a.match() || other.match() == c.match() {
		t.Error("a player has not met the one who waits without a room")
	}
}
