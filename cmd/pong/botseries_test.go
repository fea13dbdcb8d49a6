package main

import (
	"testing"
	"time"

	"pong/internal/client"
)

// TestSeries_AsksUntilTheServerKnows shows a bot the results of two games one after the other: its process stood still
// while the second one was played.
func TestSeries_AsksUntilTheServerKnows(t *testing.T) {
	var games series
	now := time.Unix(0, 0)
	for i, step := range []struct {
		stage      client.Stage
		rematch    bool
		after      time.Duration
		ended, ask bool
	}{
		{client.StagePlaying, false, 0, false, false},
		{client.StageOver, false, time.Second / 60, true, true},
		{client.StageOver, false, time.Second / 60, false, false},
		{client.StageOver, true, askAgain, false, false}, // the server knows
		{client.StageLost, true, time.Second, false, false},
		{client.StageOver, false, 10 * time.Second, false, true}, // the second result
		{client.StageOver, false, time.Second / 60, false, false},
		{client.StageOver, false, askAgain, false, true},
		{client.StageCountdown, false, time.Second, false, false},
		{client.StageOver, false, time.Second, true, true},
	} {
		now = now.Add(step.after)
		v := client.Frame{Stage: step.stage, Rematch: [2]bool{step.rematch, true}}
		if ended, ask := games.next(now, &v); ended != step.ended || ask != step.ask {
			t.Errorf("frame %d (%v): ended %v, ask %v; want %v, %v", i, step.stage, ended, ask, step.ended, step.ask)
		}
	}
}
