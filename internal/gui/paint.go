//go:build !nogui

package gui

import (
	"image"
	"math"

	"github.com/hajimehoshi/ebiten/v2"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
	"github.com/hajimehoshi/ebiten/v2/vector"

	"pong/internal/client"
)

// A painter draws pictures to a screen of any size, in the resolution of the screen, so that nothing is scaled up.
type painter struct {
	batch batch
	faces map[faceKey]*text.GoTextFace
}

// A faceKey is a font in a size in whole device pixels. Other sizes are drawn in the next larger one, but measured
// wrongly.
type faceKey struct {
	face typeface
	size int
}

// maxFaces bounds the number of cached faces. Resizing a window uses many sizes.
const maxFaces = 64

// paint draws a picture and the bars around it. Everything outside of the field is clipped.
func (q *painter) paint(screen *ebiten.Image, l layout, p *picture) {
	screen.Fill(colorSurround)
	from := l.toWindow(client.Point{})
	to := l.toWindow(client.Point{X: client.FieldWidth, Y: client.FieldHeight})
	area := image.Rect(int(from.X), int(from.Y), int(math.Ceil(to.X)), int(math.Ceil(to.Y)))
	field := screen.SubImage(area).(*ebiten.Image)
	for _, s := range p.shapes {
		q.shape(field, l, s)
	}
	q.batch.flush(field)
}

// shape draws a shape, or adds it to the batch. Shapes of other kinds flush the batch first, because they lie above it.
func (q *painter) shape(dst *ebiten.Image, l layout, s shape) {
	at := l.toWindow(client.Point{X: s.x, Y: s.y})
	w, h := s.w*l.scale, s.h*l.scale
	switch s.kind {
	case kindText:
		q.batch.flush(dst)
		q.text(dst, at, l.scale, s)
	case kindTriangle:
		q.batch.flush(dst)
		triangle(dst, at, w, h, s.flipped, s.color)
	case kindCaret:
		width, _ := text.Measure(s.text, q.face(s.face, s.size*l.scale), 0)
		at.X += width
		q.box(at, w, h, 0, 0, s.color)
	case kindBox:
		q.box(at, w, h, s.round*l.scale, s.stroke*l.scale, s.color)
	}
}

// box adds a box, or its edge if there is a stroke. An edge is at least one device pixel wide.
func (q *painter) box(at client.Point, w, h, round, stroke float64, c tint) {
	if stroke > 0 {
		stroke = max(stroke, 1)
	}
	q.batch.add(at.X+w/2, at.Y+h/2, w/2, h/2, min(round, w/2, h/2), stroke, c)
}

func triangle(dst *ebiten.Image, at client.Point, w, h float64, flipped bool, c tint) {
	base, tip := float32(at.X), float32(at.X+w)
	if flipped {
		base, tip = tip, base
	}
	var p vector.Path
	p.MoveTo(base, float32(at.Y))
	p.LineTo(tip, float32(at.Y+h/2))
	p.LineTo(base, float32(at.Y+h))
	p.Close()
	var options vector.DrawPathOptions
	options.AntiAlias = true
	options.ColorScale.ScaleWithColor(c)
	vector.FillPath(dst, &p, nil, &options)
}

// text draws a line of text at its anchor.
func (q *painter) text(dst *ebiten.Image, at client.Point, scale float64, s shape) {
	var options text.DrawOptions
	options.GeoM.Translate(at.X, at.Y)
	options.ColorScale.ScaleWithColor(s.color)
	options.SecondaryAlign = text.AlignCenter
	switch s.align {
	case center:
		options.PrimaryAlign = text.AlignCenter
	case right:
		options.PrimaryAlign = text.AlignEnd
	}
	text.Draw(dst, s.text, q.face(s.face, s.size*scale), &options)
}

// face returns a font in a size in device pixels.
func (q *painter) face(f typeface, size float64) *text.GoTextFace {
	key := faceKey{f, max(int(size+0.5), 1)}
	if face := q.faces[key]; face != nil {
		return face
	}
	if q.faces == nil || len(q.faces) >= maxFaces {
		q.faces = make(map[faceKey]*text.GoTextFace)
	}
	face := &text.GoTextFace{Source: fonts()[f], Size: float64(key.size)}
	q.faces[key] = face
	return face
}
