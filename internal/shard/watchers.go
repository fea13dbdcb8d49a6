package shard

import (
	"fmt"
	"net/netip"
	"time"

	"pong/internal/wire"
)

// watching is the player of a watcher's seat.
const watching = -1

// maxWatchers is how many can watch one match.
const maxWatchers = 256

// maxWatchersOfPrefix is how many clients of one address prefix can watch one match, so that nobody can take all places
// at it.
const maxWatchersOfPrefix = maxWatchers / 4

// Errors of a match that can be watched, but not by this client.
var (
	errWatchersFull = fmt.Errorf("%w: %d clients watch this match, which is the most. Watch another one",
		ErrFull, maxWatchers)
	errWatchersCrowded = fmt.Errorf("%w for your address: %d of its clients watch this match, which is the most. "+
		"Watch another one", ErrFull, maxWatchersOfPrefix)
)

// crowded reports whether so many clients of an address prefix watch a match that no more of them are let in.
func (m *match) crowded(prefix netip.Prefix) bool {
	n := 0
	for _, seat := range m.watchers {
		if seat.holder == prefix {
			n++
		}
	}
	return prefix.IsValid() && n >= maxWatchersOfPrefix
}

// watch returns a watcher's seat at a match that is being played: the match with the name, or the newest one. Without a
// room it is one of the public matches, because a match in a room is shown only to clients that know the room's code.
func (s *Shard) watch(now time.Time, r JoinRequest) (*seat, error) {
	why := ErrMatch
	for i := len(s.tables.matches) - 1; i >= 0; i-- {
		m := s.tables.matches[i]
		if !m.begun || m.room != r.Room || r.Match != "" && m.name != r.Match {
			continue
		}
		if len(m.watchers) >= maxWatchers {
			why = errWatchersFull
			continue
		}
		if m.crowded(ClientPrefix(r.Addr)) {
			why = errWatchersCrowded
			continue
		}
		if err := s.reserve(now, WatcherPlace, r.Addr); err != nil {
			return nil, err
		}
		seat := newSeat(m, watching)
		return &seat, nil
	}
	return nil, why
}

// sendToWatchers sends the state to a quarter of the watchers. Each watcher has one tick in StateEvery, so that the
// work for many is spread over all ticks. Watchers from whom nothing arrives are skipped. The players' STATEs have been
// sent before.
func (s *Shard) sendToWatchers(now time.Time, m *match) {
	if !m.begun && m.state.Tick%waitingEvery >= wire.StateEvery || m.withholds() {
		return
	}
	var state []byte
	for i := int((m.state.Tick + m.serial) % wire.StateEvery); i < len(m.watchers); i += wire.StateEvery {
		seat := m.watchers[i]
		if p := seat.session; !p.registered || m.ago(p.lastReceived) > SilentAfter {
			continue
		}
		if state == nil {
			state = s.stateOf(m)
		}
		s.sendState(now, seat.session, state, wire.ReasonRegular)
	}
}

// Listed is a match in a list of matches to watch.
type Listed struct {
	Match    string
	Names    [2]string
	Score    [2]int
	Watchers int
}

// List returns the newest public matches that are being played, at most n.
func (s *Shard) List(n int) []Listed {
	var list []Listed
	for i := len(s.tables.matches) - 1; i >= 0 && len(list) < n; i-- {
		m := s.tables.matches[i]
		if !m.begun || m.room != "" {
			continue
		}
		list = append(list, Listed{
			Match: m.name, Names: [2]string{m.seats[0].name, m.seats[1].name},
			Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])}, Watchers: len(m.watchers),
		})
	}
	return list
}
