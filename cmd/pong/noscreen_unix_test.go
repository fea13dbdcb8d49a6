//go:build unix

package main

import "testing"

// These tests need Unix, where a machine may have no display. On a desktop of Windows the commands open a window.

// TestRoot_WithoutAScreen lets two bots play where there is neither a display nor a terminal.
func TestRoot_WithoutAScreen(t *testing.T) {
	t.Parallel()
	playsToItsEnd(t, start(t, "--points", "1", "--seed", "4"))
}

func TestPlay_WithoutAScreen(t *testing.T) {
	t.Parallel()
	refuses(t, start(t, "play", serve(t).Link), exitFailed, "no display", "no terminal")
}
