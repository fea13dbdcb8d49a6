package shard

import (
	"net/netip"
	"time"
)

// A Place is what a client takes of a server.
type Place uint8

// The kinds of places.
const (
	PlayerPlace  Place = iota // a seat
	WaitingPlace              // a seat opposite a free one; it counts as a seat, too
	WatcherPlace

	PlaceKinds // how many there are
)

// Places limits how many places are taken, in all and by each address prefix. The prefix is invalid if the transport
// has no IP addresses. All shards of a server share one, so it must allow calls from several goroutines.
type Places interface {
	// Check returns an error that wraps ErrFull if a client of the prefix can take no more places of a kind.
	Check(kind Place, of netip.Prefix) error

	// Count counts n more places of a kind, or fewer if n is negative.
	Count(kind Place, of netip.Prefix, n int)
}

// unlimited are the Places and the Tickets of a shard whose Config has none.
type unlimited struct{}

func (unlimited) Check(Place, netip.Prefix) error { return nil }
func (unlimited) Count(Place, netip.Prefix, int)  {}

// reserve checks that a client of an address can take a place of a kind. If it cannot, the oldest client of the same
// address prefix that has such a place and has not registered loses it.
func (s *Shard) reserve(now time.Time, kind Place, addr netip.Addr) error {
	prefix := ClientPrefix(addr)
	err := s.cfg.Places.Check(kind, prefix)
	if err == nil {
		return nil
	}
	p := s.tables.unregistered.oldest(addr, kind)
	if p == nil {
		return err
	}
	if err := s.evictUnregistered(now, p); err != nil {
		return err
	}
	return s.cfg.Places.Check(kind, prefix)
}

// countPlace counts a seat that was taken or freed: n is 1 or -1.
func (t *tables) countPlace(seat *seat, n int) {
	kind := PlayerPlace
	if seat.watches() {
		kind = WatcherPlace
	} else {
		t.players += n
	}
	t.places.Count(kind, seat.holder, n)
}

// is reports whether a seat that is taken counts as a place of a kind.
func (seat *seat) is(kind Place) bool {
	switch kind {
	case WatcherPlace:
		return seat.watches()
	case WaitingPlace:
		return !seat.watches() && seat.match.alone.waits
	}
	return !seat.watches()
}

// An alone is who waits at a match with one player.
type alone struct {
	waits  bool
	holder netip.Prefix
}

// updateSeats updates the indexes and counts of a match after its seats have changed.
func (t *tables) updateSeats(m *match) {
	t.open.update(m)
	var is alone
	if seat := m.free(); seat != nil && seat.other().session != nil {
		is = alone{true, seat.other().holder}
	}
	if is == m.alone {
		return
	}
	if m.alone.waits {
		t.places.Count(WaitingPlace, m.alone.holder, -1)
	}
	if m.alone = is; is.waits {
		t.places.Count(WaitingPlace, is.holder, 1)
	}
}

// openSeat returns a free seat at the oldest match for a request, nil if there is none. For a player without a room it
// prefers a match whose player is of another address prefix: one address that takes many seats would otherwise be
// everybody's opponent.
func (t *tables) openSeat(room string, prefix netip.Prefix) *seat {
	var near *seat
	for _, m := range t.open {
		if m.room != room || room == "" && m.showsResult() {
			continue
		}
		seat := m.free()
		if room != "" || !prefix.IsValid() || seat.other().holder != prefix {
			return seat
		}
		if near == nil {
			near = seat
		}
	}
	return near
}
