//go:build !nogui

package gui

import (
	"strings"
	"unicode/utf8"

	"github.com/go-text/typesetting/bidi"
	"github.com/hajimehoshi/ebiten/v2/text/v2"

	"pong/internal/names"
)

// A run is a piece of a line in one font and one direction of writing.
type run struct {
	text     string
	start    int                    // the place of text in the line, in bytes
	source   *text.GoTextFaceSource // nil if no font has a picture of it
	rtl      bool                   // written from right to left
	x, width float64                // at measureSize
}

// A textLine is a line of text in the order in which it is drawn, from left to right.
type textLine struct {
	runs  []run
	width float64 // at measureSize
}

// A lineKey is a text in one of the typefaces.
type lineKey struct {
	text string
	face typeface
}

// maxLines bounds the number of lines that a typesetter keeps.
const maxLines = 4096

// A typesetter breaks lines of text into runs. It keeps them, because the same lines are drawn in each frame. One
// goroutine owns it.
type typesetter struct {
	fonts fontStack
	lines map[lineKey]*textLine

	paragraph bidi.Paragraph // its memory is used again
}

// line returns a line of text. The line itself is written from left to right, and so is a name or a figure in it: see
// isolates. Nobody may change what it returns.
func (t *typesetter) line(s string, f typeface) *textLine {
	key := lineKey{s, f}
	if l := t.lines[key]; l != nil {
		return l
	}
	if t.lines == nil || len(t.lines) >= maxLines {
		t.lines = make(map[lineKey]*textLine)
	}
	l := &textLine{runs: t.runs(s, 0, bidi.LeftToRight, f, hanOf(s))}
	for i := range l.runs {
		r := &l.runs[i]
		r.x, r.width = l.width, r.measured()
		l.width += r.width
	}
	t.lines[key] = l
	return l
}

// update takes up the fonts that have been found, and then breaks all lines again.
func (t *typesetter) update() {
	if t.fonts.update() {
		t.lines = nil
	}
}

// A piece is a part of a paragraph that is moved as a whole when the order of writing becomes the order of drawing: the
// clusters between two changes of font or direction, or an isolate.
type piece struct {
	level bidi.Level
	runs  []run
}

// runs returns the runs of a paragraph in the order of drawing. start is its place in the line, in bytes, and base is
// the direction in which it is written; Neutral is that of its first letter.
func (t *typesetter) runs(s string, start int, base bidi.Direction, f typeface, han string) []run {
	if ascii(s) {
		return []run{{text: s, start: start, source: t.fonts.embedded(f)}}
	}
	flat, isolates := flatten(s)
	levels := t.levels(flat, base)
	var pieces []piece
	at, index := 0, 0 // in bytes of s, and in flat
	add := func(to int) {
		for c := range names.Clusters(string(flat[index:to])) {
			n := utf8.RuneCountInString(c)
			r := run{text: s[at : at+sizeOf(s[at:], n)], start: start + at, rtl: levels[index]%2 == 1}
			if drawn(c) {
				r.source = t.fonts.source(fontQuery{r.text, f, han})
				pieces = join(pieces, levels[index], r)
			}
			at, index = at+len(r.text), index+n
		}
	}
	for _, i := range isolates {
		add(i.at)
		pieces = append(pieces, piece{levels[i.at], t.runs(s[i.start:i.end], start+i.start, i.base, f, han)})
		at, index = i.after, i.at+1
	}
	add(len(flat))
	return reorder(pieces)
}

// join appends a cluster to the last piece if it is of the same kind and follows at once, and otherwise adds a piece.
// Clusters without a font are pieces of their own.
func join(pieces []piece, level bidi.Level, r run) []piece {
	if n := len(pieces); n > 0 && pieces[n-1].level == level && len(pieces[n-1].runs) == 1 {
		last := &pieces[n-1].runs[0]
		if r.source != nil && last.source == r.source && last.start+len(last.text) == r.start {
			last.text += r.text
			return pieces
		}
	}
	return append(pieces, piece{level, []run{r}})
}

// drawn reports whether a cluster has a picture. Characters that only control the order have none.
func drawn(cluster string) bool {
	for _, r := range cluster {
		if !ignorable(r) {
			return true
		}
	}
	return false
}

// reorder returns the runs of pieces in the order of drawing (rule L2 of UAX 9): from the highest level down, it
// reverses each sequence of pieces of this level or a higher one.
func reorder(pieces []piece) (runs []run) {
	highest := bidi.Level(0)
	for _, p := range pieces {
		highest = max(highest, p.level)
	}
	for level := highest; level > 0; level-- {
		for i := 0; i < len(pieces); i++ {
			j := i
			for j < len(pieces) && pieces[j].level >= level {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				pieces[a], pieces[b] = pieces[b], pieces[a]
			}
			i = max(i, j-1)
		}
	}
	for _, p := range pieces {
		runs = append(runs, p.runs...)
	}
	return runs
}

