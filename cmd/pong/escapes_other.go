//go:build !windows

package main

import "os"

// useEscapes returns true: terminals interpret escape sequences.
func useEscapes(*os.File) bool { return true }
