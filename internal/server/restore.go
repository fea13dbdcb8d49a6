package server

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"pong/internal/names"
	"pong/internal/rooms"
	"pong/internal/shard"
)

// savedMatches are the matches that a process before this one has kept.
type savedMatches struct {
	matches map[string]*shard.Saved // by the name under which a match was kept; nil if it cannot be read
	serial  uint32                  // the greatest, so that no new match has the name of one of them
}

// parseSaved parses the records of matches.
func parseSaved(records map[string][]byte) savedMatches {
	all := savedMatches{matches: make(map[string]*shard.Saved)}
	for name, record := range records {
		m, err := shard.ParseSaved(record)
		if err != nil || m.Name != name || !valid(m) {
			m = nil
		} else {
			all.serial = max(all.serial, m.Serial)
		}
		all.matches[name] = m
	}
	return all
}

// valid reports whether players could have joined with the names and the room of a match.
func valid(m *shard.Saved) bool {
	if m.Room != "" && rooms.Check(m.Room) != nil {
		return false
	}
	for i := range m.Seats {
		if name, err := names.Parse(m.Seats[i].Name); err != nil || name != m.Seats[i].Name {
			return false
		}
	}
	return true
}

// restore continues matches, before any loop runs. A match of a room goes to the shard at which its players look for
// the room. The others are not kept any longer.
func (s *server) restore(saved savedMatches) {
	now, restored, refused := time.Now(), 0, 0
	for i, name := range slices.Sorted(maps.Keys(saved.matches)) {
		m := saved.matches[name]
		if m != nil {
			at := s.loops[i%len(s.loops)]
			if m.Room != "" {
				at = s.lobby.roomShard(m.Room)
			}
			if err := at.shard.Restore(now, m); err == nil {
				restored++
				continue
			}
		}
		refused++
		if s.cfg.Save != nil {
			s.cfg.Save(name, nil)
		}
	}
	if restored > 0 {
		s.log.Info("matches of the server's last run go on when their players are back", slog.Int("matches", restored))
	}
	if refused > 0 {
		s.log.Warn("matches of the server's last run cannot go on: the server has other rules now, or is full, or the "+
			"records are damaged", slog.Int("matches", refused))
	}
}
