//go:build !nogui

package gui

import (
	"math"

	"pong/internal/client"
)

// A layout places the picture of 800 x 600 pixels in a window: in the middle and as large as possible, with bars at the
// sides if the window has another shape.
type layout struct {
	scale float64 // device pixels per pixel of the picture
	x, y  float64 // upper left corner of the picture, in device pixels
	zoom  float64 // of small print, which stays readable in a small window
}

// smallPrint is the scale, in device-independent pixels, below which small print no longer shrinks with the picture.
// maxZoom bounds it, because the HUD must fit into one line.
const (
	smallPrint = 0.9
	maxZoom    = 1.5
)

// fit returns the layout of a window of width x height device pixels. density is the number of device pixels per
// device-independent pixel.
func fit(width, height, density float64) layout {
	scale := math.Min(width/client.FieldWidth, height/client.FieldHeight)
	return layout{
		scale: scale,
		x:     math.Round((width - client.FieldWidth*scale) / 2),
		y:     math.Round((height - client.FieldHeight*scale) / 2),
		zoom:  math.Min(math.Max(smallPrint*density/scale, 1), maxZoom),
	}
}

// toWindow returns a place of the picture in device pixels.
func (l layout) toWindow(p client.Point) client.Point {
	return client.Point{X: l.x + p.X*l.scale, Y: l.y + p.Y*l.scale}
}

// toPicture returns the place in the picture, or outside of it, for device pixels.
func (l layout) toPicture(p client.Point) client.Point {
	return client.Point{X: (p.X - l.x) / l.scale, Y: (p.Y - l.y) / l.scale}
}
