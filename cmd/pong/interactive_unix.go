//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// attended reports whether a person is at a terminal and this process in its foreground. One in the background (pong
// serve &) would be stopped by the kernel if it waited for ENTER.
func interactive(in *os.File) bool {
	foreground, err := unix.IoctlGetInt(int(in.Fd()), unix.TIOCGPGRP)
	return isTerminal(in) && err == nil && foreground == unix.Getpgrp()
}
