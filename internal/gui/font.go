//go:build !nogui

package gui

import (
	"bytes"
	"sync"

	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// goFonts are the Go fonts, which have the licence of Go (BSD). They are parsed when a text is first measured or drawn,
// so that a server does not pay for them.
var goFonts = sync.OnceValue(func() [3]*text.GoTextFaceSource {
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

// letters sets all texts of the window. It is one for the process, as the window is, and belongs to its goroutine.
var letters typesetter

// measureSize is the size in which texts are measured. Widths are proportional to the size, but only whole sizes are
// measured exactly.
const measureSize = 100

// measure returns the width of a line of text in pixels of the picture.
func measure(s string, f typeface, size float64) float64 {
	return letters.line(s, f).width * size / measureSize
}
