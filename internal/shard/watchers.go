package shard

import (
	"time"

	"pong/internal/wire"
)

// watching is the player of a seat from which a match is only watched.
const watching = -1

// maxWatchers is how many may look on at one match.
const maxWatchers = 256

func (p *seat) watches() bool { return p.player == watching }

// watch makes a seat for the bench of a match that is being played: the one that was named, that of a room, or of those
// that are open to all the one that began last. What is played in a room is seen only by those who know its code.
func (s *Shard) watch(name, room string) (*seat, error) {
	for i := len(s.matches) - 1; i >= 0; i-- {
		m := s.matches[i]
		if !m.begun || m.room != room || name != "" && m.name != name {
			continue
		}
		if len(m.watchers) >= maxWatchers {
			return nil, ErrFull
		}
		return &seat{match: m, player: watching}, nil
	}
	return nil, ErrMatch
}

// sendToWatchers sends the state to those on the bench whose turn it is. Each has one tick in StateEvery, so that a full bench is
// spread over all ticks; the players have been served before. Who does not let itself be heard is sent nothing.
func (s *Shard) sendToWatchers(now time.Time, m *match) {
	var state []byte
	for i := int((m.state.Tick + m.serial) % wire.StateEvery); i < len(m.watchers); i += wire.StateEvery {
		place := m.watchers[i]
		if place.status != wire.StatusOnline {
			continue
		}
		if state == nil {
			state = s.stateOf(m, wire.ReasonRegular)
		}
		s.sendState(now, place.session, state)
	}
}

// removeWatcher frees a seat on the bench.
func (s *Shard) removeWatcher(place *seat, why string) {
	m := place.match
	for i, other := range m.watchers {
		if other == place {
			m.watchers = append(m.watchers[:i], m.watchers[i+1:]...)
			break
		}
	}
	s.report(m, place, Vacated, why)
	s.closeSession(place.session, why)
}

// removeWatchers sends everybody home who looks on at a match.
func (s *Shard) removeWatchers(m *match, why string) {
	for len(m.watchers) > 0 {
		s.vacate(m.watchers[len(m.watchers)-1], why)
	}
}

// Listed is a match as those are told of it who may want to look on.
type Listed struct {
	Match    string
	Names    [2]string
	Score    [2]int
	Watchers int
}

// List returns the newest matches that anybody may look on at, n at most.
func (s *Shard) List(n int) []Listed {
	var list []Listed
	for i := len(s.matches) - 1; i >= 0 && len(list) < n; i-- {
		m := s.matches[i]
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
