//go:build !unix

package main

import "os"

// attended reports whether a person is at a terminal.
func interactive(in *os.File) bool { return isTerminal(in) }
