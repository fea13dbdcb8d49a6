//go:build !nogui

package gui

import (
	"fmt"
	"math"

	"pong/internal/client"
)

// figure is one number of the HUD with its name.
type figure struct{ name, value string }

// figures returns the short HUD: what a player feels, in one row. Who looks on has no paddle to predict or correct.
func figures(v client.Frame) []figure {
	all := playersFigures(v.Figures)
	if v.Watching {
		return all[:3]
	}
	return all
}

func playersFigures(l client.Figures) []figure {
	if l.Samples == 0 {
		return []figure{{"latency", "–"}, {"jitter", "–"}, {"loss up/down", "–"}, {"lead", "–"}, {"corrections", "–"}}
	}
	return []figure{
		{"latency", millis(l.Latency) + " ms"},
		{"jitter", millis(l.Jitter) + " ms"},
		{"loss up/down", percent(l.LossUp) + "/" + percent(l.LossDown) + " %"},
		{"lead", decimal(l.Lead) + " ticks"},
		{"corrections", decimal(l.CorrectionsPerMin) + "/min"},
	}
}

// details returns the long HUD, one line each.
func details(l client.Figures, mode client.View, frames float64) []figure {
	trip, margin := "–", "–"
	if l.Samples > 0 {
		trip = fmt.Sprintf("p50 %s  p95 %s  p99 %s ms", millis(l.P50), millis(l.P95), millis(l.P99))
		margin = decimal(l.Margin) + " of " + decimal(l.Wanted) + " ticks wanted"
	}
	return []figure{
		{"round trip", trip},
		{"longest loss", fmt.Sprintf("%d in a row, down", l.BurstDown)},
		{"margin", margin},
		{"corrections", fmt.Sprint(l.Corrections)},
		{"inputs missed", fmt.Sprint(l.Missed)},
		{"datagrams", fmt.Sprintf("%d up  %d down", l.Sent, l.Received)},
		{"traffic", bytesText(l.BytesUp) + " up  " + bytesText(l.BytesDown) + " down"},
		{"view", mode.String()},
		{"display", fmt.Sprintf("%.0f frames/s", frames)},
	}
}

// millis shows milliseconds with a decimal where it matters.
func millis(ms float64) string {
	if ms < 10 {
		return decimal(ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

// percent shows a share of 1.
func percent(share float64) string { return decimal(share * 100) }

// decimal shows a number with one decimal, and zero without a sign.
func decimal(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 {
		v = 0 // not -0
	}
	return fmt.Sprintf("%.1f", v)
}

// bytesText shows an amount of data in the units of disks and networks.
func bytesText(n int) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// The HUD's place: in the bottom-left corner, right of the left paddle so that neither hides the other.
const (
	hudX      = 44.0
	hudBottom = client.FieldHeight - 12
	hudPad    = 10.0
)

// hudWidth returns how wide a figure's column is, with its gap.
func (f frame) hudWidth(g figure) float64 {
	return math.Max(measure(g.name, regular, 11*f.zoom), measure(g.value, mono, 13*f.zoom)) + 14*f.zoom
}

// lineEnd returns where the centre line ends: at the bottom, or above a HUD that reaches so far.
func (f frame) lineEnd() float64 {
	x := hudX
	for _, g := range figures(f.view) {
		x += f.hudWidth(g)
	}
	if x < middle {
		return client.FieldHeight
	}
	return hudTop(f)
}

// hudTop returns where the short HUD begins.
func hudTop(f frame) float64 { return hudBottom - 34*f.zoom }

// hud draws the figures. zoom keeps them readable in a small window.
func (p *picture) hud(f frame) {
	x := hudX
	for _, g := range figures(f.view) {
		p.print(x, hudBottom-26*f.zoom, g.name, regular, 11*f.zoom, left, colorFaint)
		p.print(x, hudBottom-9*f.zoom, g.value, mono, 13*f.zoom, left, colorFaint)
		x += f.hudWidth(g)
	}
	if f.detail {
		p.details(f)
	}
}

// details draws the long HUD above the short one, on a ground of its own because the ball passes there.
func (p *picture) details(f frame) {
	size := 13 * f.zoom
	lines := details(f.view.Figures, f.mode, f.frames)
	height := float64(len(lines))*size*1.45 + size
	width, names := 0.0, 0.0
	for _, g := range lines {
		names = math.Max(names, measure(g.name, regular, size))
		width = math.Max(width, measure(g.value, mono, size))
	}
	names += 1.2 * size
	top := hudTop(f) - 8*f.zoom - height
	p.box(hudX-hudPad, top, names+width+2*hudPad+0.5*size, height, 6, faded(colorPanel, 0.92))
	for i, g := range lines {
		y := top + size*(0.5+1.45*(float64(i)+0.5))
		p.print(hudX, y, g.name, regular, size, left, colorFaint)
		p.print(hudX+names, y, g.value, mono, size, left, colorInk)
	}
}
