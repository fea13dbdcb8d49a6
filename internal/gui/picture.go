//go:build !nogui

package gui

import (
	"slices"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/scene"
)

// A tint is a colour with an opacity.
type tint = scene.Tint

// The colours. None carries a meaning alone: every coloured mark also has a shape or a word.
var (
	colorSurround = scene.Opaque(0x0a0d12)
	colorField    = scene.Field
	colorPanel    = scene.Opaque(0x1a212c)
	colorLine     = scene.Line
	colorFaint    = scene.Opaque(0x93a0b2)
	colorInk      = scene.Ink
	colorOwn      = scene.Own
	colorAlert    = scene.Opaque(0xff9a86)
)

// faded returns a colour with a share of its opacity.
func faded(c tint, share float64) tint { return scene.Faded(c, share) }

// A typeface is one of the fonts.
type typeface uint8

const (
	regular typeface = iota
	bold
	mono
)

// An align is the side of a text at which its x is.
type align uint8

const (
	left align = iota
	center
	right
)

// A kind is a kind of shape.
type kind uint8

const (
	kindBox      kind = iota // a filled box, or the edge of one if it has a stroke
	kindTriangle             // points to the right, or to the left if it is flipped
	kindArrow                // from a place by w and h, which may be negative
	kindText
	kindCaret // a bar of w x h in a text that begins at x and is a shape of its own
)

// A shape is a thing to draw, in pixels of the picture.
type shape struct {
	kind    kind
	x, y    float64 // the upper left corner, or the anchor of a text, on its middle line
	w, h    float64
	round   float64 // radius of a box's corners
	stroke  float64 // width of a box's edge; 0 fills it
	color   tint
	text    string
	size    float64
	face    typeface
	align   align
	flipped bool // of a triangle
	caret   int  // the number of bytes of the text before it
}

// A button is a place in the picture that can be clicked or touched.
type button struct {
	x, y, w, h float64
	actions    front.Action // of a choice
	row        int          // of a menu, from 1; 0 is none
	lab        int          // of the lab panel, from 1; 0 is none
	graph      int          // of the graphs, from 1; 0 is none
}

// A picture is a list of shapes, the lowest first, and of the buttons among them.
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

// edge adds the edge of a box, inside of it.
func (p *picture) edge(x, y, w, h, round, stroke float64, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindBox, x: x, y: y, w: w, h: h, round: round, stroke: stroke, color: c})
}

// disc adds a filled circle.
func (p *picture) disc(x, y, radius float64, c tint) {
	p.box(x-radius, y-radius, 2*radius, 2*radius, radius, c)
}

// Box adds a box or its edge. With this and the following methods a picture is a scene.Painter.
func (p *picture) Box(x, y, w, h, round, stroke float64, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindBox, x: x, y: y, w: w, h: h, round: round, stroke: stroke, color: c})
}

// Triangle adds a triangle that fills a box and points to the right, or to the left if it is flipped.
func (p *picture) Triangle(x, y, w, h float64, flipped bool, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindTriangle, x: x, y: y, w: w, h: h, flipped: flipped, color: c})
}

// Arrow adds an arrow from a place by a vector.
func (p *picture) Arrow(from, by client.Point, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindArrow, x: from.X, y: from.Y, w: by.X, h: by.Y, color: c})
}

// Text adds a line of bold text.
func (p *picture) Text(x, y float64, s string, size float64, a scene.Align, c tint) {
	p.print(x, y, s, bold, size, align(a), c)
}

// print adds a line of text. y is its middle.
func (p *picture) print(x, y float64, s string, f typeface, size float64, a align, c tint) {
	p.shapes = append(p.shapes, shape{kind: kindText, x: x, y: y, text: s, face: f, size: size, align: a, color: c})
}

// caption adds a line of text in the middle of the field, on a box that hides the centre line.
func (p *picture) caption(y float64, s string, size float64) {
	if s == "" {
		return
	}
	w := measure(s, regular, size) + 2*size
	p.box(middle-w/2, y-0.8*size, w, 1.6*size, 0, colorField)
	p.print(middle, y, s, regular, size, center, colorFaint)
}

// hit returns the uppermost button at a place, or an empty one.
func (p *picture) hit(at client.Point) button {
	for _, b := range slices.Backward(p.buttons) {
		if at.X >= b.x && at.X < b.x+b.w && at.Y >= b.y && at.Y < b.y+b.h {
			return b
		}
	}
	return button{}
}
