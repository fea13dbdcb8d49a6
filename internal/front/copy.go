package front

import (
	"fmt"
	"runtime"
)

// A CopyResult is the result of putting a text in the clipboard.
type CopyResult uint8

// The results.
const (
	CopyDone      CopyResult = iota // it is in the clipboard
	CopySent                        // it was sent to a terminal, which does not answer
	CopyNoProgram                   // there is no program for the clipboard
	CopyFailed                      // the program has failed
)

// copyWords have a place for what was copied.
var copyWords = [...]string{
	CopyDone:      "The %s is in the clipboard.",
	CopySent:      "The %s was sent to the clipboard of your terminal.",
	CopyNoProgram: noClipboard(runtime.GOOS, "%s"),
	CopyFailed:    "The %s could not be put in the clipboard.",
}

// TakeCopy returns a text to put in the clipboard, once, or an empty string.
func (f *Flow) TakeCopy() string {
	text := f.copying
	f.copying = ""
	return text
}

// Copied shows the result.
func (f *Flow) Copied(r CopyResult) {
	f.copied = fmt.Sprintf(copyWords[min(int(r), len(copyWords)-1)], f.copyWhat)
}
