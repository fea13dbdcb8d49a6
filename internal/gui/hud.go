//go:build !nogui

package gui

import (
	"fmt"
	"math"

	"pong/internal/client"
	"pong/internal/front"
)

// The place of the HUD: in the bottom left corner, to the right of the left paddle.
const (
	hudX      = 44.0
	hudBottom = client.FieldHeight - 12
	hudPad    = 10.0
)

// hudWidth returns the width of the column of a figure, with its gap.
func (f frame) hudWidth(g front.Figure) float64 {
	return math.Max(measure(g.Name, regular, 11*f.zoom), measure(g.Value, mono, 13*f.zoom)) + 14*f.zoom
}

// lineEnd returns where the centre line ends: at the bottom, or above a HUD that is as wide as that.
func (f frame) lineEnd() float64 {
	x := hudX
	for _, g := range front.Figures(&f.Frame) {
		x += f.hudWidth(g)
	}
	if x < middle {
		return client.FieldHeight
	}
	return hudTop(f)
}

// hudTop returns the top of the short HUD.
func hudTop(f frame) float64 { return hudBottom - 34*f.zoom }

// hud draws the short HUD, and the long one if it is switched on and nothing else needs the place.
func (p *picture) hud(f frame) {
	x := hudX
	for _, g := range front.Figures(&f.Frame) {
		p.print(x, hudBottom-26*f.zoom, g.Name, regular, 11*f.zoom, left, colorFaint)
		p.print(x, hudBottom-9*f.zoom, g.Value, mono, 13*f.zoom, left, colorFaint)
		x += f.hudWidth(g)
	}
	if f.detail && f.Card.Kind == front.NoCard && f.Frame.Stage != client.StageCountdown {
		p.details(f)
	}
}

// details draws the long HUD above the short one, on a panel because the ball passes there.
func (p *picture) details(f frame) {
	size := 13 * f.zoom
	display := front.Figure{Name: "display", Value: fmt.Sprintf("%.0f frames/s", f.frames)}
	lines := append(front.Details(&f.Frame, f.View), display)
	height := float64(len(lines))*size*1.45 + size
	width, names := 0.0, 0.0
	for _, g := range lines {
		names = math.Max(names, measure(g.Name, regular, size))
		width = math.Max(width, measure(g.Value, mono, size))
	}
	names += 1.2 * size
	top := hudTop(f) - 8*f.zoom - height
	p.box(hudX-hudPad, top, names+width+2*hudPad+0.5*size, height, 6, faded(colorPanel, 0.92))
	for i, g := range lines {
		y := top + size*(0.5+1.45*(float64(i)+0.5))
		p.print(hudX, y, g.Name, regular, size, left, colorFaint)
		p.print(hudX+names, y, g.Value, mono, size, left, colorInk)
	}
}
