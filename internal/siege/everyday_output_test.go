//go:build siege && linux

package siege

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// An outlet is where a server's log goes. The test reads its first line, and then does to it what people do.
type outlet struct {
	reader, writer *os.File
	session        bool // the server has a terminal of its own
}

// pipeOutlet returns a pipe.
func pipeOutlet(t testing.TB) outlet {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return outlet{reader: r, writer: w}
}

// fifoOutlet returns a FIFO.
func fifoOutlet(t testing.TB) outlet {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	if err := unix.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(path, os.O_RDWR, 0) // for writing as well, so that opening does not wait for the server
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	writer, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	return outlet{reader: reader, writer: writer}
}

// terminalOutlet returns a pseudo terminal, with the keyboard as reader.
func terminalOutlet(t testing.TB) outlet {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyboard.Close() })
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatalf("pseudo terminal: %v", err)
	}
	inside, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inside.Close() })
	return outlet{reader: keyboard, writer: inside, session: true}
}

// serveInto starts a server that logs into an outlet, and reads the first line.
func serveInto(t testing.TB, o outlet) *serving {
	t.Helper()
	cmd := pong(t, "", serveArgs("127.0.0.1", filepath.Join(t.TempDir(), "certs"))...)
	cmd.Stdout = o.writer
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if o.session {
		cmd.Stdin, cmd.SysProcAttr.Setctty = o.writer, true // of descriptor 0
	}
	p := run(t, cmd)
	var line strings.Builder
	for b := make([]byte, 1); b[0] != '\n'; line.Write(b) {
		if _, err := o.reader.Read(b); err != nil {
			t.Fatalf("the server has logged %q: %v", line.String(), err)
		}
	}
	return newServing(t, p, line.String(), "127.0.0.1")
}

// fill writes into the outlet until the next line of the server has to wait.
func (o outlet) fill(t testing.TB) {
	t.Helper()
	_, _ = unix.FcntlInt(o.writer.Fd(), unix.F_SETPIPE_SZ, 4096)
	fd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", o.writer.Fd()), unix.O_WRONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for err == nil {
		_, err = unix.Write(fd, []byte("x"))
	}
	if err != unix.EAGAIN {
		t.Fatal(err)
	}
}

// readBy gives the outlet to another program and closes the test's own ends.
func (o outlet) readBy(t testing.TB, name string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = o.reader
	p := run(t, cmd)
	o.reader.Close()
	return p
}

// TestEveryday_Log plays a match while the server's log does not flow, or its reader has gone. The match goes on, and
// SIGTERM ends the server within its drain.
func TestEveryday_Log(t *testing.T) {
	for name, c := range map[string]struct {
		outlet func(testing.TB) outlet
		do     func(testing.TB, outlet)
	}{
		"fifo_not_read": {fifoOutlet, func(t testing.TB, o outlet) { o.fill(t) }},
		"reader_sleeps": {pipeOutlet, func(t testing.TB, o outlet) { o.fill(t); o.readBy(t, "sleep", "100") }},
		"head_4": {pipeOutlet, func(t testing.TB, o outlet) {
			head := o.readBy(t, "head", "-n", "3") // the test has read the first line
			o.writer.Close()
			<-head.ended
		}},
		"ctrl_s": {terminalOutlet, func(t testing.TB, o outlet) {
			if _, err := o.reader.WriteString("\x13"); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := c.outlet(t)
			s := serveInto(t, o)
			left, right := s.match(t)
			at := time.Now()
			c.do(t, o)
			late := s.play(t, "late") // whose lines are not logged, or cannot be written
			playsOn(t, either(3*time.Second, 12*time.Second), left, right)
			late.leave()
			figure("everyday_"+name+"_gap", float64(max(left.gap(at), right.gap(at)))/float64(time.Millisecond), "ms",
				under(200))
			if !long() {
				left.leave() // otherwise the server waits for the end of a rally
			}
			end := time.Now()
			s.terminate()
			mustFigure(t, "everyday_"+name+"_ended", time.Since(end).Seconds(), "s", under(35))
			if code := s.cmd.ProcessState.ExitCode(); code != 0 {
				t.Errorf("the server ended with code %d, want 0", code)
			}
			if right.wantClosing(t); long() {
				left.wantClosing(t)
			}
		})
	}
}

// wantClosing expects the player to have been told that the server shuts down.
func (p *player) wantClosing(t testing.TB) {
	t.Helper()
	poll(t, 5*time.Second, "the player is told that the server shuts down", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.session.Status(time.Now()).Closing
	})
}

// TestEveryday_Hangup sends SIGHUP to a server without a terminal, which keeps playing, and closes the terminal of
// another one, which drains.
func TestEveryday_Hangup(t *testing.T) {
	t.Run("signal", func(t *testing.T) {
		t.Parallel()
		cmd := pong(t, "", serveArgs("127.0.0.1", filepath.Join(t.TempDir(), "certs"))...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		s := serveCommand(t, cmd, "127.0.0.1")
		left, right := s.match(t)
		if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		s.wait("SIGHUP: the certificates are read again")
		playsOn(t, time.Second, left, right)
		s.terminate()
		if code := s.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("the server ended with code %d, want 0", code)
		}
	})
	t.Run("terminal closed", func(t *testing.T) {
		t.Parallel()
		o := terminalOutlet(t)
		s := serveInto(t, o)
		left, right := s.match(t)
		o.writer.Close()
		at := time.Now()
		o.reader.Close()
		left.wantClosing(t)
		right.wantClosing(t)
		select {
		case <-s.ended:
		case <-time.After(40 * time.Second):
			t.Fatal("the server did not end after its terminal was closed")
		}
		mustFigure(t, "everyday_terminal_closed_ended", time.Since(at).Seconds(), "s", under(35))
		if code := s.cmd.ProcessState.ExitCode(); code != 0 {
			t.Errorf("the server ended with code %d, want 0", code)
		}
	})
}

// TestEveryday_BotInAPipe lets head read a bot's lines. When head ends the bot leaves, and the other player reads that
// at once instead of waiting for a minute.
func TestEveryday_BotInAPipe(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.play(t, "stays")
	o := pipeOutlet(t)
	cmd := pong(t, "", "bot", s.control.String(), "--trust", s.Fingerprint, "--name", "piped", "--json",
		"--matches", "0")
	cmd.Stdout = o.writer
	bot := run(t, cmd)
	o.writer.Close()
	head := o.readBy(t, "head", "-n", "3")
	<-head.ended
	at := time.Now()
	<-bot.ended
	s.wait(`"reason":"left"`)
	figure("everyday_bot_left", time.Since(at).Seconds(), "s", under(3))
	if code := bot.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the bot ended with code %d, want 0: %s", code, bot.stderr.String())
	}
}
