package server

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"pong/internal/shard"
)

// TestPlaces_EveryKindHasItsOwnBudget takes all places of each kind from one address.
func TestPlaces_EveryKindHasItsOwnBudget(t *testing.T) {
	p := newPlaces(100, 6)
	one, two := netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix("2001:db8::/64")
	for kind, most := range map[shard.Place]int{
		shard.PlayerPlace: 6, shard.WaitingPlace: 3, shard.WatcherPlace: 6, matchWait: 6,
	} {
		n := 0
		for p.take(kind, one) {
			n++
		}
		if n != most {
			t.Errorf("one address has taken %d places of kind %d, want %d", n, kind, most)
		}
		err := p.Check(kind, one)
		if !errors.Is(err, shard.ErrFull) || !strings.Contains(err.Error(), "--max-per-address") ||
			len(err.Error()) > 200 {
			t.Errorf("kind %d: the error is %q, want one of at most 200 bytes that names the flag", kind, err)
		}
		if err := p.Check(kind, two); err != nil {
			t.Errorf("kind %d: another address is refused: %v", kind, err)
		}
	}
	p.Count(shard.PlayerPlace, one, -1)
	if err := p.Check(shard.PlayerPlace, one); err != nil {
		t.Errorf("a player has left, and the next one is refused: %v", err)
	}
}

// TestPlaces_Totals takes all seats from many addresses. Half of them can wait for a second player.
func TestPlaces_Totals(t *testing.T) {
	p := newPlaces(9, 64)
	for kind, most := range map[shard.Place]int{
		shard.PlayerPlace: 9, shard.WaitingPlace: 5, shard.WatcherPlace: 9,
	} {
		n := 0
		for p.take(kind, shard.ClientPrefix(netip.AddrFrom4([4]byte{10, byte(kind), 0, byte(n)}))) {
			n++
		}
		if n != most {
			t.Errorf("%d places of kind %d were taken, want %d", n, kind, most)
		}
	}
	err := p.Check(shard.PlayerPlace, netip.Prefix{})
	if err == nil || !strings.Contains(err.Error(), "--max-players") {
		t.Errorf("the error is %v, want one that names --max-players", err)
	}
	if !p.full() {
		t.Error("all seats are taken, and the server is not full")
	}
}

// TestPlaces_WithoutLimit has no limit for an address, and none for a transport without addresses.
func TestPlaces_WithoutLimit(t *testing.T) {
	for _, of := range []struct {
		each   int
		prefix netip.Prefix
	}{{-1, netip.MustParsePrefix("10.0.0.1/32")}, {1, netip.Prefix{}}} {
		p := newPlaces(1000, of.each)
		for n := range 1000 {
			if !p.take(shard.PlayerPlace, of.prefix) {
				t.Fatalf("player %d of %v is refused with the limit %d", n+1, of.prefix, of.each)
			}
		}
		p.Count(shard.PlayerPlace, of.prefix, -1000)
		if len(p.prefixes) != 0 {
			t.Errorf("%d prefixes are kept after all have left, want none", len(p.prefixes))
		}
	}
}
