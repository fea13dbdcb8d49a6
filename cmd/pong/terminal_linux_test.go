package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// The tests of this file need Linux: they type into pseudo terminals and read their modes.

// A terminal is a pseudo terminal. The test types keys and reads what pong prints.
type terminal struct {
	testing.TB
	keyboard, inside *os.File
	number           int
	printed          chan string
	unread           string
	freezing         atomic.Bool
}

func newTerminal(t testing.TB) *terminal {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyboard.Close() })
	fd := int(keyboard.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 120})
	}
	if err != nil {
		t.Fatalf("pseudo terminal: %v", err)
	}
	inside, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { inside.Close() })
	term := &terminal{TB: t, keyboard: keyboard, inside: inside, number: number, printed: make(chan string, 100_000)}
	go func() {
		defer close(term.printed)
		buffer := make([]byte, 64<<10)
		for {
			n, err := keyboard.Read(buffer)
			if err != nil || term.freezing.Load() {
				return
			}
			term.printed <- string(buffer[:n])
		}
	}()
	return term
}

// start runs a pong with this terminal as its controlling terminal.
func (term *terminal) start(args ...string) *process {
	term.Helper()
	return term.startCommand(command(term, args...))
}

// startCommand is start for a prepared command.
func (term *terminal) startCommand(cmd *exec.Cmd) *process {
	term.Helper()
	cmd.Stdin, cmd.Stdout = term.inside, term.inside
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // descriptor 0 is the terminal
	return begin(term, cmd)
}

// freeze makes the terminal take no more output, as after Ctrl-S.
func (term *terminal) freeze() {
	term.Helper()
	term.freezing.Store(true)
	fd, err := unix.Open(fmt.Sprintf("/dev/pts/%d", term.number), unix.O_WRONLY|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		term.Fatal(err)
	}
	defer unix.Close(fd)
	for frozen := false; !frozen; {
		if _, err := unix.Write(fd, []byte("x")); err != nil && err != unix.EAGAIN {
			term.Fatal(err)
		}
		select {
		case _, more := <-term.printed:
			frozen = !more
		default:
		}
	}
	for err = nil; err == nil; {
		_, err = unix.Write(fd, []byte("filling the terminal"))
	}
}

// hangUp closes the terminal, as the end of an SSH session does.
func (term *terminal) hangUp() {
	term.Helper()
	term.freezing.Store(true)
	if _, err := term.inside.WriteString("x"); err != nil { // ends the reading, which keeps the terminal open
		term.Fatal(err)
	}
	for range term.printed {
	}
	if err := term.keyboard.Close(); err != nil {
		term.Fatal(err)
	}
}

func (term *terminal) press(keys string) {
	term.Helper()
	if _, err := io.WriteString(term.keyboard, keys); err != nil {
		term.Fatal(err)
	}
}

// shows waits until a text is printed after the last one that was found, and returns everything before it.
func (term *terminal) shows(text string) string {
	term.Helper()
	late := time.After(patience)
	for {
		if before, after, found := strings.Cut(term.unread, text); found {
			term.unread = after
			return before
		}
		select {
		case more, ok := <-term.printed:
			if !ok {
				term.Fatalf("the terminal closed without showing %q, only %q", text, term.unread)
			}
			term.unread += more
		case <-late:
			term.Fatalf("the terminal did not show %q within %v, only %q", text, patience, term.unread)
		}
	}
}

// mode returns the terminal's settings: echo, line mode, signals.
func (term *terminal) mode() unix.Termios {
	term.Helper()
	m, err := unix.IoctlGetTermios(int(term.inside.Fd()), unix.TCGETS)
	if err != nil {
		term.Fatal(err)
	}
	return *m
}

