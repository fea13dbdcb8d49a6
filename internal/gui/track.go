//go:build !nogui

package gui

import (
	"strings"

	"pong/internal/client"
)

// track draws where a recording is, instead of the HUD: a bar with its points, the position in words, and the keys.
func (p *picture) track(f frame) {
	t := f.Track
	size := 12 * min(f.zoom, 1.2)
	x, wide, y := hudX, client.FieldWidth-2*hudX, hudBottom-2.9*size
	p.box(x, y, wide, 3, 1.5, colorLine)
	if t.Of > 0 {
		place := func(at int) float64 { return x + wide*float64(at)/float64(t.Of) }
		p.box(x, y, place(t.At)-x, 3, 1.5, colorOwn)
		for _, point := range t.Points {
			p.box(place(point)-1, y-3, 2, 9, 0, colorFaint)
		}
		p.disc(place(t.At), y+1.5, 5, colorOwn)
	}
	p.print(x, hudBottom-1.55*size, t.Line(), regular, size, left, colorInk)
	p.print(x, hudBottom-0.1*size, strings.Join(t.Keys(), "   "), regular, size, left, colorFaint)
}
