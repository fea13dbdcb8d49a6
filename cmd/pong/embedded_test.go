package main

import (
	"context"
	"testing"

	"pong/internal/dial"
	"pong/internal/game"
)

// TestEmbeddedOutlivesCtrlC: its players are asked to end at the same moment, and must not find it gone before.
func TestEmbeddedOutlivesCtrlC(t *testing.T) {
	asked, ask := context.WithCancel(t.Context())
	ask()
	link, stop, err := embedded(asked, game.DefaultRules(), 1)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dial.Dial(t.Context(), dial.Config{Address: link, Name: "late"})
	if err != nil {
		t.Errorf("the server is gone before it is stopped: %v", err)
	} else {
		c.Close()
	}
	stop()
	if c, err := dial.Dial(t.Context(), dial.Config{Address: link}); err == nil {
		c.Close()
		t.Error("the server is still there after it was stopped")
	}
}