// TestServe_OperatorStartsMatches acts as the operator: the server waits, says who is connected, and starts at Enter.
func TestServe_OperatorStartsMatches(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	server := term.start("serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--points", "1")
	link := regexp.MustCompile(`pong://\S+`).FindString(term.shows("Join with"))
	term.shows("Press Enter")

	first := start(t, "bot", link, "--level", "easy")
	term.shows("online")
	term.press("\n")
	term.shows("nothing to start")
	second := start(t, "bot", link, "--level", "easy")
	if before := term.shows("All 2 players connected"); strings.Contains(before, "started") {
		t.Errorf("the match started before all players were connected: %q", before)
	}
	first.line("ready 0:0") // printed within a second: the match has not started
	second.line("ready 0:0")
	term.press("\n")
	term.shows("started")
	first.line("countdown")
	second.line("countdown")
	first.end(exitDone)
	second.end(exitDone)
	term.shows("game over")
	term.press("\x03")
	term.shows("stopped")
	server.end(exitDone)
}

// TestServe_ASCIITerminal prints the addresses and the table of an operator where the locale has no UTF-8.
func TestServe_ASCIITerminal(t *testing.T) {
	t.Parallel()
	for _, start := range []string{"auto", "operator"} {
		term := newTerminal(t)
		cmd := command(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--start", start)
		cmd.Env = append(cmd.Env, "LC_ALL=C")
		p := term.startCommand(cmd)
		shown := term.shows("q: end")
		term.press("q")
		p.end(exitDone)
		if at := strings.IndexFunc(shown, func(r rune) bool { return r >= utf8.RuneSelf }); at >= 0 {
			t.Errorf("--start %s: not all is ASCII: %q", start, shown[max(at-40, 0):min(at+20, len(shown))])
		}
		if !strings.Contains(shown, "There is no QR code") || strings.Contains(shown, "l: QR") {
			t.Errorf("--start %s: a QR code is offered: %q", start, shown)
		}
	}
}

// TestServe_OperatorTerminalThatBlocks plays a match while the terminal of the operator shows nothing. The server ends
// when it is asked to, and leaves the terminal in the mode in which it was.
func TestServe_OperatorTerminalThatBlocks(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	before := term.mode()
	server := term.start("serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--points", "1",
		"--start", "auto")
	link := regexp.MustCompile(`pong://\S+`).FindString(term.shows("Join with"))
	term.shows("q: end")
	term.freeze()
	playMatch(t, link)
	server.signal(syscall.SIGTERM)
	server.end(exitDone)
	if term.mode() != before {
		t.Error("the terminal's settings were not restored")
	}
}

// TestInteractive_NeedsTheForeground matters because the kernel stops a background job (pong serve &) that reads from
// the terminal. This test is in the foreground of no terminal either.
func TestInteractive_NeedsTheForeground(t *testing.T) {
	term := newTerminal(t)
	if interactive(term.inside) {
		t.Error("interactive is true for a process that is not in the terminal's foreground")
	}
	if !isTerminal(term.inside) {
		t.Error("isTerminal is false for a pseudo terminal")
	}
}

// TestPlay_SaysWhyThereIsNoWindow plays in the terminal. If a display is named that does not answer, or with -v, the
// reason is printed.
func TestPlay_SaysWhyThereIsNoWindow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args    []string
		display string
		says    int
	}{
		{[]string{"play"}, "", 0},
		{[]string{"play", "-v"}, "", 1},
		{[]string{"play"}, ":65000", 1},
		{[]string{"play", "-v"}, ":65000", 1},
		{[]string{"play", "--tty", "-v"}, ":65000", 0},
		{[]string{"watch"}, "", 0},
		{[]string{"watch", "-v"}, "", 1},
		{[]string{"watch"}, ":65000", 1},
	} {
		server := serve(t, "--points", "0")
		start(t, "bot", server.Link, "--name", "Xanthippe")
		term := newTerminal(t)
		cmd := command(t, append(test.args, server.Link)...)
		cmd.Env = append(cmd.Env, "DISPLAY="+test.display)
		p := term.startCommand(cmd)
		shown := "Xanthippe"
		if test.args[0] == "watch" {
			shown = "Waiting for a match"
		}
		term.shows(shown)
		term.press("q")
		p.end(exitDone)
		if text := p.stderr.String(); strings.Count(text, "no window: ") != test.says {
			t.Errorf("%q with DISPLAY=%q printed %q, want the reason %d times", test.args, test.display, text,
				test.says)
		}
	}
}

