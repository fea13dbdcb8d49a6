package server

import "sync"

// A lobby sends each newcomer to a shard, so that players meet in the order in which they come: an odd one goes where
// there are fewest, an even one to where the odd one went. Within a shard, tables with a free seat come first.
type lobby struct {
	loops []*loop

	mu      sync.Mutex // guards what follows
	waiting int        // the shard to which the last odd player was sent; -1 if none waits
	players []int      // sent to each shard and not yet gone
}

func newLobby(loops []*loop) *lobby {
	return &lobby{loops: loops, waiting: -1, players: make([]int, len(loops))}
}

// enter chooses the shard for a newcomer; leave must be called for it when the player is gone.
func (l *lobby) enter() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := l.waiting
	if i >= 0 {
		l.waiting = -1
	} else {
		i = 0
		for j, n := range l.players {
			if n%2 == 1 { // somebody's opponent has left
				i = j
				break
			}
			if n < l.players[i] {
				i = j
			}
		}
		if l.players[i]%2 == 0 {
			l.waiting = i
		}
	}
	l.players[i]++
	return i
}

func (l *lobby) leave(shard int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.players[shard]--
	if l.waiting == shard && l.players[shard]%2 == 0 {
		l.waiting = -1
	}
}

// back counts a player who has come back to a seat in a shard.
func (l *lobby) back(shard int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.players[shard]++
}
