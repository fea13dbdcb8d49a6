//go:build !unix

package main

import "os"

// interactive reports whether in is a terminal, so that a person can press Enter.
func interactive(in *os.File) bool { return isTerminal(in) }

// hasTerminal reports whether the process has a terminal. Only Unix has SIGHUP, for which it matters.
func hasTerminal() bool { return false }
