//go:build !nogui

package gui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2/text/v2"

	"pong/internal/names/namestest"
)

// A testFinder has the fonts of testdata, and answers at once, or when late is cleared.
type testFinder struct {
	fonts   []*text.GoTextFaceSource
	late    bool
	full    bool // no query fits
	asked   int
	answers []fontAnswer
}

func (f *testFinder) ask(q fontQuery) bool {
	if f.full {
		return false
	}
	f.asked++
	a := fontAnswer{query: q}
	for _, source := range f.fonts {
		if a.source == nil && covers(source, q.cluster) {
			a.source = source
		}
	}
	f.answers = append(f.answers, a)
	return true
}

func (f *testFinder) found() (a fontAnswer, ok bool) {
	if f.late || len(f.answers) == 0 {
		return a, false
	}
	a, f.answers = f.answers[0], f.answers[1:]
	return a, true
}

func testFont(name string) string { return filepath.Join("testdata", "fonts", name+".ttf") }

func newTestFinder(t testing.TB) *testFinder {
	t.Helper()
	f := &testFinder{}
	for _, name := range []string{"arabic", "hebrew", "devanagari", "emoji"} {
		source, err := loadFont(testFont(name), 0)
		if err != nil {
			t.Fatal(err)
		}
		f.fonts = append(f.fonts, source)
	}
	return f
}

// set returns a line when the fonts for it have been found.
func set(s *typesetter, line string, f typeface) *textLine {
	s.line(line, f)
	s.update()
	return s.line(line, f)
}

// drawnOrder returns the texts of a line from left to right. Those that are written from right to left begin with "<".
func drawnOrder(l *textLine) string {
	var all []string
	for _, r := range l.runs {
		if r.rtl {
			r.text = "<" + r.text
		}
		all = append(all, r.text)
	}
	return strings.Join(all, "|")
}

func TestLine_OrderOfDrawing(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	isolated := func(name string) string { return "\u2068" + name + "\u2069" }
	for line, want := range map[string]string{
		"Ann 3 : 2 Bob": "Ann 3 : 2 Bob",
		"":              "",
		"דוד":           "<דוד",
		isolated("דוד"): "<דוד",
		// A name does not move the score, the words or the note beside it.
		isolated("דוד") + " 3 : 2 " + isolated("שרה"):       "<דוד| 3 : 2 |<שרה",
		isolated("محمد 7") + " (you)":                       "7|< |<محمد| (you)",
		"Point for " + isolated("علی 12"):                   "Point for |12|< |<علی",
		isolated("דוד שרה") + " – " + isolated("Ann דוד 7"): "<שרה|< |<דוד| – |Ann |7|< |<דוד",
		"! " + isolated("דוד!") + " is here.":               "! |<!|<דוד| is here.",
		// Without isolates: as UAX 9 has it.
		"Ann דוד שרה Bob":  "Ann |<שרה|< |<דוד| Bob",
		"Ann דוד 7 Bob":    "Ann |7|< |<דוד| Bob",
		"Ann דוד 7:30":     "Ann |7:30|< |<דוד",
		"7 דוד":            "7 |<דוד",
		"a\x1b[1mb\u202ec": "a|[1mb|c", // characters that only control something are not drawn
		// An isolate that was cut off, and one within another.
		"\u2068דוד (…":                            "< (…|<דוד",
		isolated("דוד "+isolated("Ann 7")) + " 3": "Ann 7|< |<דוד| 3",
		"a\u2069b": "a|b",
	} {
		if got := drawnOrder(set(&s, line, regular)); got != want {
			t.Errorf("%+q is drawn as %q, want %q", line, got, want)
		}
	}
}

// TestLine_DrawsEveryCharacter puts the runs of names in the order of writing again, with fonts and without.
func TestLine_DrawsEveryCharacter(t *testing.T) {
	for _, finder := range []finder{nil, newTestFinder(t)} {
		s := typesetter{fonts: fontStack{system: finder}}
		for _, n := range namestest.Names {
			for f := regular; f <= mono; f++ {
				runs := slices.Clone(set(&s, n.Name, f).runs)
				slices.SortFunc(runs, func(a, b run) int { return a.start - b.start })
				whole := ""
				for _, r := range runs {
					if whole += r.text; r.width <= 0 {
						t.Errorf("%s: %q of %q has no width", n.Script, r.text, n.Name)
					}
				}
				if whole != n.Name {
					t.Errorf("%s: %+q is drawn as %+q", n.Script, n.Name, whole)
				}
			}
		}
	}
}

func TestLine_RunsStandSideBySide(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	l := set(&s, "Ann 7 דוד अनिल 😀 \U00012000", bold)
	x := 0.0
	for _, r := range l.runs {
		if r.x != x || r.width <= 0 {
			t.Errorf("%q is at %.1f and %.1f wide, want it at %.1f", r.text, r.x, r.width, x)
		}
		x += r.width
	}
	if x != l.width {
		t.Errorf("the runs are %.1f wide, the line %.1f", x, l.width)
	}
}

