package server

import (
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"pong/internal/names"
	"pong/internal/shard"
)

// The rate of log lines about players that join and leave. Strangers can cause any number, two for each JOIN, and would
// fill a disk with them.
const (
	joinLinesPerSecond = rate.Limit(10)
	joinLinesBurst     = 200
)

// unreachedHint returns what an operator can do about a player whose datagrams do not arrive.
func unreachedHint(port int) string {
	return fmt.Sprintf("let UDP port %d through in this server's firewall, and forward it in its router, as TCP is; "+
		"if other players connect, the player's own network blocks UDP", port)
}

// report logs a report and passes it on.
func (s *server) report(r shard.Report) {
	if s.cfg.Report != nil {
		s.cfg.Report(r)
	}
	limited := r.Kind == shard.Joined || r.Kind == shard.Vacated || r.Kind == shard.Closed ||
		r.Kind == shard.Unreached
	if limited && !s.logLimit.AllowN(time.Now(), 1) {
		s.suppressed.Add(1)
		return
	}
	match := slog.String("match", r.Match)
	player := slog.Group("", slog.Int("player", r.Player), named("name", r.Name))
	score := slog.Group("", slog.Int("score1", r.Score[0]), slog.Int("score2", r.Score[1]))
	switch {
	case r.Kind == shard.Stood:
		s.log.Warn("this server stood still, matches count down again",
			slog.String("for", r.Span.Round(100*time.Millisecond).String()))
		return
	case r.Kind == shard.Unreached:
		s.log.Warn("joined over TCP, but nothing arrives over UDP", match, player, slog.Any("from", r.From),
			slog.Int("udp_port", r.Port), slog.String("do", unreachedHint(r.Port)))
		return
	case r.Kind == shard.Joined && r.Player == 0:
		s.log.Info("watcher joined", match, named("name", r.Name))
		return
	case r.Kind == shard.Vacated && r.Player == 0:
		s.log.Info("watcher removed", match, named("name", r.Name), slog.String("reason", r.Reason.String()))
		return
	}
	switch r.Kind {
	case shard.Joined:
		s.log.Info("joined", match, player)
	case shard.Online:
		s.log.Info("online", match, player)
	case shard.Ready:
		s.log.Info("All 2 players connected", match, named("player1", r.Names[0]),
			named("player2", r.Names[1]))
		if !s.cfg.Auto {
			s.log.Info("press Enter to start", match)
		}
	case shard.Started:
		s.log.Info("started", match, named("player1", r.Names[0]), named("player2", r.Names[1]))
	case shard.Scored:
		s.log.Info("score", match, score)
	case shard.Over:
		s.log.Info("game over", match, score, slog.Int("winner", r.Winner))
	case shard.Silent:
		s.log.Warn("player not responding, match paused", match, player)
	case shard.Back:
		s.log.Info("player responding again", match, player)
	case shard.Moved:
		s.log.Info("moved to another address", match, player)
	case shard.Vacated:
		s.log.Info("player removed", match, player, slog.String("reason", r.Reason.String()))
	case shard.Closed:
		s.log.Info("match closed", match)
	}
}

// named returns a player's name for the log, with an attribute if letters of it are not what they seem to be.
func named(key, name string) slog.Attr {
	if names.Mixed(name) {
		return slog.Group("", slog.String(key, name), slog.Bool(key+"_mixed_letters", true))
	}
	return slog.String(key, name)
}
