package server

import (
	"cmp"
	"errors"
	"slices"
	"sync"
)

// A lobby finds the shard for whoever comes, so that players meet in the order in which they come: first where
// somebody waits at a table, else where there are fewest. Which table it is the shard says.
type lobby struct {
	loops []*loop
	mu    sync.Mutex // held while somebody is seated, so that whoever comes next finds the result
}

// seat has a player join one shard after the other, the best first, until one accepts. For one who comes back that is
// the one that has the seat.
func (l *lobby) seat(join func(*loop) error) (*loop, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	for _, at := range l.byPreference() {
		if err = join(at); err == nil {
			return at, nil
		}
		if !errors.Is(err, ErrFull) && !errors.Is(err, ErrResume) {
			break
		}
	}
	return nil, err
}

func (l *lobby) byPreference() []*loop {
	loops := slices.Clone(l.loops)
	slices.SortStableFunc(loops, func(a, b *loop) int {
		if aWaits, bWaits := a.open.Load() > 0, b.open.Load() > 0; aWaits != bWaits {
			if aWaits {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.players.Load(), b.players.Load())
	})
	return loops
}
