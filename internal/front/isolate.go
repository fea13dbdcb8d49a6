package front

import (
	"strings"

	"pong/internal/names"
)

// The characters around a piece of text that has an order of its own (FSI and PDI of UAX 9).
const (
	isolateStart = "\u2068"
	isolateEnd   = "\u2069"
)

// isolated returns a name for use in a sentence. If any letter of it is written from right to left, it is isolated, so
// that it does not change the order of the words and figures around it. A terminal is not sent these characters.
func isolated(name string) string {
	if names.RightToLeft(name) {
		return isolateStart + name + isolateEnd
	}
	return name
}

// WithoutIsolates returns a sentence for a terminal. Many terminals draw the characters of isolates as boxes, or give
// them a cell.
func WithoutIsolates(sentence string) string {
	return strings.NewReplacer(isolateStart, "", isolateEnd, "").Replace(sentence)
}
