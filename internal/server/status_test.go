package server_test

import (
	"slices"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// TestStatus_Log reads the log of a short match as a program would. Each event is logged once, with fields that
// identify the player and the match (row 13).
func TestStatus_Log(t *testing.T) {
	bubble(t, func(s *settings) { s.Rules = game.Rules{Points: 1} }, func(r *rig) {
		left, right := r.joinTwo()
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

// TestStatus_LogNotesMixedLetters joins with a name that has a Cyrillic letter among Latin ones.
func TestStatus_LogNotesMixedLetters(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.join("аnn"), r.join("ann")
		r.want(5*time.Second, "the two play", at(client.StagePlaying, left, right))
		started := r.logged.entries("started")
		if len(started) != 1 || !has(started[0], map[string]any{"player1": "аnn", "player1_mixed_letters": true}) ||
			started[0]["player2_mixed_letters"] != nil {
			r.Errorf("the start is logged as %v, want a note beside player1 alone", started)
		}
		joined := r.logged.entries("joined")
		if len(joined) == 0 || !has(joined[0], map[string]any{"name": "аnn", "name_mixed_letters": true}) {
			r.Errorf("the players who join are logged as %v, want a note beside the first name", joined)
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

// TestStatus_PlayersAreSeats has two players and a watcher for a while. The status counts the players alone.
func TestStatus_PlayersAreSeats(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		cfg := r.config("watcher", "10.0.0.9")
		cfg.Watch = true
		r.joinAs(cfg)
		r.run(time.Minute)
		all := r.logged.entries("status")
		if len(all) == 0 || all[len(all)-1]["players"] != 2.0 {
			r.Errorf("the status of a server with two players and a watcher is %v, want 2 players", all)
		}
	})
}

// TestStatus_QuietServerLogsNothing runs an empty server for an hour.
func TestStatus_QuietServerLogsNothing(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		time.Sleep(time.Hour)
		if r.logged.String() != "" {
			r.Errorf("the log of a server without players is not empty\n%s", r.logged)
		}
	})
}
