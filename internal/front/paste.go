package front

import "runtime"

// A PasteResult is the result of reading the clipboard.
type PasteResult uint8

// The results.
const (
	PasteDone      PasteResult = iota // its text is passed in an Input
	PasteEmpty                        // no text could be read
	PasteNoProgram                    // there is no program for the clipboard
)

var pasteWords = [...]string{
	PasteDone:      "",
	PasteEmpty:     "No text could be read from the clipboard.",
	PasteNoProgram: noClipboard(runtime.GOOS, "text"),
}

// noClipboard returns the sentence that there is no program for the clipboard, so that something must be typed. Only
// systems with X11 or Wayland have such programs to install.
func noClipboard(goos, what string) string {
	switch goos {
	case "windows", "darwin", "js", "android", "ios":
		return "There is no program for the clipboard: type the " + what + "."
	}
	return "There is no program for the clipboard: install wl-clipboard, xclip or xsel, or type the " + what + "."
}

// Pasted shows the result where a line is typed.
func (f *Flow) Pasted(r PasteResult) {
	words := pasteWords[min(int(r), len(pasteWords)-1)]
	switch {
	case f.page == CardAddress:
		f.problem = words
	case f.page == CardMenu && f.menu.types():
		f.menu.problem = words
	}
}
