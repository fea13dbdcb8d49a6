//go:build nogui

package gui

import (
	"errors"
	"testing"
)

func TestRun_NeedsAWindow(t *testing.T) {
	if err := Run(t.Context(), Config{}); !errors.Is(err, ErrNoWindow) {
		t.Errorf("Run in a build without a window: %v, want ErrNoWindow", err)
	}
}
