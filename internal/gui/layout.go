//go:build !nogui

package gui

import (
	"math"

	"pong/internal/client"
)

// layout places the 800 x 600 picture in a window: as large as fits, in the middle, with bars where the window
// has another shape.
type layout struct {
	scale float64 // device pixels for one pixel of the picture
	x, y  float64 // upper left corner of the picture, in device pixels
	zoom  float64 // how much larger the small print is drawn, so that it stays readable in a small window
}

// smallPrint is how small the picture may get, as a share of its full size in the desktop's own pixels, before
// the small print stops shrinking with it; maxZoom bounds it, because the figures must fit into one line.
const (
	smallPrint = 0.9
	maxZoom    = 1.5
)

// fit lays the picture out in a window of width x height device pixels, density of which make one pixel of the
// desktop (2 on most laptops' screens).
func fit(width, height, density float64) layout {
	scale := math.Min(width/client.FieldWidth, height/client.FieldHeight)
	return layout{
		scale: scale,
		x:     math.Round((width - client.FieldWidth*scale) / 2),
		y:     math.Round((height - client.FieldHeight*scale) / 2),
		zoom:  math.Min(math.Max(smallPrint*density/scale, 1), maxZoom),
	}
}

// toWindow turns a place in the picture into device pixels.
func (l layout) toWindow(p client.Point) client.Point {
	return client.Point{X: l.x + p.X*l.scale, Y: l.y + p.Y*l.scale}
}

// toPicture turns device pixels into a place in the picture, which may lie outside of it.
func (l layout) toPicture(p client.Point) client.Point {
	return client.Point{X: (p.X - l.x) / l.scale, Y: (p.Y - l.y) / l.scale}
}