// TestLine_ClustersHaveOneFont: neither a mark nor a part of an emoji is torn from its letter.
func TestLine_ClustersHaveOneFont(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	for _, cluster := range []string{"ज़ों", "नि", "❤️", "👩‍👩‍👧", "🏳️‍🌈", "😀"} {
		l := set(&s, cluster, regular)
		if len(l.runs) != 1 || l.runs[0].source == nil {
			t.Errorf("%q: %d runs, want one in a font", cluster, len(l.runs))
			continue
		}
		r := l.runs[0]
		glyphs := text.AppendLazyGlyphs(nil, cluster, setFace(r.source, 100, false), nil)
		if emoji(cluster) && (len(glyphs) == 0 || !glyphs[0].Colored()) {
			t.Errorf("%q: %d glyphs, want a coloured one first", cluster, len(glyphs))
		}
		for _, g := range glyphs {
			if g.GID == 0 {
				t.Errorf("%q has a glyph for characters that are missing", cluster)
			}
		}
	}
	if one, family := set(&s, "😀", regular).width, set(&s, "👩‍👩‍👧", regular).width; one != family {
		t.Errorf("a family is %.0f wide, a face %.0f: its members are drawn side by side", family, one)
	}
}

// TestLine_ArabicLettersAreJoined compares the glyphs of a word with those of its letters.
func TestLine_ArabicLettersAreJoined(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	glyphs := func(word string) (ids []uint32) {
		r := set(&s, word, regular).runs[0]
		for _, g := range text.AppendLazyGlyphs(nil, r.text, setFace(r.source, 100, r.rtl), nil) {
			ids = append(ids, g.GID)
		}
		return ids
	}
	joined := glyphs("محمد")
	for _, letter := range "محم" { // the last one is not joined to a letter behind it
		if alone := glyphs(string(letter)); slices.Contains(joined, alone[0]) {
			t.Errorf("%q has the same glyph in a word as alone", letter)
		}
	}
	with, without := set(&s, "علی\u200cرضا", regular).width, set(&s, "علیرضا", regular).width
	if with == without {
		t.Errorf("with a zero-width non-joiner, which ends a word, a name is as wide as without: %.0f", with)
	}
}

func TestLine_CharactersWithoutAFontShowTheirNumber(t *testing.T) {
	for _, finder := range []finder{nil, newTestFinder(t)} {
		s := typesetter{fonts: fontStack{system: finder}}
		l := set(&s, "田中 ok", regular)
		if got := drawnOrder(l); got != "田|中| ok" {
			t.Errorf("the runs are %q, want one for each character without a font", got)
		}
		for i, want := range []number{{"75", "30"}, {"4E", "2D"}} {
			if r := l.runs[i]; r.source != nil || numberOf(r.text) != want || r.width <= 0 {
				t.Errorf("%q: font %v, number %v, width %.1f; want no font and number %v",
					r.text, r.source, numberOf(r.text), r.width, want)
			}
		}
	}
	if got, want := numberOf("😀"), (number{"01F", "600"}); got != want {
		t.Errorf("the number of a face is %v, want %v", got, want)
	}
}

func TestTypesetter_DrawsAgainWhenAFontArrives(t *testing.T) {
	finder := newTestFinder(t)
	finder.late, finder.full = true, true
	s := typesetter{fonts: fontStack{system: finder}}
	s.line("דוד", regular)
	if s.update(); finder.asked > 0 {
		t.Fatalf("%d queries fit into a full queue", finder.asked)
	}
	finder.full = false
	for range 5 {
		if l := set(&s, "דוד", regular); l.runs[0].source != nil {
			t.Fatal("there is a font before the answer")
		}
	}
	if finder.asked != 2 {
		t.Errorf("%d queries for two different letters, want 2", finder.asked)
	}
	finder.late = false
	if l := set(&s, "דוד", regular); len(l.runs) != 1 || l.runs[0].source != finder.fonts[1] {
		t.Errorf("after the answer the line has the runs %q, want one in the font that was found", drawnOrder(l))
	}
}

func TestTypesetter_ShapesALineOnce(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	lines := []string{"48 ms", "\u2068محمد 7\u2069 (you)", "अनिल 😀", "田中"}
	for _, line := range lines {
		set(&s, line, regular)
	}
	if n := testing.AllocsPerRun(100, func() {
		s.update()
		for _, line := range lines {
			s.line(line, regular)
		}
	}); n != 0 {
		t.Errorf("lines that are known make %v allocations a frame, want none", n)
	}
}

