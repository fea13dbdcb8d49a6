package server

import (
	"log/slog"
	"time"

	"pong/internal/shard"
)

// report logs what happens and passes it on.
func (s *server) report(r shard.Report) {
	if s.cfg.Report != nil {
		s.cfg.Report(r)
	}
	if (r.Kind == shard.Joined || r.Kind == shard.Vacated || r.Kind == shard.Closed) && !s.hush.say(time.Now()) {
		return
	}
	match := slog.String("match", r.Match)
	player := slog.Group("", slog.Int("player", r.Player), slog.String("name", r.Name))
	score := slog.Group("", slog.Int("score1", r.Score[0]), slog.Int("score2", r.Score[1]))
	switch {
	case r.Kind == shard.Joined && r.Player == 0:
		s.log.Info("watching", match, slog.String("name", r.Name))
		return
	case r.Kind == shard.Vacated && r.Player == 0:
		s.log.Info("watches no more", match, slog.String("name", r.Name), slog.String("why", r.Why))
		return
	}
	switch r.Kind {
	case shard.Joined:
		s.log.Info("joined", match, player)
	case shard.Online:
		s.log.Info("online", match, player)
	case shard.Ready:
		s.log.Info("All 2 players connected", match, slog.String("player1", r.Names[0]), slog.String("player2", r.Names[1]))
		if !s.cfg.Auto {
			s.log.Info("press ENTER to start", match)
		}
	case shard.Started:
		s.log.Info("started", match, slog.String("player1", r.Names[0]), slog.String("player2", r.Names[1]))
	case shard.Scored:
		s.log.Info("score", match, score)
	case shard.Over:
		s.log.Info("game over", match, score, slog.Int("winner", r.Winner))
	case shard.Silent:
		s.log.Warn("silent: the match is paused", match, player)
	case shard.Back:
		s.log.Info("heard again", match, player)
	case shard.Moved:
		s.log.Info("moved to another address", match, player)
	case shard.Vacated:
		s.log.Info("seat is free", match, player, slog.String("why", r.Why))
	case shard.Closed:
		s.log.Info("match closed", match)
	}
}
