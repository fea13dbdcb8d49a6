//go:build !nogui

package gui

import (
	"image/color"
	"slices"

	"pong/internal/client"
	"pong/internal/front"
)

// tint is a colour with its opacity.
type tint = color.NRGBA

// The colours. None carries a meaning alone: each mark that is coloured also has a shape or a word.
var (
	colorSurround = opaque(0x0a0d12)
	colorField    = opaque(0x121720)
	colorPanel    = opaque(0x1a212c)
	colorLine     = opaque(0x323d4d)
	colorFaint    = opaque(0x93a0b2)
	colorInk      = opaque(0xe9eef5)
	colorOwn      = opaque(0xffc857)
	colorAlert    = opaque(0xff9a86)
)

// opaque returns the colour that is written 0xrrggbb.
func opaque(rgb uint32) tint {
	return tint{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
}

// faded is a colour with a share of its opacity.
func faded(c tint, share float64) tint {
	c.A = uint8(float64(c.A)*min(max(share, 0), 1) + 0.5)
	return c
}

// typeface is one of the fonts.
type typeface uint8

const (
	regular typeface = iota
	bold
	mono
)

// align says where a text lies from its x.
type align uint8

const (
	left align = iota
	center
	right
)

// kind is the sort of a shape.
type kind uint8

const (
	kindBox      kind = iota // a box, filled or, with a stroke, only its edge
	kindTriangle             // pointing right, or left where dx is negative
	kindText
	kindCaret // a line w wide and h high, behind a text that begins at x and is drawn by somebody else
)

// shape is one thing to draw, in pixels of the picture.
type shape struct {
	kind    kind
	x, y    float64 // upper left corner; of a text the anchor on its middle line
	w, h    float64
	round   float64 // radius of a box's corners
	stroke  float64 // width of a box's edge; 0 fills it
	color   tint
	text    string
	size    float64
	face    typeface
	align   align
	flipped bool // a triangle points left
}

// button is a place in the picture that can be clicked or touched.
type button struct {
	x, y, w, h float64
	actions    front.Action // that it stands for
	row        int          // or the row of a menu, counted from 1
}

// picture is what is seen, as a list of shapes, the lowest first, and the places that can be clicked.
type picture struct {
	shapes  []shape
	buttons []button
}

// reset empties the picture and keeps its memory.
func (p *picture) reset() { p.shapes, p.buttons = p.shapes[:0], p.buttons[:0] }

// box adds a filled box.
func (p *picture) box(x, y, w, h, round float64, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindBox, x: x, y: y, w: w, h: h, round: round, color: c})
}

// edge adds the edge of a box, drawn inside of it.
func (p *picture) edge(x, y, w, h, round, stroke float64, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindBox, x: x, y: y, w: w, h: h, round: round, stroke: stroke, color: c})
}

// disc adds a filled circle around a place.
func (p *picture) disc(x, y, radius float64, c tint) {
	p.box(x-radius, y-radius, 2*radius, 2*radius, radius, c)
}

// triangle adds a triangle that fills a box and points right, or left.
func (p *picture) triangle(x, y, w, h float64, flipped bool, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindTriangle, x: x, y: y, w: w, h: h, flipped: flipped, color: c})
}

// print adds one line of text. y is the middle of the line.
func (p *picture) print(x, y float64, s string, f typeface, size float64, a align, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindText, x: x, y: y, text: s, face: f, size: size, align: a, color: c})
}

// caption adds a line of text in the middle of the field, on a ground that hides the centre line.
func (p *picture) caption(y float64, s string, size float64) {
	if s == "" {
		return
	}
	w := measure(s, regular, size) + 2*size
	p.box(middle-w/2, y-0.8*size, w, 1.6*size, 0, colorField)
	p.print(middle, y, s, regular, size, center, colorFaint)
}

// hit returns the button at a place, the uppermost first, or one that does nothing.
func (p *picture) hit(at client.Point) button {
	for _, b := range slices.Backward(p.buttons) {
		if at.X >= b.x && at.X < b.x+b.w && at.Y >= b.y && at.Y < b.y+b.h {
			return b
		}
	}
	return button{}
}
