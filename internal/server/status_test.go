package server_test

import (
	"slices"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
)

// TestStatus_Log reads the log of a short match as a machine would: who joined, who is online, the score, the result,
// who has left; each line once and with the fields that say whom it is about (row 13).
func TestStatus_Log(t *testing.T) {
	bubble(t, func(s *settings) { s.Rules = game.Rules{Points: 1} }, func(r *rig) {
		left, right := r.two()
		left.hand = follow
		r.want(time.Minute, "a game ends", at(client.StageOver, left, right))
		right.Close()
		r.run(time.Second)
		for _, want := range []struct {
			msg    string
			fields map[string]any
			times  int
		}{
			{"joined", map[string]any{"match": "m1", "player": 2.0, "name": "right"}, 2},
			{"online", map[string]any{"match": "m1", "player": 2.0, "name": "right"}, 2},
			{"All 2 players connected", map[string]any{"match": "m1", "player1": "left", "player2": "right"}, 1},
			{"started", map[string]any{"match": "m1", "player1": "left", "player2": "right"}, 1},
			{"score", map[string]any{"match": "m1", "score1": 1.0, "score2": 0.0}, 1},
			{"game over", map[string]any{"match": "m1", "score1": 1.0, "score2": 0.0, "winner": 1.0}, 1},
			{"player removed", map[string]any{"match": "m1", "player": 2.0, "name": "right", "reason": "left"}, 1},
		} {
			entries := r.logged.entries(want.msg)
			if len(entries) != want.times {
				r.Errorf("%q is logged %d times, want %d\n%s", want.msg, len(entries), want.times, r.logged)
			}
			if !slices.ContainsFunc(entries, func(e map[string]any) bool { return has(e, want.fields) }) {
				r.Errorf("no line %q with %v\n%s", want.msg, want.fields, r.logged)
			}
		}
	})
}

func has(entry, fields map[string]any) bool {
	for k, v := range fields {
		if entry[k] != v {
			return false
		}
	}
	return true
}

// TestStatus_OfSilence logs that a match is paused and that the player is heard again.
func TestStatus_OfSilence(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.players = []*player{left} // the second player's screen freezes
		r.run(6 * time.Second)
		if n := len(r.logged.entries("player not responding, match paused")); n != 1 {
			r.Errorf("the silence of a player is logged %d times, want once\n%s", n, r.logged)
		}
		r.players = []*player{left, right}
		r.run(time.Second)
		if n := len(r.logged.entries("player responding again")); n != 1 {
			r.Errorf("that the player is heard again is logged %d times, want once\n%s", n, r.logged)
		}
	})
}

// TestStatus_QuietServerLogsNothing runs an empty server for an hour.
func TestStatus_QuietServerLogsNothing(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		time.Sleep(time.Hour)
		if r.logged.String() != "" {
			r.Errorf("a server without players logs\n%s", r.logged)
		}
	})
}

// TestReport_Log calls the operator's function with what happens.
func TestReport_Log(t *testing.T) {
	var kinds []shard.Kind
	bubble(t, func(s *settings) {
		s.Rules = game.Rules{Points: 1}
		s.Log = nil
		s.Report = func(r shard.Report) { kinds = append(kinds, r.Kind) }
	}, func(r *rig) {
		left, right := r.two()
		left.hand = follow
		r.want(time.Minute, "a game ends", at(client.StageOver, left, right))
		left.Close()
		r.run(time.Second)
	})
	for _, k := range []shard.Kind{shard.Joined, shard.Online, shard.Ready, shard.Started, shard.Scored, shard.Over, shard.Vacated} {
		if !slices.Contains(kinds, k) {
			t.Errorf("reports %v lack %d", kinds, k)
		}
	}
}
