package main

import (
	"context"
	"testing"

	"pong/internal/dial"
	"pong/internal/game"
)

// TestEmbedded_OutlivesCtrlC matters because its players are cancelled at the same moment, and must not lose the
// server before they have left.
func TestEmbedded_OutlivesCtrlC(t *testing.T) {
	asked, ask := context.WithCancel(t.Context())
	ask()
	link, stop, err := embedded(asked, game.DefaultRules(), 1)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dial.Dial(t.Context(), dial.Config{Address: link, Name: "late"})
	if err != nil {
		t.Errorf("the server is gone before stop was called: %v", err)
	} else {
		c.Close()
	}
	stop()
	if c, err := dial.Dial(t.Context(), dial.Config{Address: link}); err == nil {
		c.Close()
		t.Error("the server still runs after stop was called")
	}
}
