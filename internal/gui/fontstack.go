//go:build !nogui

package gui

import (
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
)

// A fontQuery asks for a font that has a picture of a cluster: what a reader takes for one character.
type fontQuery struct {
	cluster string
	face    typeface
	han     string // the language of Chinese characters, if the rest of the line shows it; see hanOf
}

// A fontAnswer is the font for a query, or nil if there is none.
type fontAnswer struct {
	query  fontQuery
	source *text.GoTextFaceSource
}

// A finder finds fonts outside of this binary. Neither of its methods blocks.
type finder interface {
	// ask asks for a font. It returns false if the query has to be repeated later.
	ask(fontQuery) bool

	// found returns the next answer, if there is one.
	found() (fontAnswer, bool)
}

// A fontStack chooses the font of each cluster: first one of this binary, then one of the system.
type fontStack struct {
	system finder // nil if there are no other fonts
	known  map[fontQuery]*text.GoTextFaceSource
	full   bool // a query has to be repeated
}

// maxKnown bounds the number of clusters whose fonts are kept. A server may send any number of names.
const maxKnown = 4096

// embedded returns the font of this binary for a typeface.
func (s *fontStack) embedded(f typeface) *text.GoTextFaceSource { return goFonts()[f] }

// source returns the font of a cluster, or nil if none is known yet, or there is none.
func (s *fontStack) source(q fontQuery) *text.GoTextFaceSource {
	if own := s.embedded(q.face); covers(own, q.cluster) {
		return own
	}
	if q.face == mono {
		q.face = regular
		if own := s.embedded(regular); covers(own, q.cluster) {
			return own
		}
	}
	source, asked := s.known[q]
	if !asked && s.system != nil {
		if s.system.ask(q) {
			s.remember(q, nil)
		} else {
			s.full = true
		}
	}
	return source
}

// update takes the answers that have arrived, and reports whether lines may look different now.
func (s *fontStack) update() (changed bool) {
	if s.system == nil {
		return false
	}
	changed, s.full = s.full, false
	for {
		a, ok := s.system.found()
		if !ok {
			return changed
		}
		s.remember(a.query, a.source)
		changed = changed || a.source != nil
	}
}

func (s *fontStack) remember(q fontQuery, source *text.GoTextFaceSource) {
	if s.known == nil || len(s.known) >= maxKnown {
		s.known = make(map[fontQuery]*text.GoTextFaceSource)
	}
	s.known[q] = source
}

// covers reports whether a font has a picture of each character of a cluster that needs one.
func covers(source *text.GoTextFaceSource, cluster string) bool {
	face := source.UnsafeInternal().(*font.Face)
	for _, r := range cluster {
		if _, ok := face.NominalGlyph(r); !ok && !ignorable(r) {
			return false
		}
	}
	return true
}

// ignorable reports whether a character has no picture of its own, such as a joiner or a selector of variants.
func ignorable(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// hanOf returns the language of the Chinese characters of a line if its other letters show it: "ja", "ko" or "zh-hant".
// The same character looks different in each.
func hanOf(s string) string {
	for _, r := range s {
		switch {
		case r < 0x1100:
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "ja"
		case unicode.Is(unicode.Hangul, r):
			return "ko"
		case unicode.Is(unicode.Bopomofo, r):
			return "zh-hant"
		}
	}
	return ""
}
