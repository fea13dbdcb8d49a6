//go:build unix

package term

import (
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/crash"
)

// stopsWithin is how long a process may take to stop after it has signalled itself. The kernel does not stop a process
// that no shell could continue.
const stopsWithin = 500 * time.Millisecond

// rendererEnds is how long a goroutine of Bubble Tea may take to end after the terminal is released. If the terminal
// were taken again before, that goroutine would stop the timer of its successor, and nothing more would be drawn.
const rendererEnds = 100 * time.Millisecond

// stopSignal stops the process. It is not SIGTSTP, because the Go runtime cannot give that back its default action, and
// not SIGSTOP, which stops a process that no shell can continue, too.
const stopSignal = syscall.SIGTTOU

// A jobControl gives the terminal back to the shell before the process stops, and takes it again when it continues. The
// shell may have changed the terminal's mode and written to its screen meanwhile.
//
//	Ctrl-Z -> suspend --SIGTSTP--> watch --stopping--> Bubble Tea releases the terminal
//	                                                   the process stops, and continues
//	                                                   Bubble Tea takes the terminal
//	SIGCONT without that --------> watch --retaking--> Bubble Tea releases the terminal and takes it
type jobControl struct {
	signals chan os.Signal
	done    chan struct{} // closed at the end

	suspending atomic.Bool   // from a SIGTSTP until the process continues
	continued  chan struct{} // a SIGCONT has arrived while suspending
}

// controlJob starts the job control of a program. It returns a function that ends it. A process that ignores SIGTSTP
// was started by a shell without job control and cannot be stopped from its terminal.
func controlJob(p *tea.Program) (end func()) {
	j := &jobControl{signals: make(chan os.Signal, 4), done: make(chan struct{}), continued: make(chan struct{}, 1)}
	signal.Notify(j.signals, syscall.SIGCONT)
	if !signal.Ignored(syscall.SIGTSTP) {
		signal.Notify(j.signals, syscall.SIGTSTP)
	}
	go crash.Guarded(func() { j.watch(p) })()
	return func() {
		signal.Stop(j.signals)
		close(j.done)
	}
}

// watch handles signals until the job control ends.
func (j *jobControl) watch(p *tea.Program) {
	for {
		select {
		case <-j.done:
			return
		case s := <-j.signals:
			switch suspending := j.suspending.Load(); {
			case s == syscall.SIGTSTP && !suspending:
				j.suspending.Store(true)
				p.Send(tea.Exec(stopping{j}, afterJob)())
			case s == syscall.SIGCONT && !suspending: // after a SIGSTOP, which no process can notice
				p.Send(tea.Exec(retaking{}, afterJob)())
			case s == syscall.SIGCONT:
				select {
				case j.continued <- struct{}{}:
				default:
				}
			}
		}
	}
}

// stop stops the process and the others of its group, as the terminal does in a program that does not read keys one by
// one. It returns when the process continues.
func (j *jobControl) stop() {
	defer j.suspending.Store(false)
	select {
	case <-j.continued: // by an earlier SIGCONT
	default:
	}
	_ = syscall.Kill(0, stopSignal)
	select {
	case <-j.continued:
	case <-time.After(stopsWithin):
	}
}

// suspend has the process stop as at a SIGTSTP.
func suspend() tea.Cmd {
	return func() tea.Msg {
		_ = syscall.Kill(os.Getpid(), syscall.SIGTSTP)
		return nil
	}
}

// A jobMsg is the message that the program has taken the terminal again.
type jobMsg struct{}

func afterJob(error) tea.Msg { return jobMsg{} }

// stopping and retaking are run by Bubble Tea while it has released the terminal.
type (
	stopping struct{ *jobControl }
	retaking struct{}
)

// Run implements tea.ExecCommand.
func (s stopping) Run() error {
	time.Sleep(rendererEnds)
	s.stop()
	return nil
}

func (stopping) SetStdin(io.Reader)  {}
func (stopping) SetStdout(io.Writer) {}
func (stopping) SetStderr(io.Writer) {}

// Run implements tea.ExecCommand.
func (retaking) Run() error {
	time.Sleep(rendererEnds)
	return nil
}

func (retaking) SetStdin(io.Reader)  {}
func (retaking) SetStdout(io.Writer) {}
func (retaking) SetStderr(io.Writer) {}
