//go:build !nogui

package gui

import (
	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/scene"
)

// A frame is everything that one picture shows.
type frame struct {
	front.Screen
	muted  bool      // the sound is off
	frames float64   // drawn in a second
	zoom   float64   // of small print, see layout
	hover  int       // the graph at which the mouse points, from 1; 0 is none
	labels [2]string // the names of the keys that move the paddle
}

// compose draws a frame.
func (p *picture) compose(f frame) {
	p.reset()
	p.box(0, 0, client.FieldWidth, client.FieldHeight, 0, colorField)
	if !f.Match {
		p.outline()
	} else {
		p.match(f)
	}
	if f.Card.Kind == front.CardLeaving {
		p.veil()
	}
	if f.Card.Kind != front.NoCard {
		p.card(f)
	}
}

// composeBeside draws the same match in another way.
func (p *picture) composeBeside(f frame) {
	b := f.Lab.Beside
	p.reset()
	p.box(0, 0, client.FieldWidth, client.FieldHeight, 0, colorField)
	scene.Back(p, &b.Frame, f.Age, 0, hudTop(f))
	p.names(&b.Frame)
	size := 15 * f.zoom
	p.print(middle, hudBottom-9*f.zoom, shorten(b.Label, bold, size, client.FieldWidth-2*hudX), bold, size, center,
		colorOwn)
	scene.Front(p, &b.Frame, f.Age, false)
}

// match draws the field, the names, the scores and the HUD.
func (p *picture) match(f frame) {
	card := f.Card.Kind != front.NoCard
	scene.Back(p, &f.Frame, f.Age, lineTop(&f.Frame), f.lineEnd())
	p.names(&f.Frame)
	p.watching(f)
	if f.Track != nil {
		p.track(f)
	} else {
		p.hud(f)
	}
	p.aside(f)
	if g := f.Lab.Ghost; g != nil {
		scene.Ghost(p, g)
	}
	scene.Marks(p, f.Lab.Marks)
	scene.Front(p, &f.Frame, f.Age, card)
	switch {
	case f.Frame.Stage == client.StageScored:
		p.scored(f)
	case f.Frame.Stage == client.StageCountdown && !card:
		p.caption(client.FieldHeight/2-112, front.Aim(&f.Frame), 18)
	}
	if f.Frame.Stage == client.StageCountdown && !card && f.Track == nil {
		p.help(f)
	}
}
