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
	source *text.GoTextFaceSource
	size   int
	rtl    bool
}

// maxFaces bounds the number of cached faces. Resizing a window uses many sizes.
const maxFaces = 64

// paint draws a picture and the bars around it. Everything outside of the field is clipped.
func (q *painter) paint(screen *ebiten.Image, l layout, p *picture) {
	screen.Fill(colorSurround)
	q.field(screen, l, p)
}

// field draws a picture of a field.
func (q *painter) field(screen *ebiten.Image, l layout, p *picture) {
	from := l.toWindow(client.Point{})
	to := l.toWindow(client.Point{X: client.FieldWidth, Y: client.FieldHeight})
	area := image.Rect(int(from.X), int(from.Y), int(math.Ceil(to.X)), int(math.Ceil(to.Y)))
	field := screen.SubImage(area).(*ebiten.Image)
	for _, s := range p.shapes {
		q.shape(field, l, s)
	}
	q.batch.flush(field)
}

// column draws a picture beside the field, over its strip alone.
func (q *painter) column(screen *ebiten.Image, l layout, p *picture) {
	bounds := screen.Bounds()
	area := image.Rect(int(l.x), bounds.Min.Y, int(math.Ceil(l.x+columnWidth*l.scale)), bounds.Max.Y)
	strip := screen.SubImage(area).(*ebiten.Image)
	for _, s := range p.shapes {
		q.shape(strip, l, s)
	}
	q.batch.flush(strip)
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
	case kindArrow:
		q.batch.flush(dst)
		arrow(dst, at, w, h, s.color)
	case kindCaret:
		at.X += letters.line(s.text, s.face).caret(s.caret) * s.size * l.scale / measureSize
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
	fill(dst, &p, c)
}

// arrow draws an arrow from a place by a vector. Its outline has a point for each pair of shares of the vector, along
// it and to its right.
func arrow(dst *ebiten.Image, at client.Point, w, h float64, c tint) {
	var p vector.Path
	for _, to := range [...][2]float64{{0, -.06}, {.6, -.06}, {.6, -.2}, {1, 0}, {.6, .2}, {.6, .06}, {0, .06}} {
		p.LineTo(float32(at.X+to[0]*w-to[1]*h), float32(at.Y+to[0]*h+to[1]*w)) // the first one begins the path
	}
	p.Close()
	fill(dst, &p, c)
}

// fill draws the inside of a path.
func fill(dst *ebiten.Image, p *vector.Path, c tint) {
	var options vector.DrawPathOptions
	options.AntiAlias = true
	options.ColorScale.ScaleWithColor(c)
	vector.FillPath(dst, p, nil, &options)
}

// text draws a line of text at its anchor. All runs stand on the same line as the letters of the typeface.
func (q *painter) text(dst *ebiten.Image, at client.Point, scale float64, s shape) {
	line, size := letters.line(s.text, s.face), s.size*scale
	at.X -= line.width * size / measureSize * float64(s.align) / 2
	m := q.face(letters.fonts.embedded(s.face), size, false).Metrics()
	baseline := at.Y + (m.HAscent-m.HDescent)/2
	for i := range line.runs {
		r := &line.runs[i]
		x := at.X + r.x*size/measureSize
		if r.source == nil {
			q.number(dst, client.Point{X: x, Y: at.Y}, size, numberOf(r.text), s.color)
			continue
		}
		face := q.face(r.source, size, r.rtl)
		var options text.DrawOptions
		options.GeoM.Translate(x, baseline-face.Metrics().HAscent)
		options.ColorScale.ScaleWithColor(s.color)
		if r.rtl {
			options.PrimaryAlign = text.AlignEnd // the left side
		}
		text.Draw(dst, r.text, face, &options)
	}
}

// number draws the number of a character in a frame. at is the middle of its left side.
func (q *painter) number(dst *ebiten.Image, at client.Point, size float64, n number, c tint) {
	left, width := at.X+numberGap*size, (n.width()-2*numberGap)*size
	q.box(client.Point{X: left, Y: at.Y - numberHeight/2*size}, width, numberHeight*size, 0, numberStroke*size, c)
	q.batch.flush(dst)
	for i, digits := range []string{n.upper, n.lower} {
		y := at.Y + (float64(i)-0.5)*numberSize*size
		digits := shape{text: digits, face: mono, size: numberSize * size, align: center, color: c}
		q.text(dst, client.Point{X: left + width/2, Y: y}, 1, digits)
	}
}

// face returns a font in a size in device pixels.
func (q *painter) face(source *text.GoTextFaceSource, size float64, rtl bool) *text.GoTextFace {
	key := faceKey{source, max(int(size+0.5), 1), rtl}
	if face := q.faces[key]; face != nil {
		return face
	}
	if q.faces == nil || len(q.faces) >= maxFaces {
		q.faces = make(map[faceKey]*text.GoTextFace)
	}
	face := setFace(source, float64(key.size), rtl)
	q.faces[key] = face
	return face
}
