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

// hud draws the short HUD. The long one is beside the field: see column.go.
func (p *picture) hud(f frame) {
	x := hudX
	for _, g := range front.Figures(&f.Frame) {
		p.print(x, hudBottom-26*f.zoom, g.Name, regular, 11*f.zoom, left, colorFaint)
		p.print(x, hudBottom-9*f.zoom, g.Value, mono, 13*f.zoom, left, colorFaint)
		x += f.hudWidth(g)
	}
}

// frameRate shows the frames that are drawn in a second.
func frameRate(frames float64) string { return fmt.Sprintf("%.0f frames/s", frames) }
