package server

import (
	"fmt"
	"net/netip"
	"sync"

	"pong/internal/shard"
)

// The limits on what clients take, if Config does not say.
const (
	DefaultMaxPlayers    = 20000
	DefaultMaxPerAddress = 64 // enough for a school behind one address
)

// matchWait is the place of a watcher that waits for a match, beside those that a shard counts.
const matchWait = shard.PlaceKinds

// A tally has a number for each kind of place.
type tally [matchWait + 1]int

// places count what clients have taken of the server, in all and by address prefix. Watchers have a budget of their
// own, so that they take no seats, and so have players who wait for another one: these cost next to nothing, and could
// fill a server without a single match.
type places struct {
	total, each tally // the most, in all and of one prefix

	mu       sync.Mutex // guards what follows
	taken    tally
	prefixes map[netip.Prefix]*tally
}

// newPlaces returns the places of a server. If maxPerAddress is negative, only the totals are limited.
func newPlaces(maxPlayers, maxPerAddress int) *places {
	if maxPlayers == 0 {
		maxPlayers = DefaultMaxPlayers
	}
	if maxPerAddress == 0 {
		maxPerAddress = DefaultMaxPerAddress
	}
	if maxPerAddress < 0 {
		maxPerAddress = 2 * max(maxPlayers, maxMatchWaits)
	}
	half := func(n int) int { return (n + 1) / 2 }
	return &places{
		total:    tally{maxPlayers, half(maxPlayers), maxPlayers, maxMatchWaits},
		each:     tally{maxPerAddress, half(maxPerAddress), maxPerAddress, maxPerAddress},
		prefixes: make(map[netip.Prefix]*tally),
	}
}

// Check implements shard.Places.
func (p *places) Check(kind shard.Place, of netip.Prefix) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.check(kind, of)
}

// check is Check for callers that hold mu.
func (p *places) check(kind shard.Place, of netip.Prefix) error {
	clients := [...]string{"players", "players who wait for another one", "watchers", "watchers"}[kind]
	if p.taken[kind] >= p.total[kind] {
		return fmt.Errorf("%w: the server has %d %s, which is the most. Try again later, or ask its operator to raise "+
			"--max-players", shard.ErrFull, p.total[kind], clients)
	}
	if taken := p.prefixes[of]; taken != nil && of.IsValid() && taken[kind] >= p.each[kind] {
		return fmt.Errorf("%w for your address: it has %d %s, which is the most. Leave with one of them, or ask the "+
			"server's operator to raise --max-per-address", shard.ErrFull, p.each[kind], clients)
	}
	return nil
}

// Count implements shard.Places.
func (p *places) Count(kind shard.Place, of netip.Prefix, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count(kind, of, n)
}

// count is Count for callers that hold mu.
func (p *places) count(kind shard.Place, of netip.Prefix, n int) {
	p.taken[kind] += n
	taken := p.prefixes[of]
	if taken == nil {
		taken = new(tally)
		p.prefixes[of] = taken
	}
	if taken[kind] += n; *taken == (tally{}) {
		delete(p.prefixes, of)
	}
}

// take counts one more place of a kind, unless there is none.
func (p *places) take(kind shard.Place, of netip.Prefix) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.check(kind, of) != nil {
		return false
	}
	p.count(kind, of, 1)
	return true
}

// full reports whether no player can get a seat, whatever the address.
func (p *places) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken[shard.PlayerPlace] >= p.total[shard.PlayerPlace]
}
