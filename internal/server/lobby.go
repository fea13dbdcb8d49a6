package server

import (
	"cmp"
	"errors"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"pong/internal/shard"
)

// A lobby assigns clients to shards, so that players meet in the order in which they join: first at a shard with an
// open seat opposite a player, else at the shard with the fewest players. The shard chooses the match.
type lobby struct {
	loops []*loop
	mu    sync.Mutex // held while a client joins, so that the next one finds the result
}

// join asks one shard after the other, the preferred one first, until one accepts. To resume or to watch that is the
// shard that has the seat or the match.
func (l *lobby) join(r shard.JoinRequest) (*loop, error) {
	return l.ask(r, func(at *loop) error {
		err := error(shard.ErrClosing)
		at.do(func(now time.Time) { err = at.shard.Join(now, r) })
		return err
	})
}

// countPlayers returns how many clients the server has.
func (s *server) countPlayers() int {
	n := 0
	for _, l := range s.loops {
		n += int(l.players.Load())
	}
	return n
}

// ask calls join with one loop after the other, until one accepts the request or fails for a reason of its own.
func (l *lobby) ask(r shard.JoinRequest, join func(*loop) error) (*loop, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	loops := l.byPreference()
	if r.Room != "" && r.Resume == nil {
		loops = []*loop{l.roomShard(r.Room)}
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

// roomShard returns the shard of a room. It depends on the code alone, so that nothing needs to know which rooms exist.
func (l *lobby) roomShard(room string) *loop {
	h := fnv.New32a()
	h.Write([]byte(room))
	return l.loops[h.Sum32()%uint32(len(l.loops))]
}

// byPreference returns the loops in the order in which they are asked.
func (l *lobby) byPreference() []*loop {
	loops := slices.Clone(l.loops)
	slices.SortStableFunc(loops, func(a, b *loop) int {
		if aOpen, bOpen := a.openSeats.Load() > 0, b.openSeats.Load() > 0; aOpen != bOpen {
			if aOpen {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.players.Load(), b.players.Load())
	})
	return loops
}