// levels returns the level of each character of a paragraph without isolates: odd ones are written from right to left.
func (t *typesetter) levels(flat []rune, base bidi.Direction) []bidi.Level {
	levels := make([]bidi.Level, len(flat))
	runs := t.paragraph.Segment(flat, base)
	toRight := base == bidi.LeftToRight || runs.NumRuns() > 0 && runs.Run(0).Level == 0
	for i := range runs.NumRuns() {
		r := runs.Run(i)
		for k := r.Start; k < r.End; k++ {
			levels[k] = r.Level
		}
		if toRight && r.IsLeftToRight() {
			splitNumbers(flat[r.Start:r.End], levels[r.Start:r.End])
		}
	}
	return levels
}

// splitNumbers corrects the levels of a run from left to right in a paragraph from left to right. Segment gives all of
// it the level of its start. But a number that follows letters from right to left belongs to them, and the words after
// it do not. Arabic digits always have a higher level.
func splitNumbers(run []rune, levels []bidi.Level) {
	number := 0 // the length of the number at the start
	if levels[0] == 2 {
		number = leadingNumber(run)
	}
	for i, r := range run {
		if levels[i] = 0; i < number || arabicDigit(r) {
			levels[i] = 2
		}
	}
}

// leadingNumber returns how many characters the number at the start of a run has.
func leadingNumber(run []rune) (n int) {
	for i, r := range run {
		switch {
		case r >= '0' && r <= '9', r >= '۰' && r <= '۹', arabicDigit(r):
			n = i + 1
		case !strings.ContainsRune(".,:/+-%", r):
			return n
		}
	}
	return n
}

func arabicDigit(r rune) bool { return r >= '٠' && r <= '٩' }

// The characters around an isolate: a piece of text with an order of its own, such as a name in a sentence.
const (
	isolateLeft  = '\u2066'
	isolateRight = '\u2067'
	isolateFirst = '\u2068' // in the direction of the first letter
	isolateEnd   = '\u2069'
)

// An isolate is the place of one in a paragraph.
type isolate struct {
	at         int // the index of its mark in the flat text
	start, end int // in bytes of the paragraph, without the characters around it
	after      int // in bytes, behind them
	base       bidi.Direction
}

// flatten returns the characters of a paragraph. It replaces each isolate by one mark, which has no direction, and
// older characters for direction by one that does nothing. An isolate without an end reaches to the end of the
// paragraph.
func flatten(s string) (flat []rune, isolates []isolate) {
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		at += size
		base := bidi.Neutral
		switch r {
		case isolateLeft:
			base = bidi.LeftToRight
		case isolateRight:
			base = bidi.RightToLeft
		case isolateFirst:
		case '\u202a', '\u202b', '\u202c', '\u202d', '\u202e':
			r = '\u2060' // it would change the order of what follows
			fallthrough
		default:
			flat = append(flat, r)
			continue
		}
		end, after := isolateEnds(s, at)
		isolates = append(isolates, isolate{at: len(flat), start: at, end: end, after: after, base: base})
		flat = append(flat, '\ufffc')
		at = after
	}
	return flat, isolates
}

// isolateEnds returns where an isolate that begins at a place ends, before and behind the character that ends it.
func isolateEnds(s string, at int) (end, after int) {
	depth := 1
	for i, r := range s[at:] {
		switch r {
		case isolateLeft, isolateRight, isolateFirst:
			depth++
		case isolateEnd:
			depth--
		}
		if depth == 0 {
			return at + i, at + i + utf8.RuneLen(r)
		}
	}
	return len(s), len(s)
}

// sizeOf returns the length in bytes of the first n characters of a text. A byte that is not UTF-8 is a character.
func sizeOf(s string, n int) (size int) {
	for range n {
		_, width := utf8.DecodeRuneInString(s[size:])
		size += width
	}
	return size
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// setFace returns a font in a size for a run.
func setFace(source *text.GoTextFaceSource, size float64, rtl bool) *text.GoTextFace {
	face := &text.GoTextFace{Source: source, Size: size}
	if rtl {
		face.Direction = text.DirectionRightToLeft
	}
	return face
}

// measured returns the width of a run at measureSize.
func (r *run) measured() float64 {
	if r.source == nil {
		return measureSize * numberOf(r.text).width()
	}
	return text.AdvanceAt(r.text, len(r.text), setFace(r.source, measureSize, r.rtl))
}

// caret returns the place of a caret in front of a byte of a line, at measureSize: behind the cluster that was typed
// last, on the side to which its writing goes on.
func (l *textLine) caret(at int) float64 {
	var before *run // that has the last byte before the caret
	for i := range l.runs {
		if r := &l.runs[i]; r.start < at && (before == nil || r.start > before.start) {
			before = r
		}
	}
	if before == nil {
		return 0
	}
	in := min(at-before.start, len(before.text))
	switch {
	case in < len(before.text) && before.source != nil:
		return before.x + text.AdvanceAt(before.text, in, setFace(before.source, measureSize, before.rtl))
	case before.rtl:
		return before.x
	}
	return before.x + before.width
}
