//go:build e2e && linux

package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// terminals are the terminals of a test, in a tmux of its own.
type terminals struct {
	*screenTest
	socket string
	names  []string
}

// terminals starts tmux. It is no daemon, so that it ends with the test, and the system hangs up its terminals.
func (b *screenTest) terminals() *terminals {
	b.Helper()
	t := &terminals{screenTest: b, socket: filepath.Join(b.TempDir(), "tmux")}
	b.start(exec.Command("tmux", "-D", "-S", t.socket))
	b.eventually("tmux runs", func() bool {
		return exec.Command("tmux", "-N", "-S", t.socket, "list-sessions").Run() == nil
	})
	b.Cleanup(func() {
		for _, name := range t.names {
			if b.Failed() {
				b.Logf("the terminal %s:\n%s", name, t.screen(name))
			}
		}
		_ = exec.Command("tmux", "-N", "-S", t.socket, "kill-server").Run()
	})
	return t
}

func (t *terminals) tmux(args ...string) string {
	t.Helper()
	return string(t.run("tmux", append([]string{"-N", "-S", t.socket}, args...)...))
}

// open opens a terminal in which a shell runs a command.
func (t *terminals) open(name, command string) {
	t.Helper()
	t.tmux("new-session", "-d", "-s", name, "-x", "100", "-y", "32", command)
	t.names = append(t.names, name)
}

// screen returns the text of a terminal.
func (t *terminals) screen(name string) string {
	t.Helper()
	return t.tmux("capture-pane", "-p", "-t", name)
}

// key presses keys, by their names in tmux.
func (t *terminals) key(name string, keys ...string) {
	t.Helper()
	t.tmux(append([]string{"send-keys", "-t", name}, keys...)...)
}

// TestScreenTerminals is TestScreenWindows with two terminals.
func TestScreenTerminals(t *testing.T) {
	b := newScreenTest(t)
	terminals := b.terminals()
	screen, key := terminals.screen, terminals.key
	for _, name := range []string{"left", "right"} {
		terminals.open(name,
			fmt.Sprintf("%s play --tty '%s' --name %s; echo ended with $?; cat", b.binary, b.link, name))
		b.waitFor("joined")
	}
	b.waitFor("started")

	b.eventually("both paddles are drawn", func() bool {
		return len(paddleCells(screen("left"))) == 2 && len(paddleCells(screen("right"))) == 2
	})
	before := paddleCells(screen("left"))
	moved := func(player int) func() bool {
		return func() bool {
			l, r := paddleCells(screen("left")), paddleCells(screen("right"))
			return len(l) == 2 && len(r) == 2 && l[player] != before[player] && l[player] == r[player]
		}
	}
	key("left", "w")
	time.Sleep(500 * time.Millisecond)
	key("left", "Space") // tmux does not report key releases; the next key stops the paddle
	b.eventually("the left paddle has moved by the same distance in both terminals", moved(0))
	key("right", "Down")
	time.Sleep(300 * time.Millisecond)
	key("right", "Space")
	b.eventually("the right paddle has moved by the same distance in both terminals", moved(1))
	t.Logf("\n%s", screen("right"))

	key("left", "q")
	b.eventually("the left terminal is restored",
		func() bool { return strings.Contains(screen("left"), "ended with 0") })
}

// paddleCells returns the columns of cells that contain the paddles, from left to right.
func paddleCells(screen string) []string {
	var rows [][]rune
	width := 0
	for _, line := range strings.Split(screen, "\n") {
		rows = append(rows, []rune(line))
		width = max(width, len([]rune(line)))
	}
	var found []string
	for x := range width {
		column, run, longest := "", 0, 0
		for _, row := range rows {
			cell := ' '
			if x < len(row) {
				cell = row[x]
			}
			column += string(cell)
			if cell != '█' {
				run = 0
				continue
			}
			run++
			longest = max(longest, run)
		}
		if longest >= 3 { // a paddle between two rows has three whole cells, a digit at most two
			found = append(found, column)
		}
	}
	return found
}
