//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// hasTerminal reports whether the process has a terminal that is open. Processes lose a terminal that is closed.
func hasTerminal() bool {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	terminal.Close()
	return true
}

// interactive reports whether in is a terminal and this process is in its foreground, so that a person can press
// Enter. A process in the background (pong serve &) would be stopped by the kernel when it reads from the terminal.
func interactive(in *os.File) bool {
	foreground, err := unix.IoctlGetInt(int(in.Fd()), unix.TIOCGPGRP)
	return isTerminal(in) && err == nil && foreground == unix.Getpgrp()
}
