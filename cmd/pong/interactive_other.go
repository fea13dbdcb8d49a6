//go:build !unix

package main

import "os"

// interactive reports whether in is a terminal, so that a person can press Enter.
func interactive(in *os.File) bool { return isTerminal(in) }
