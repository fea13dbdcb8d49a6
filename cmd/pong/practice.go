package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"pong/internal/bot"
	"pong/internal/dial"
)

// sparring is the bot that one practises against. It joins from this process, over the same network, in a room that
// nobody else knows. Its zero value has no bot.
type sparring struct {
	seed uint64 // of the bots. If zero, by chance.

	mu    sync.Mutex // guards what follows
	leave context.CancelFunc
	all   sync.WaitGroup
}

// inPrivate gives a player who practises a room. Its seat is not noted: the bot would not be there any more. A room that the
// person has named is kept, so that friends can look on.
func inPrivate(cfg dial.Config) dial.Config {
	if cfg.SeatDir = ""; cfg.Room == "" {
		cfg.Room = fmt.Sprintf("practice-%012x", rand.Uint64()>>16)
	}
	return cfg
}

// join follows the player to a server. A server that has no seat for the bot is asked again.
func (s *sparring) join(player *dial.Client, level string) {
	plays, err := bot.ParseLevel(level)
	if err != nil {
		plays = bot.Normal
	}
	seed := s.seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	cfg := player.Config()
	cfg.Name, cfg.Resume, cfg.SeatDir, cfg.Rotated = "bot", "", "", nil
	ctx, leave := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leave = leave
	s.all.Go(func() {
		for ctx.Err() == nil {
			_ = playAs(ctx, cfg, bot.New(plays, seed), 0, noReport)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	})
}

// stop sends the bot away, if there is one.
func (s *sparring) stop() {
	s.mu.Lock()
	if s.leave != nil {
		s.leave()
		s.leave = nil
	}
	s.mu.Unlock()
	s.all.Wait()
}
