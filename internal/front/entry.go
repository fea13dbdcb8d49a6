package front

import (
	"slices"
	"strings"
	"unicode/utf8"

	"pong/internal/names"
)

// An entry is a line of text that is being edited. The caret is before text[caret]. It moves by whole characters.
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

// atMost returns a function that reports whether a text has at most n code points.
func atMost(n int) func(string) bool {
	return func(text string) bool { return utf8.RuneCountInString(text) <= n }
}

// insert inserts typed or pasted text at the caret, and reports whether it took any of it. It leaves out the code
// points that takes refuses, and the rest of the text from where the line no longer fits.
func (e *entry) insert(s string, takes func(rune) bool, fits func(string) bool) (taken bool) {
	for _, r := range s {
		if !takes(r) {
			continue
		}
		if taken = true; e.proposed {
			e.clear()
		}
		longer := slices.Insert(slices.Clone(e.text), e.caret, r)
		if !fits(string(longer)) {
			return taken
		}
		e.text = longer
		e.caret++
	}
	return taken
}

// edit carries out the actions that change the line or move the caret, and reports whether there was one.
func (e *entry) edit(a Action) (edited bool) {
	switch {
	case a.Has(Erase):
		from := e.before()
		e.text, e.caret = slices.Delete(e.text, from, e.caret), from
	case a.Has(Remove):
		e.text = slices.Delete(e.text, e.caret, e.after())
	case a.Has(Clear):
		e.clear()
	case a.Has(Left):
		e.caret = e.before()
	case a.Has(Right):
		e.caret = e.after()
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

// before returns where the character before the caret begins. A letter with its marks is one character, and so is a
// picture made of several.
func (e *entry) before() (start int) {
	end := 0
	for c := range names.Clusters(string(e.text)) {
		if end >= e.caret {
			break
		}
		start, end = end, end+utf8.RuneCountInString(c)
	}
	return start
}

// after returns where the character after the caret ends.
func (e *entry) after() (end int) {
	for c := range names.Clusters(string(e.text)) {
		if end > e.caret {
			break
		}
		end += utf8.RuneCountInString(c)
	}
	return end
}

func (e *entry) clear() { *e = entry{} }

// String returns the text without spaces around it.
func (e *entry) String() string { return strings.TrimSpace(string(e.text)) }

// field returns the line for a card.
func (e *entry) field(placeholder string) Field {
	return Field{Text: string(e.text), Caret: len(string(e.text[:e.caret])), Placeholder: placeholder}
}
