package front

import (
	"strings"
	"unicode"
)

// An entry is a line of text that is being edited. The caret is before text[caret].
type entry struct {
	text     []rune
	caret    int
	proposed bool // the program made the text: typing replaces it
}

// propose sets a text that typing replaces.
func (e *entry) propose(s string) {
	text := []rune(s)
	*e = entry{text: text, caret: len(text), proposed: true}
}

// insert inserts typed or pasted text at the caret, and reports whether it took any character. It leaves out control
// characters, characters that takes refuses, and those beyond a length of most.
func (e *entry) insert(s string, takes func(rune) bool, most int) (taken bool) {
	for _, r := range s {
		if !unicode.IsPrint(r) || !takes(r) {
			continue
		}
		if taken = true; e.proposed {
			e.clear()
		}
		if len(e.text) >= most {
			return taken
		}
		e.text = append(e.text[:e.caret], append([]rune{r}, e.text[e.caret:]...)...)
		e.caret++
	}
	return taken
}

// edit carries out the actions that change the line or move the caret, and reports whether there was one.
func (e *entry) edit(a Action) (edited bool) {
	switch {
	case a.Has(Erase):
		if e.caret > 0 {
			e.caret--
			e.remove()
		}
	case a.Has(Remove):
		e.remove()
	case a.Has(Clear):
		e.clear()
	case a.Has(Left):
		e.caret = max(e.caret-1, 0)
	case a.Has(Right):
		e.caret = min(e.caret+1, len(e.text))
	case a.Has(Home):
		e.caret = 0
	case a.Has(End):
		e.caret = len(e.text)
	default:
		return false
	}
	e.proposed = false
	return true
}

// remove removes the character after the caret.
func (e *entry) remove() {
	if e.caret < len(e.text) {
		e.text = append(e.text[:e.caret], e.text[e.caret+1:]...)
	}
}

func (e *entry) clear() { *e = entry{} }

// String returns the text without spaces around it.
func (e *entry) String() string { return strings.TrimSpace(string(e.text)) }

// field returns the line for a card.
func (e *entry) field(placeholder string) Field {
	return Field{Text: string(e.text), Caret: len(string(e.text[:e.caret])), Placeholder: placeholder}
}
