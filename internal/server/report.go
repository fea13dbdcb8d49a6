package server

import (
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"pong/internal/names"
	"pong/internal/shard"
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
	if r.Kind != shard.Stood && !s.logLimits.allow(time.Now(), r.Kind, subject(r)) {
		s.refusals.omitted(r.From)
		return
	}
	match := slog.String("match", r.Match)
	player := slog.Group("", slog.Int("player", r.Player), named("name", r.Name))
	from := s.address("addr", r.From)
	score := slog.Group("", slog.Int("score1", r.Score[0]), slog.Int("score2", r.Score[1]))
	switch {
	case r.Kind == shard.Stood:
		s.log.Warn("this server stood still, matches count down again",
			slog.String("for", r.Span.Round(100*time.Millisecond).String()))
		return
	case r.Kind == shard.Unreached:
		s.log.Warn("joined over TCP, but nothing arrives over UDP", match, player,
			s.address("from", r.From),
			slog.Int("udp_port", r.Port), slog.String("do", unreachedHint(r.Port)))
		return
	case r.Kind == shard.Joined && r.Player == 0:
		s.log.Info("watcher joined", match, named("name", r.Name), from)
		return
	case r.Kind == shard.Resumed && r.Player == 0:
		s.log.Info("watcher resumed", match, named("name", r.Name), from)
		return
	case r.Kind == shard.Vacated && r.Player == 0:
		s.log.Info("watcher removed", match, named("name", r.Name), slog.String("reason", r.Reason.String()))
		return
	}
	switch r.Kind {
	case shard.Joined:
		s.log.Info("joined", match, player, from)
	case shard.Resumed:
		s.log.Info("resumed", match, player, from)
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
		s.log.Info("moved to another address", match, player, from)
	case shard.Vacated:
		s.log.Info("player removed", match, player, slog.String("reason", r.Reason.String()))
	case shard.Restored:
		s.log.Info("match continues when both players are back", match, named("player1", r.Names[0]),
			named("player2", r.Names[1]), score)
	case shard.TakenOver:
		s.log.Info("match of another node goes on here", match, named("player1", r.Names[0]),
			named("player2", r.Names[1]), score)
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

// address returns an attribute with the address of a client, as Config.LogAddress shows it; an empty group, which is
// left out, if it shows nothing.
func (s *server) address(key string, a netip.Addr) slog.Attr {
	if !a.IsValid() {
		return slog.Group("")
	}
	text := a.String()
	if s.cfg.LogAddress != nil {
		text = s.cfg.LogAddress(a)
	}
	if text == "" {
		return slog.Group("")
	}
	return slog.String(key, text)
}

// logRefusal logs that a client was refused with a code of ERROR.
func (s *server) logRefusal(c *pendingConn, code string) {
	if c.evicted() || !s.logLimits.allow(time.Now(), refusedLine, c.prefix().String()) {
		return // both are counted by the refusal
	}
	s.log.Info("refused", slog.String("code", code), s.address("addr", c.addr()))
}
