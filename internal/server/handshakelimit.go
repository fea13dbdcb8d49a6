package server

import (
	"context"
	"runtime"
	"slices"
	"sync"
)

// A handshakeLimiter bounds how many TLS handshakes are computed at once. One processor stays free for the shards, so a
// flood of new connections cannot delay a match. A handshake that waits for its peer does not count: otherwise silent
// connections would keep everyone else out.
//
// A free place goes to a connection of the least crowded address prefix, so that a newcomer does not wait behind all
// connections of an attacker; among equals to the one that has waited longest.
type handshakeLimiter struct {
	mu      sync.Mutex // guards what follows
	free    int
	waiting []*placeRequest // in order of arrival
}

// A placeRequest waits for a place.
type placeRequest struct {
	crowding crowding // when it began to wait
	granted  chan struct{}
}

// newHandshakeLimiter returns a limiter with n places.
func newHandshakeLimiter(n int) *handshakeLimiter { return &handshakeLimiter{free: n} }

// handshakePlaces returns the number of places of a server.
func handshakePlaces() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// acquire waits for a place for a connection of a crowded prefix. It fails if ctx is done before.
func (l *handshakeLimiter) acquire(ctx context.Context, of crowding) error {
	l.mu.Lock()
	if l.free > 0 {
		l.free--
		l.mu.Unlock()
		return nil
	}
	r := &placeRequest{crowding: of, granted: make(chan struct{})}
	l.waiting = append(l.waiting, r)
	l.mu.Unlock()
	select {
	case <-r.granted:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	i := slices.Index(l.waiting, r)
	if i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	l.mu.Unlock()
	if i < 0 { // the place was granted at the same moment
		l.release()
	}
	return ctx.Err()
}

// release gives up a place.
func (l *handshakeLimiter) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.free++
		return
	}
	next := 0
	for i, r := range l.waiting {
		if r.crowding.compare(l.waiting[next].crowding) < 0 {
			next = i
		}
	}
	close(l.waiting[next].granted)
	l.waiting = slices.Delete(l.waiting, next, next+1)
}
