//go:build unix

package term

import (
	"os"
	"os/signal"
	"syscall"

	"pong/internal/crash"
)

// onCrashSignal calls release before the process ends at SIGQUIT or SIGABRT. It returns a function that ends that.
func onCrashSignal(release func()) (end func()) {
	signals, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGQUIT, syscall.SIGABRT)
	go crash.Guarded(func() {
		select {
		case <-done:
		case s := <-signals:
			release()
			signal.Reset(s)
			if number, ok := s.(syscall.Signal); ok {
				_ = syscall.Kill(os.Getpid(), number)
			}
		}
	})()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
