//go:build !js

package term

import (
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	xterm "golang.org/x/term"

	"pong/internal/crash"
)

// releaseWithin bounds the time in which a program that hangs may give the terminal back.
const releaseWithin = time.Second

// restoreAtCrash gives the terminal back before the process ends with a signal that has the Go runtime print its
// goroutines, or with a panic in another goroutine. Bubble Tea does that after a panic in its own. It returns a
// function that ends it.
func restoreAtCrash(p *tea.Program, in io.Reader) (end func()) {
	r := releaser{program: p}
	if f, ok := in.(*os.File); ok {
		r.mode, _ = xterm.GetState(int(f.Fd()))
		r.input = f
	}
	endSignals, endPanics := onCrashSignal(r.release), crash.OnPanic(r.release)
	return func() {
		endSignals()
		endPanics()
	}
}

// A releaser gives the terminal of a program back.
type releaser struct {
	program *tea.Program
	input   *os.File     // nil if it is no file
	mode    *xterm.State // of the input before the program; nil if it is no terminal
}

// release gives the terminal back. If the program hangs, at least the mode of the terminal is restored.
func (r releaser) release() {
	released := make(chan struct{})
	go crash.Guarded(func() {
		defer close(released)
		_ = r.program.ReleaseTerminal()
	})()
	select {
	case <-released:
	case <-time.After(releaseWithin):
	}
	if r.mode != nil {
		_ = xterm.Restore(int(r.input.Fd()), r.mode)
	}
}
