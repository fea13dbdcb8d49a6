//go:build !nogui

package gui

import (
	"bytes"
	"strings"
	"sync"

	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// fonts are the Go fonts, which have the licence of Go (BSD). They are parsed when a text is first measured or drawn,
// so that a server does not pay for them.
var fonts = sync.OnceValue(func() [3]*text.GoTextFaceSource {
	return [...]*text.GoTextFaceSource{
		regular: parseFont(goregular.TTF),
		bold:    parseFont(gobold.TTF),
		mono:    parseFont(gomono.TTF),
	}
})

func parseFont(ttf []byte) *text.GoTextFaceSource {
	s, err := text.NewGoTextFaceSource(bytes.NewReader(ttf))
	if err != nil {
		panic("gui: a font of this binary is broken: " + err.Error())
	}
	return s
}

// measureSize is the size in which texts are measured. Widths are proportional to the size, but only whole sizes are
// measured exactly.
const measureSize = 100

// measure returns the width of a line of text in pixels of the picture.
func measure(s string, f typeface, size float64) float64 {
	w, _ := text.Measure(s, &text.GoTextFace{Source: fonts()[f], Size: measureSize}, 0)
	return w * size / measureSize
}

// wrap breaks a text into lines of at most width, at spaces, and within a word only if the word alone is too wide. It
// cuts a text of more than limit lines and ends it with an ellipsis.
func wrap(s string, f typeface, size, width float64, limit int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if joined := strings.TrimPrefix(line+" "+word, " "); measure(joined, f, size) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for measure(word, f, size) > width {
			n := prefix(word, f, size, width)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return cut(lines, f, size, width, limit)
}

// chop breaks a text into lines that are as full as possible, as a terminal does.
func chop(s string, f typeface, size, width float64, limit int) []string {
	var lines []string
	for s != "" {
		n := prefix(s, f, size, width)
		lines, s = append(lines, s[:n]), s[n:]
	}
	return cut(lines, f, size, width, limit)
}

// cut removes the lines after the first limit ones.
func cut(lines []string, f typeface, size, width float64, limit int) []string {
	if len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] = shorten(lines[limit-1]+" …", f, size, width)
	}
	return lines
}

// prefix returns the length in bytes of the start of a text that fits into width, with at least one character.
func prefix(s string, f typeface, size, width float64) int {
	n := 0
	for i, r := range s {
		end := i + len(string(r))
		if n > 0 && measure(s[:end], f, size) > width {
			break
		}
		n = end
	}
	return n
}

// shorten cuts a text that is wider than width, and ends it with an ellipsis.
func shorten(s string, f typeface, size, width float64) string {
	if measure(s, f, size) <= width {
		return s
	}
	s = strings.TrimSuffix(s, "…")
	n := prefix(s, f, size, width-measure("…", f, size))
	return strings.TrimRight(s[:n], " ") + "…"
}
