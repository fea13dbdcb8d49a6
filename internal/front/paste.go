package front

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
	PasteNoProgram: "There is no program for the clipboard: install wl-clipboard, xclip or xsel, or type the text.",
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
