package front

import "runtime"

// A CopyResult is the result of putting a text in the clipboard.
type CopyResult uint8

// The results.
const (
	CopyDone      CopyResult = iota // it is in the clipboard
	CopySent                        // it was sent to a terminal, which does not answer
	CopyNoProgram                   // there is no program for the clipboard
	CopyFailed                      // the program has failed
)

var copyWords = [...]string{
	CopyDone:      "The command is in the clipboard.",
	CopySent:      "The command was sent to the clipboard of your terminal.",
	CopyNoProgram: noClipboard(runtime.GOOS, "command"),
	CopyFailed:    "The command could not be put in the clipboard.",
}

// TakeCopy returns a text to put in the clipboard, once, or an empty string.
func (f *Flow) TakeCopy() string {
	text := f.copying
	f.copying = ""
	return text
}

// Copied shows the result.
func (f *Flow) Copied(r CopyResult) { f.copied = copyWords[min(int(r), len(copyWords)-1)] }
