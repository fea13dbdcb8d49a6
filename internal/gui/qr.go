//go:build !nogui

package gui

import (
	"math"

	"pong/internal/front"
)

// The size of a QR code on a card, with the space below it. A module has at least three pixels of the picture, and so
// at least as many of the screen.
const (
	leastModule = 4.0
	mostModule  = 6.0
	spaceQR     = 10.0
)

// leastQR returns the least height of the QR code of a card, or 0 if it has none.
func leastQR(c *front.Card) float64 {
	if len(c.QR) == 0 {
		return 0
	}
	return leastModule*float64(len(c.QR)) + spaceQR
}

// sizeQR returns the height of the QR code of a card for which there is some space.
func sizeQR(c *front.Card, space float64) float64 {
	if len(c.QR) == 0 {
		return 0
	}
	module := math.Floor((space - spaceQR) / float64(len(c.QR)))
	return max(min(module, mostModule), leastModule)*float64(len(c.QR)) + spaceQR
}

// qr draws the QR code of a card, black on white as phones expect it. Dark modules of a row that touch are one box, so
// that no light line is between them at any zoom.
func (p *picture) qr(c *front.Card, y, height float64) {
	if len(c.QR) == 0 {
		return
	}
	side := height - spaceQR
	module := side / float64(len(c.QR))
	x := middle - side/2
	p.box(x, y, side, side, 4, colorInk)
	for row, modules := range c.QR {
		for from := 0; from < len(modules); from++ {
			to := from
			for to < len(modules) && modules[to] {
				to++
			}
			if to > from {
				p.box(x+float64(from)*module, y+float64(row)*module, float64(to-from)*module, module, 0, colorSurround)
				from = to
			}
		}
	}
}
