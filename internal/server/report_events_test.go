package server_test

import (
	"slices"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
)

// TestReport_LogsSilence stops and resumes the datagrams of a player.
func TestReport_LogsSilence(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwoOfFrames()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.players = []*player{left} // the second player's client stands still
		r.run(6 * time.Second)
		if n := len(r.logged.entries("player not responding, match paused")); n != 1 {
			r.Errorf("the pause is logged %d times, want once\n%s", n, r.logged)
		}
		r.players = []*player{left, right}
		r.run(time.Second)
		if n := len(r.logged.entries("player responding again")); n != 1 {
			r.Errorf("the end of the silence is logged %d times, want once\n%s", n, r.logged)
		}
	})
}

// TestReport_CallsConfigReport wants Config.Report to be called with every kind of event of a match.
func TestReport_CallsConfigReport(t *testing.T) {
	var kinds []shard.Kind
	bubble(t, func(s *settings) {
		s.Rules = game.Rules{Points: 1}
		s.Log = nil
		s.Report = func(r shard.Report) { kinds = append(kinds, r.Kind) }
	}, func(r *rig) {
		left, right := r.joinTwo()
		left.hand = follow
		r.want(time.Minute, "a game ends", at(client.StageOver, left, right))
		left.Close()
		r.run(time.Second)
	})
	want := []shard.Kind{
		shard.Joined, shard.Online, shard.Ready, shard.Started, shard.Scored, shard.Over, shard.Vacated,
	}
	for _, k := range want {
		if !slices.Contains(kinds, k) {
			t.Errorf("the reports have the kinds %v, want kind %d among them", kinds, k)
		}
	}
}

// TestReport_LogsResumedAndRefused with the address of each.
func TestReport_LogsResumedAndRefused(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		cfg := r.config("right", "10.0.0.7")
		cfg.Resume = right.Resume()
		again := r.joinAs(cfg)
		r.want(5*time.Second, "the player is back", at(client.StagePlaying, left, again))
		c := r.dialTLS("10.0.0.8")
		c.send(`{"type":"LEAVE"}`)
		c.wantRefused(wire.CodeBadLine)
		if n := len(r.logged.entries("joined")); n != 2 {
			r.Errorf("%d lines say joined, want 2", n)
		}
		for msg, want := range map[string]string{"resumed": "10.0.0.7", "refused": "10.0.0.8"} {
			if lines := r.logged.entries(msg); len(lines) != 1 || lines[0]["addr"] != want {
				r.Errorf("the lines with %q are %v, want one with the address %s", msg, lines, want)
			}
		}
	})
}
