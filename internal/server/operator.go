package server

import (
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"pong/internal/deny"
	"pong/internal/shard"
	"pong/netcode/sealed"
)

// running returns the server of a Monitor, nil before it runs.
func (m *Monitor) running() *server {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.server
}

// denying returns the server of a Monitor, or an error if it cannot deny addresses.
func (m *Monitor) denying() (*server, error) {
	s := m.running()
	if s == nil || s.cfg.Deny == nil {
		return nil, errors.New("the server does not run yet, or cannot deny addresses")
	}
	return s, nil
}

// Match returns the row of a match, and whether there is one with this name.
func (m *Monitor) Match(name string) (row shard.Row, ok bool) {
	s := m.running()
	if s == nil {
		return row, false
	}
	for _, l := range s.loops {
		if l.do(func(now time.Time) { row, ok = l.shard.Row(now, name) }); ok {
			return row, true
		}
	}
	return row, false
}

// Kick removes the player or watcher with a session, who can join again. It reports whether there was one.
func (m *Monitor) Kick(id sealed.ID) (found bool) {
	s := m.running()
	if s == nil {
		return false
	}
	for _, l := range s.loops {
		if l.do(func(now time.Time) { found = l.shard.Kick(now, id) }); found {
			return true
		}
	}
	return false
}

// CountFrom returns how many clients come from the addresses of a prefix.
func (m *Monitor) CountFrom(prefix netip.Prefix) (sum shard.From) {
	return m.running().fromAll(func(s *shard.Shard) shard.From { return s.CountFrom(prefix) })
}

// Ban denies an address prefix, and removes its clients. The error says why the prefix is not in the file of the deny
// list, if there is a file: it is denied until the server ends then.
func (m *Monitor) Ban(prefix netip.Prefix) (removed shard.From, err error) {
	s, err := m.denying()
	if err != nil {
		return removed, err
	}
	err = s.cfg.Deny.Ban(time.Now(), prefix)
	removed = s.removeDenied()
	args := []any{s.prefix(prefix), slog.Int("players", removed.Players), slog.Int("watchers", removed.Watchers)}
	switch path := s.cfg.Deny.Path(); {
	case err != nil:
		s.log.Warn("banned until the server ends: the deny list could not be changed",
			append(args, slog.String("err", err.Error()))...)
	case path != "":
		s.log.Info("banned", append(args, slog.String("file", path))...)
	default:
		s.log.Info("banned until the server ends", args...)
	}
	return removed, err
}

// Unban admits an address prefix again. It reports whether it was denied, and returns a wider prefix by which it still
// is; invalid if it is not. The error says why the file of the deny list was not changed.
func (m *Monitor) Unban(prefix netip.Prefix) (found bool, still netip.Prefix, err error) {
	s, err := m.denying()
	if err != nil {
		return false, still, err
	}
	if found, still, err = s.cfg.Deny.Unban(prefix); found && err == nil {
		s.log.Info("admitted again", s.prefix(prefix))
	}
	return found, still, err
}

// Bans returns the prefixes of the file of the deny list, and those that are banned until the server ends.
func (m *Monitor) Bans() (listed, banned []netip.Prefix) {
	s, err := m.denying()
	if err != nil {
		return nil, nil
	}
	return s.cfg.Deny.Prefixes()
}

// DenyFile returns the path of the file of the deny list, empty if there is none.
func (m *Monitor) DenyFile() string {
	s, err := m.denying()
	if err != nil {
		return ""
	}
	return s.cfg.Deny.Path()
}

// ReloadDeny reads the file of the deny list again, and removes the clients that are not admitted any more. It returns
// how many prefixes the file has. After an error the list is as it was.
func (m *Monitor) ReloadDeny() (prefixes int, removed shard.From, err error) {
	s, err := m.denying()
	if err != nil {
		return 0, removed, err
	}
	if s.cfg.Deny.Path() == "" {
		return 0, removed, errors.New("the server has no deny list: start it with --deny FILE")
	}
	if prefixes, err = s.cfg.Deny.Reload(); err != nil {
		s.log.Warn("the deny list stays as it was", slog.String("err", err.Error()))
		return 0, removed, err
	}
	removed = s.removeDenied()
	s.log.Info("deny list read again", slog.Int("prefixes", prefixes), slog.Int("players", removed.Players),
		slog.Int("watchers", removed.Watchers))
	return prefixes, removed, nil
}

// removeDenied removes all clients that are not admitted any more, also those that have not joined.
func (s *server) removeDenied() shard.From {
	s.pending.removeDenied(s.cfg.Deny)
	return s.fromAll((*shard.Shard).RemoveDenied)
}

// fromAll adds up the counts of all shards. A nil server has none.
func (s *server) fromAll(count func(*shard.Shard) shard.From) (sum shard.From) {
	if s == nil {
		return sum
	}
	for _, l := range s.loops {
		l.do(func(time.Time) {
			n := count(l.shard)
			sum.Players += n.Players
			sum.Watchers += n.Watchers
		})
	}
	return sum
}

// prefix returns an attribute with a prefix that is denied or admitted, as Config.LogAddress shows its addresses.
func (s *server) prefix(p netip.Prefix) slog.Attr {
	if s.cfg.LogAddress != nil {
		return s.address("addr", p.Addr())
	}
	return slog.String("addr", deny.Format(p))
}
