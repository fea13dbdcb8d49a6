package server_test

import (
	"log/slog"
	"sync"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/linequeue"
)

// A stuckWriter is what a log is written to and nobody reads. Its Writes block until it is opened.
type stuckWriter struct {
	once    sync.Once
	blocked chan struct{} // closed at the first Write
	open    chan struct{}
}

func (w *stuckWriter) Write(b []byte) (int, error) {
	w.once.Do(func() { close(w.blocked) })
	<-w.open
	return len(b), nil
}

// TestServe_LogThatBlocksStopsNothing plays a game on a server whose log is read by nobody, and stops the server.
func TestServe_LogThatBlocksStopsNothing(t *testing.T) {
	var stuck *stuckWriter
	bubble(t, func(s *settings) {
		stuck = &stuckWriter{blocked: make(chan struct{}), open: make(chan struct{})}
		s.Rules = game.Rules{Points: 2}
		s.Log = slog.New(slog.NewJSONHandler(linequeue.New(linequeue.Config{Out: stuck}), nil))
	}, func(r *rig) {
		left, right := r.joinTwo()
		left.hand = follow
		r.want(time.Minute, "a game ends", at(client.StageOver, left, right))
		<-stuck.blocked
		r.stopped(1100 * time.Millisecond)
		close(stuck.open)
	})
}
