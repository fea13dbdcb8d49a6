//go:build unix

package term

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// releaseWithin bounds the time in which a program that hangs may give the terminal back.
const releaseWithin = time.Second

// restoreAtCrash gives the terminal back before the process ends with the goroutines that the Go runtime prints at
// SIGQUIT and SIGABRT. Otherwise the shell would get a terminal that shows no keys. It returns a function that ends it.
func restoreAtCrash(p *tea.Program) (end func()) {
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGQUIT, syscall.SIGABRT)
	go func() {
		select {
		case <-done:
		case s := <-signals:
			released := make(chan struct{})
			go func() {
				_ = p.ReleaseTerminal()
				close(released)
			}()
			select {
			case <-released:
			case <-time.After(releaseWithin):
			}
			signal.Reset(s)
			if number, ok := s.(syscall.Signal); ok {
				_ = syscall.Kill(os.Getpid(), number)
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