// checkWhole fails unless a program that has ended left the terminal as it was: in its mode, with the screen of the
// shell and the cursor, and without reports of keys, focus, pastes and the mouse. The program must have taken the
// terminal before the last text that the test has read.
func (term *terminal) checkWhole(before unix.Termios, what string) {
	term.Helper()
	if term.mode() != before {
		term.Errorf("%s: the terminal's settings were not restored", what)
	}
	if _, err := term.inside.WriteString("the program has ended"); err != nil {
		term.Fatal(err)
	}
	text := term.shows("the program has ended")
	for name, is := range map[string][2]string{
		"another screen": {"\x1b[?1049h", "\x1b[?1049l"}, "a hidden cursor": {"\x1b[?25l", "\x1b[?25h"},
		"reports of focus": {"\x1b[?1004h", "\x1b[?1004l"}, "marks of pastes": {"\x1b[?2004h", "\x1b[?2004l"},
		"the kitty keyboard": {"\x1b[>", "\x1b[<"},
	} {
		if on, off := strings.LastIndex(text, is[0]), strings.LastIndex(text, is[1]); off < 0 || off < on {
			term.Errorf("%s: the terminal is left with %s; the end is %q", what, name, text[max(len(text)-300, 0):])
		}
	}
	if strings.Contains(text, "\x1b[?1000h") || strings.Contains(text, "\x1b[?1002h") ||
		strings.Contains(text, "\x1b[?1003h") {
		term.Errorf("%s: the terminal is left with reports of the mouse", what)
	}
}

// TestPlay_RestoresTheTerminalAtACrash ends the program with the signals at which the Go runtime prints its goroutines,
// and with a panic in a goroutine that is not the screen's.
func TestPlay_RestoresTheTerminalAtACrash(t *testing.T) {
	t.Parallel()
	for _, crash := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, panicSignal} {
		server := serve(t, "--points", "0")
		start(t, "bot", server.Link, "--name", "Xanthippe")
		term := newTerminal(t)
		before := term.mode()
		cmd := command(t, "play", "--tty", server.Link)
		cmd.Env = append(cmd.Env, asPong+"="+panicking)
		p := term.startCommand(cmd)
		term.shows("Xanthippe")
		p.signal(crash)
		p.wait() // no exit code is expected: in a race build the runtime's traceback may itself fail
		term.checkWhole(before, crash.String())
		if text := p.stderr.String(); !strings.Contains(text, "goroutine") {
			t.Errorf("%v: printed %q, want the goroutines", crash, text)
		}
	}
}

// TestServe_RestoresTheTerminalAtACrash is the same with the table of an operator, which leaves the screen as it is.
func TestServe_RestoresTheTerminalAtACrash(t *testing.T) {
	t.Parallel()
	for _, crash := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, panicSignal} {
		term := newTerminal(t)
		before := term.mode()
		cmd := command(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0")
		cmd.Env = append(cmd.Env, asPong+"="+panicking)
		p := term.startCommand(cmd)
		term.shows("q: end")
		p.signal(crash)
		p.wait()
		if term.mode() != before {
			t.Errorf("%v: the terminal's settings were not restored", crash)
		}
		term.shows("\x1b[?25h") // the cursor
	}
}

// TestPlay_RestoresTheTerminal leaves a match in a terminal in several ways.
func TestPlay_RestoresTheTerminal(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*terminal, *process){
		"q":       func(term *terminal, _ *process) { term.press("q") },
		"Ctrl-C":  func(term *terminal, _ *process) { term.press("\x03") },
		"SIGTERM": func(_ *terminal, p *process) { p.signal(syscall.SIGTERM) },
		"SIGHUP":  func(_ *terminal, p *process) { p.signal(syscall.SIGHUP) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "--points", "0")
			start(t, "bot", server.Link, "--name", "Xanthippe")
			term := newTerminal(t)
			before := term.mode()
			p := term.start("play", "--tty", server.Link)
			server.line("started")
			term.shows("Xanthippe")
			if term.mode() == before {
				t.Error("the terminal echoes keys in play")
			}
			leave(term, p)
			p.end(exitDone)
			term.checkWhole(before, name)
			if p.stderr.Len() > 0 {
				t.Errorf("leaving printed %q, want nothing", p.stderr.String())
			}
		})
	}
}
