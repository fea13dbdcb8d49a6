//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// ownConsole is for Windows alone: elsewhere a signal reaches one process.
func ownConsole(*exec.Cmd) {}

func pressCtrlC(p *os.Process) error { return p.Signal(os.Interrupt) }

// TestSignal_SIGTERMEndsEachCommand needs Unix: a program of Windows cannot send the events that Go takes for SIGTERM.
func TestSignal_SIGTERMEndsEachCommand(t *testing.T) {
	t.Parallel()
	endEachCommand(t, func(p *process) { p.signal(syscall.SIGTERM) })
}
