//go:build !nogui

package gui

import (
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
)

// frame is everything that one picture shows: a value, complete in itself.
type frame struct {
	scene   scene
	leaving bool          // the person is asked whether to leave
	age     time.Duration // since the scene began

	entry    entry         // what is typed, in sceneAddress
	standard string        // what an empty entry stands for
	want     front.Want    // what is being dialed, or was
	reached  bool          // its server has answered before
	menu     front.Shown   // in sceneMenu
	question dial.Question // in sceneTrust
	failure  string        // in sceneFailed
	copied   string        // what has come of copying the command for a friend

	view   client.Frame
	mode   client.View
	detail bool    // the long HUD
	muted  bool    // no sound
	frames float64 // a second, as measured
	zoom   float64 // of the small print
}

// compose draws a frame.
func (p *picture) compose(f frame) {
	p.reset()
	p.box(0, 0, client.FieldWidth, client.FieldHeight, 0, colorField)
	if f.scene.inMatch() {
		p.match(f)
		return
	}
	p.outline()
	switch f.scene {
	case sceneAddress:
		p.addressPrompt(f)
	case sceneMenu:
		p.menu(f)
	case sceneConnecting:
		p.connecting(f)
	case sceneTrust:
		p.trustQuestion(f)
	case sceneFailed:
		p.failed(f)
	}
}

// match draws a session: the field, and what the stage has to say above it.
func (p *picture) match(f frame) {
	p.flash(f)
	p.centreLine(lineTop(f.view), f.lineEnd())
	p.names(f.view)
	p.watching(f.view)
	p.scores(f)
	p.hud(f)
	p.aside(f)
	if f.scene == sceneCountdown && !f.leaving {
		p.countdown(f)
	}
	p.paddles(f)
	p.ball(f)
	if f.leaving {
		p.veil()
		p.leaving()
		return
	}
	switch f.scene {
	case sceneWaiting:
		p.waiting(f)
	case sceneReady:
		p.ready(f)
	case sceneScored:
		p.scored(f)
	case scenePaused:
		p.paused(f)
	case sceneOver:
		p.over(f)
	case sceneLost:
		p.lost(f)
	case sceneClosed:
		p.closed(f)
	}
}
