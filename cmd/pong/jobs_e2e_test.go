//go:build e2e && linux

package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestScreenJobControl stops a match in a terminal in several ways and continues it with fg. At Ctrl-Z and SIGTSTP the
// shell's screen is as it was; after fg the whole game is drawn again, and keys move the paddle.
func TestScreenJobControl(t *testing.T) {
	b := newScreenTest(t)
	terminals := b.terminals()
	terminals.open("opponent", fmt.Sprintf("%s play --tty '%s' --name opponent", b.binary, b.link))
	b.waitFor("joined")
	terminals.open("player", "PS1='$ ' bash --norc -i")
	screen := func() string { return terminals.screen("player") }
	enter := func(line string) { terminals.key("player", line, "Enter") }
	enter("echo the shell\\'s screen")
	enter(fmt.Sprintf("%s play --tty '%s' --name player", b.binary, b.link))
	b.waitFor("started")
	inGame := func() bool {
		s := screen()
		return len(paddleCells(s)) == 2 && strings.Contains(s, "opponent") && !strings.Contains(s, "shell") &&
			!strings.Contains(s, "Stopped")
	}
	b.eventually("the game is drawn", inGame)
	inShell := func() bool { return strings.Contains(screen(), "Stopped") }

	for _, c := range []struct {
		name string
		stop func()
		kept bool   // the shell's screen
		key  string // that moves the paddle then, from where the last one has left it
	}{
		{"Ctrl-Z", func() { terminals.key("player", "C-z") }, true, "w"},
		{"SIGTSTP", func() { terminals.signalForeground("player", syscall.SIGTSTP) }, true, "s"},
		{"SIGSTOP", func() { terminals.signalForeground("player", syscall.SIGSTOP) }, false, "w"},
	} {
		c.stop()
		b.eventually("the shell has the terminal after "+c.name, inShell)
		if s := screen(); c.kept && (!strings.Contains(s, "the shell's screen") || len(paddleCells(s)) > 0) {
			t.Errorf("after %s the shell's screen is\n%s", c.name, s)
		}
		t.Logf("after %s:\n%s", c.name, screen())
		enter("fg")
		b.eventually("the whole game is drawn again", inGame)
		terminals.key("player", c.key)
		b.eventually("the paddle moves near the edge at "+c.key, func() bool {
			paddles := paddleCells(screen())
			if len(paddles) < 2 {
				return false
			}
			row := slices.Index([]rune(paddles[1]), '█')
			return c.key == "w" && row < 8 || c.key == "s" && row > 17
		})
		t.Logf("after fg:\n%s", screen())
	}
	terminals.key("player", "q")
	b.eventually("the shell has the terminal back", func() bool { return !inGame() })
	enter("stty -a")
	b.eventually("the terminal is in line mode", func() bool {
		s := screen()
		return strings.Contains(s, " icanon ") && strings.Contains(s, " echo ")
	})
}

// signalForeground sends a signal to the process group in the foreground of a terminal.
func (t *terminals) signalForeground(name string, s syscall.Signal) {
	t.Helper()
	shell := strings.TrimSpace(t.tmux("display-message", "-p", "-t", name, "#{pane_pid}"))
	stat, err := os.ReadFile("/proc/" + shell + "/stat")
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(stat))
	group, err := strconv.Atoi(fields[7]) // tpgid of proc(5)
	if err == nil {
		err = syscall.Kill(-group, s)
	}
	if err != nil {
		t.Fatalf("signal the foreground of %s: %v", name, err)
	}
}
