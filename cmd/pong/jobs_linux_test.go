package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The test of this file needs Linux: a shell with job control runs in a pseudo terminal.

// The sequences with which a program takes the screen from the shell and gives it back.
const (
	takesScreen = "\x1b[?1049h"
	givesScreen = "\x1b[?1049l"
)

// TestPlay_StopsAndContinuesInAShell stops a match with Ctrl-Z and with signals, in a shell with job control, and
// continues it with fg. Before it stops at Ctrl-Z or SIGTSTP the shell gets the terminal as it was. When it continues
// it takes the terminal and draws the whole screen, and keys reach it.
func TestPlay_StopsAndContinuesInAShell(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		stop  func(*terminal)
		whole bool // the shell gets its screen before
	}{
		{"Ctrl-Z", func(term *terminal) { term.press("\x1a") }, true},
		{"Ctrl-Z twice", func(term *terminal) { term.press("\x1a\x1a") }, true},
		{"SIGTSTP", func(term *terminal) { term.signalForeground(syscall.SIGTSTP) }, true},
		{"SIGSTOP", func(term *terminal) { term.signalForeground(syscall.SIGSTOP) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "--points", "0")
			start(t, "bot", server.Link, "--name", "Xanthippe")
			term := newTerminal(t)
			shell := term.startShell()
			term.press(shell.pong("play", "--tty", server.Link) + "\n")
			server.line("started")
			term.shows(takesScreen)
			term.shows("Xanthippe")
			for range 3 {
				c.stop(term)
				if c.whole {
					term.shows(givesScreen)
				}
				term.inForeground(shell.Pid())
				term.press("echo \"sh\"ell; stty -a\n")
				term.shows("shell")
				if modes := term.shows("echoctl"); c.whole && strings.Contains(modes, "-icanon") {
					t.Fatalf("the shell's terminal has the modes %q, want those from before", modes)
				}
				term.press("fg\n")
				if !c.whole {
					term.shows(givesScreen)
				}
				term.shows(takesScreen)
				term.shows("Xanthippe")
				if mode := term.mode(); mode.Lflag&unix.ICANON != 0 {
					t.Fatal("the terminal is in line mode in play")
				}
			}
			term.press("q")
			term.shows(givesScreen)
			term.inForeground(shell.Pid())
			term.press("echo \"end\"ed with $?; exit\n")
			term.shows("ended with 0")
			shell.end(exitDone)
		})
	}
}

// A shell is a shell with job control in a terminal.
type shell struct{ *process }

// startShell starts a shell.
func (term *terminal) startShell() shell {
	term.Helper()
	cmd := exec.Command("/bin/sh", "-i")
	like := command(term)
	cmd.Env, cmd.Dir = append(like.Env, "PS1=$ ", "PONG="+like.Path), like.Dir
	cmd.Stdin, cmd.Stdout = term.inside, term.inside
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	return shell{begin(term, cmd)}
}

// pong returns the command line that runs pong.
func (shell) pong(args ...string) string { return `"$PONG" '` + strings.Join(args, "' '") + "'" }

// Pid returns the shell's process, and its process group.
func (s shell) Pid() int { return s.cmd.Process.Pid }

// signalForeground sends a signal to the process group in the foreground.
func (term *terminal) signalForeground(s syscall.Signal) {
	term.Helper()
	if err := syscall.Kill(-term.foreground(), s); err != nil {
		term.Fatal(err)
	}
}

func (term *terminal) foreground() int {
	term.Helper()
	group, err := unix.IoctlGetInt(int(term.keyboard.Fd()), unix.TIOCGPGRP)
	if err != nil {
		term.Fatal(err)
	}
	return group
}

// inForeground waits until a process group is in the foreground.
func (term *terminal) inForeground(group int) {
	term.Helper()
	for late := time.Now().Add(patience); term.foreground() != group; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(late) {
			term.Fatalf("process group %d is in the foreground after %v, want %d", term.foreground(), patience, group)
		}
	}
}
