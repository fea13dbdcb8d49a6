//go:build !nogui

package gui

import (
	"strings"
	"time"
	"unicode"
)

// maxEntry bounds what can be typed: a join link with a long host name has some 330 characters.
const maxEntry = 512

// entry is a line of text that is being typed. The caret stands before text[caret].
type entry struct {
	text  []rune
	caret int
}

func newEntry(s string) entry {
	var e entry
	e.insert(s)
	return e
}

// insert puts what was typed or pasted at the caret, without spaces and control characters: no address has one,
// and what is copied from a terminal often ends in a line break.
func (e *entry) insert(s string) {
	for _, r := range s {
		if len(e.text) >= maxEntry {
			return
		}
		if !unicode.IsGraphic(r) || unicode.IsSpace(r) {
			continue
		}
		e.text = append(e.text[:e.caret], append([]rune{r}, e.text[e.caret:]...)...)
		e.caret++
	}
}

// erase removes the character before the caret.
func (e *entry) erase() {
	if e.caret > 0 {
		e.caret--
		e.remove()
	}
}

// remove removes the character after the caret.
func (e *entry) remove() {
	if e.caret < len(e.text) {
		e.text = append(e.text[:e.caret], e.text[e.caret+1:]...)
	}
}

// step moves the caret by n characters, as far as there are some.
func (e *entry) step(n int) { e.caret = min(max(e.caret+n, 0), len(e.text)) }

func (e *entry) home()  { e.caret = 0 }
func (e *entry) end()   { e.caret = len(e.text) }
func (e *entry) clear() { *e = entry{} }

func (e *entry) String() string { return string(e.text) }

// window returns the part of the line that fits into width, with the caret in it, and the caret's place in that
// part. measure gives the width of a text.
func (e *entry) window(width float64, measure func(string) float64) (part string, caret int) {
	from, to := 0, len(e.text)
	for from < e.caret && measure(string(e.text[from:e.caret])) > width {
		from++
	}
	for to > e.caret && measure(string(e.text[from:to])) > width {
		to--
	}
	return string(e.text[from:to]), len(string(e.text[from:e.caret]))
}

// oneLine joins the lines of a text for showing it in one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// repeat makes a held key act again and again, at the pace of a keyboard and not of the display.
type repeat struct {
	down bool
	next time.Time
}

// The pace of a held key, as desktops have it by default.
const (
	repeatDelay = 400 * time.Millisecond
	repeatEvery = 40 * time.Millisecond
)

// fire reports whether a key acts in this frame.
func (r *repeat) fire(down bool, now time.Time) bool {
	switch {
	case !down:
		r.down = false
		return false
	case !r.down:
		r.down, r.next = true, now.Add(repeatDelay)
		return true
	case now.Before(r.next):
		return false
	}
	r.next = now.Add(repeatEvery)
	return true
}
