package replaydir

import (
	"bytes"
	"sync"
	"time"

	"pong/internal/game"
	"pong/internal/replay"
)

// A GameRecorder records the games that a client plays or watches, one after another, from the states that it receives.
// It keeps the newest one in memory, for a person who wants to keep it when it is over.
type GameRecorder struct {
	// Put receives the pieces of the recordings, which are numbered from 1. It must not block. If nil, nothing does.
	Put func(number int, piece []byte, last bool)

	mu        sync.Mutex // guards what follows
	follower  *replay.Follower
	of        key
	number    int
	recording []byte // the newest
}

// A key tells games apart.
type key struct{ lineup, game uint8 }

// A Known is a game as a STATE has it.
type Known struct {
	Header       replay.Header // Began is set by the GameRecorder
	Lineup, Game uint8         // those of another game are others. Game is 0 before one has begun.
	State        game.State
	Applied      []game.Inputs // before the state, newest first
}

// State takes a game as a STATE has it.
func (g *GameRecorder) State(now time.Time, k Known) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if of := (key{k.Lineup, k.Game}); g.follower != nil && of != g.of {
		g.end()
	}
	if over := k.State.Phase == game.Over; g.follower == nil && (over || k.Game == 0) {
		return
	}
	if g.follower == nil {
		g.follower, g.of = &replay.Follower{}, key{k.Lineup, k.Game}
		g.recording = nil
		g.number++
	}
	k.Header.Began = now
	g.add(g.follower.State(k.Header, k.State, k.Applied), false)
	if k.State.Phase == game.Over {
		g.end()
	}
}

// End ends the recording of the game that is being played, if there is one.
func (g *GameRecorder) End() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.end()
}

func (g *GameRecorder) end() {
	if g.follower != nil {
		g.add(g.follower.End(), true)
		g.follower = nil
	}
}

// add adds a piece to the recording. It is bounded by that of package replay.
func (g *GameRecorder) add(piece []byte, last bool) {
	g.recording = append(g.recording, piece...)
	if g.Put != nil && (len(piece) > 0 || last) {
		g.Put(g.number, piece, last)
	}
}

// Newest returns the newest recording, up to its newest piece; nil if no game has been recorded.
func (g *GameRecorder) Newest() []byte {
	g.mu.Lock()
	defer g.mu.Unlock()
	return bytes.Clone(g.recording)
}
