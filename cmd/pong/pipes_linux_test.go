package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// The tests of this file need Linux: they fill pipes and send SIGHUP.

// piped starts a pong whose standard output is a pipe. The test reads it, or does not.
func piped(t testing.TB, args ...string) (p *process, reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close(); writer.Close() })
	cmd := command(t, args...)
	cmd.Stdout = writer
	return begin(t, cmd), reader, writer
}

// fill makes the next write to a pipe block.
func fill(t testing.TB, pipe *os.File) {
	t.Helper()
	// Opened anew, so that O_NONBLOCK is not set for the other process, too.
	fd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", pipe.Fd()), unix.O_WRONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	for err == nil {
		_, err = unix.Write(fd, []byte("x"))
	}
	if !errors.Is(err, unix.EAGAIN) {
		t.Fatal(err)
	}
}

// firstLink returns the join link in the first line of a server's JSON log.
func firstLink(t testing.TB, log io.Reader) string {
	t.Helper()
	var at struct{ Link string }
	if err := json.NewDecoder(log).Decode(&at); err != nil || at.Link == "" {
		t.Fatalf("the first line of the log has the link %q, %v", at.Link, err)
	}
	return at.Link
}

// playMatch lets two bots play a match to its end.
func playMatch(t testing.TB, link string) {
	t.Helper()
	first := start(t, "bot", link, "--level", "easy")
	second := start(t, "bot", link, "--level", "easy")
	first.end(exitDone)
	second.end(exitDone)
}

// TestServe_LogReaders plays a match on a server whose log is read by a program that ends, as head does, or that
// sleeps. SIGTERM ends the server in both cases.
func TestServe_LogReaders(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(t testing.TB, reader, writer *os.File){
		"ends":   func(t testing.TB, reader, writer *os.File) { writer.Close(); reader.Close() },
		"sleeps": func(t testing.TB, _, writer *os.File) { fill(t, writer) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, reader, writer := piped(t, "serve", "--listen", "127.0.0.1", "--control-port", "0",
				"--game-port", "0", "--log", "json", "--start", "auto", "--points", "1")
			link := firstLink(t, reader)
			leave(t, reader, writer)
			playMatch(t, link)
			server.signal(syscall.SIGTERM)
			server.end(exitDone)
		})
	}
}

// TestBot_LeavesWithTheReaderOfItsLines expects a LEAVE, so that the other player does not wait for the bot.
func TestBot_LeavesWithTheReaderOfItsLines(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "0")
	start(t, "bot", server.Link)
	bot, reader, writer := piped(t, "bot", server.Link, "--json", "--matches", "0")
	writer.Close()
	server.line(`"started"`)
	if _, err := bufio.NewReader(reader).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	reader.Close()
	server.line(`"reason":"left"`)
	bot.end(exitDone)
	if bot.stderr.Len() > 0 {
		t.Errorf("the bot printed %q, want nothing", bot.stderr.String())
	}
}

// TestBot_LeavesWithItsTerminal sends the signal that a terminal sends when it is closed.
func TestBot_LeavesWithItsTerminal(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "0")
	start(t, "bot", server.Link)
	bot := start(t, "bot", server.Link, "--matches", "0")
	server.line(`"started"`)
	bot.signal(syscall.SIGHUP)
	server.line(`"reason":"left"`)
	bot.end(exitDone)
}

// TestServe_HangupWithoutTerminal expects a server in the background to continue.
func TestServe_HangupWithoutTerminal(t *testing.T) {
	t.Parallel()
	cmd := command(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--points", "1",
		"--log", "json")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	server := begin(t, cmd)
	var at struct{ Link string }
	if err := json.Unmarshal([]byte(server.line("link")), &at); err != nil {
		t.Fatal(err)
	}
	first := start(t, "bot", at.Link, "--level", "easy")
	server.line("online")
	server.signal(syscall.SIGHUP)
	server.line("SIGHUP: the certificates are read again")
	second := start(t, "bot", at.Link, "--level", "easy")
	first.end(exitDone)
	second.end(exitDone)
	server.signal(syscall.SIGTERM)
	server.end(exitDone)
}

// TestServe_TerminalIsClosed expects the server to tell its players, as after SIGTERM.
func TestServe_TerminalIsClosed(t *testing.T) {
	t.Parallel()
	term := newTerminal(t)
	server := term.start("serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--log", "json",
		"--start", "auto")
	bot := start(t, "bot", firstLink(t, &shown{term: term}), "--matches", "0", "--patience", "5s")
	bot.line("waiting")
	term.hangUp()
	server.end(exitDone)
	bot.line("server is shutting down or restarting")
}

// shown reads what a terminal prints.
type shown struct{ term *terminal }

func (s *shown) Read(b []byte) (int, error) {
	text, ok := <-s.term.printed
	if !ok {
		return 0, io.EOF
	}
	return copy(b, text), nil
}
