package main

import "os"

// coloured reports whether colours and other escape sequences may be written to a file.
func coloured(f *os.File) bool { return wantsColours(isTerminal(f), os.Getenv) && useEscapes(f) }

// wantsColours reports whether a person can see colours and has not switched them off.
func wantsColours(terminal bool, getenv func(string) string) bool {
	return terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"
}
