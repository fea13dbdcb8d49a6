//go:build !windows

package main

import "io"

// openConsole is for Windows alone.
func openConsole() (keys io.Reader, ok bool) { return nil, false }
