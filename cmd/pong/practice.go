package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
)

// sparring is the bot that one practises against. It joins from this process, over the same network, in a room that
// nobody else knows.
type sparring struct {
	ctx   context.Context
	level bot.Level
	on    bool

	mu    sync.Mutex // guards what follows
	leave context.CancelFunc
	all   sync.WaitGroup
}

// newSparring returns the opponent of --practice, and none if that was not said. It gives the player a room.
func newSparring(cmd *cobra.Command, level string, cfg *client.Config) (*sparring, error) {
	s := &sparring{ctx: cmd.Context(), on: level != ""}
	if !s.on {
		return s, nil
	}
	var err error
	if s.level, err = bot.ParseLevel(level); err != nil {
		return nil, usage(cmd, "--practice: %w", err)
	}
	if cfg.Room == "" {
		cfg.Room = fmt.Sprintf("practice-%012x", rand.Uint64()>>16)
	}
	return s, nil
}

// join follows the player to a server.
func (s *sparring) join(player *client.Client) {
	if !s.on {
		return
	}
	cfg := player.Config()
	cfg.Name, cfg.Resume, cfg.SeatDir = "bot", "", ""
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leave != nil {
		s.leave()
	}
	ctx, leave := context.WithCancel(s.ctx)
	s.leave = leave
	s.all.Go(func() { _ = playAs(ctx, cfg, bot.New(s.level, rand.Uint64()), 0, nothing) })
}

// stop ends the bot.
func (s *sparring) stop() {
	s.mu.Lock()
	if s.leave != nil {
		s.leave()
	}
	s.mu.Unlock()
	s.all.Wait()
}
