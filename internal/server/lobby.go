package server

import (
	"cmp"
	"errors"
	"hash/fnv"
	"slices"
	"sync"

	"pong/internal/shard"
)

// A lobby finds the shard for whoever comes, so that players meet in the order in which they come: first where
// somebody waits at a table, else where there are fewest. Which table it is the shard says.
type lobby struct {
	loops []*loop
	mu    sync.Mutex // held while somebody is seated, so that whoever comes next finds the result
}

// seat has somebody join one shard after the other, the best first, until one accepts. For one who comes back that is
// the one that has the seat, for one who looks on the one that has the match.
func (l *lobby) seat(j shard.JoinRequest, join func(*loop) error) (*loop, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	loops := l.byPreference()
	if j.Room != "" && j.Resume == nil {
		loops = []*loop{l.roomShard(j.Room)}
	}
	var err error
	for _, at := range loops {
		if err = join(at); err == nil {
			return at, nil
		}
		if !errors.Is(err, shard.ErrFull) && !errors.Is(err, shard.ErrResume) && !errors.Is(err, shard.ErrMatch) {
			break
		}
	}
	return nil, err
}

// home is the shard of a room. It follows from the code, so that nobody has to remember which rooms there are.
func (l *lobby) roomShard(room string) *loop {
	h := fnv.New32a()
	h.Write([]byte(room))
	return l.loops[h.Sum32()%uint32(len(l.loops))]
}

func (l *lobby) byPreference() []*loop {
	loops := slices.Clone(l.loops)
	slices.SortStableFunc(loops, func(a, b *loop) int {
		if aWaits, bWaits := a.openSeats.Load() > 0, b.openSeats.Load() > 0; aWaits != bWaits {
			if aWaits {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.players.Load(), b.players.Load())
	})
	return loops
}