func TestTypesetter_KeepsABoundedNumberOfLines(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	for r := rune(0x4e00); r < 0x4e00+2*maxLines; r++ {
		set(&s, string(r), regular)
	}
	if len(s.lines) > maxLines || len(s.fonts.known) > maxKnown {
		t.Errorf("%d lines and %d clusters are kept, want at most %d and %d",
			len(s.lines), len(s.fonts.known), maxLines, maxKnown)
	}
}

func TestCaret_FollowsTheWriting(t *testing.T) {
	s := typesetter{fonts: fontStack{system: newTestFinder(t)}}
	for _, c := range []struct {
		line string
		at   int
		want func(width float64, caret float64) bool
	}{
		{"Ann", 0, func(_, x float64) bool { return x == 0 }},
		{"Ann", 1, func(w, x float64) bool { return x > 0 && x < w/2 }},
		{"Ann", 3, func(w, x float64) bool { return x == w }},
		{"דוד", 2, func(w, x float64) bool { return x > w/2 && x < w }}, // behind the first letter, on the right
		{"דוד", 6, func(w, x float64) bool { return x == 0 }},
		{"Ann דוד", 10, func(w, x float64) bool { return x > w/2 && x < w }}, // where the name ends
		{"田中", 3, func(w, x float64) bool { return x == w/2 }},               // between two numbers
	} {
		l := set(&s, c.line, mono)
		if x := l.caret(c.at); !c.want(l.width, x) {
			t.Errorf("%q: the caret behind %d bytes is at %.1f of %.1f", c.line, c.at, x, l.width)
		}
	}
}

func TestShorten_CutsBetweenClusters(t *testing.T) {
	for _, cluster := range []string{"ज़ों", "👩‍👩‍👧", "e\u0301"} {
		name := strings.Repeat(cluster, 8)
		ends := clusterEnds(name)
		for width := 30.0; width < 300; width += 7 {
			short := shorten(name, regular, 17, width)
			cut := strings.TrimSuffix(short, "…")
			if cut != name && !slices.Contains(ends, len(cut)) {
				t.Fatalf("%q in a width of %.0f is cut to %+q, within a cluster", name, width, short)
			}
			if w := measure(short, regular, 17); w > width && len(cut) > ends[0] {
				t.Errorf("%q in a width of %.0f is cut to %q, which is %.0f wide", name, width, short, w)
			}
		}
	}
}

func TestShorten_EndsTheIsolateThatItCuts(t *testing.T) {
	const name = "\u2068دوددوددوددوددوددود\u2069"
	short := shorten(name, regular, 17, 100)
	if !strings.HasSuffix(short, "…\u2069") {
		t.Errorf("a name is cut to %+q, want an ellipsis and the end of the isolate", short)
	}
}

// FuzzLine sets and cuts any text. The runs of a line lie side by side and within its text.
func FuzzLine(f *testing.F) {
	finder := newTestFinder(f)
	for _, n := range namestest.Names {
		f.Add(n.Name, 20.0)
	}
	f.Add("\u2068محمد 7\u2069 (you) \xff\xfe", 3.0)
	f.Add("\u2068\u2069a", 50.0)
	f.Add("\u0600\u2068דוד\u2069\u0301", 50.0) // a sign that belongs to what follows it
	f.Add("\u2067a\u2066ד\u2068\u2069\u202e٣٤ 5:6\n\u0301", 50.0)
	f.Fuzz(func(t *testing.T, line string, width float64) {
		s := typesetter{fonts: fontStack{system: finder}}
		l := set(&s, line, regular)
		x, drawn := 0.0, make([]bool, len(line))
		for _, r := range l.runs {
			if r.x != x || line[r.start:r.start+len(r.text)] != r.text {
				t.Fatalf("%+q: the run %+q at byte %d is at %v, want it at %v", line, r.text, r.start, r.x, x)
			}
			for i := range r.text {
				if drawn[r.start+i] {
					t.Fatalf("%+q: byte %d is drawn twice", line, r.start+i)
				}
				drawn[r.start+i] = true
			}
			x += r.width
		}
		for at := range len(line) + 1 {
			if x := l.caret(at); x < -0.01 || x > l.width+0.01 {
				t.Fatalf("%+q: the caret in front of byte %d is at %v of %v", line, at, x, l.width)
			}
		}
		if len(line) < 200 {
			shorten(line, regular, 17, width)
			wrap(line, regular, 17, max(width, 20), 3)
			visible(line, len(line)/2, width, func(s string) float64 { return measure(s, mono, 20) })
		}
	})
}

func BenchmarkLine(b *testing.B) {
	b.ReportAllocs()
	s := typesetter{fonts: fontStack{system: newTestFinder(b)}}
	set(&s, "\u2068محمد 7\u2069 (you)", regular)
	for b.Loop() {
		s.line("\u2068محمد 7\u2069 (you)", regular)
	}
}
