//go:build !unix

package main

import "os"

// attended reports whether a person is at a terminal.
func attended(in *os.File) bool { return isTerminal(in) }
