//go:build !nogui

package gui

import (
	"pong/internal/client"
	"pong/internal/front"
)

// A frame is everything that one picture shows.
type frame struct {
	front.Screen
	detail bool      // the long HUD
	muted  bool      // the sound is off
	frames float64   // drawn in a second
	zoom   float64   // of small print, see layout
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

// match draws the field, the names, the scores and the HUD.
func (p *picture) match(f frame) {
	p.flash(f)
	p.centreLine(lineTop(&f.Frame), f.lineEnd())
	p.names(&f.Frame)
	p.watching(f)
	p.scores(f)
	if f.Track != nil {
		p.track(f)
	} else {
		p.hud(f)
	}
	p.aside(f)
	if f.Frame.Stage == client.StageCountdown && f.Card.Kind == front.NoCard {
		p.countdown(f)
	}
	p.paddles(f)
	p.ball(f)
	p.serve(&f.Frame)
	if f.Frame.Stage == client.StageScored {
		p.scored(f)
	}
	if f.Frame.Stage == client.StageCountdown && f.Card.Kind == front.NoCard && f.Track == nil {
		p.help(f)
	}
}

// beforePlay reports whether the game has not begun yet.
func (f frame) beforePlay() bool {
	switch f.Frame.Stage {
	case client.StageWaiting, client.StageReady, client.StageCountdown:
		return true
	}
	return false
}
