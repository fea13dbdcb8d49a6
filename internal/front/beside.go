package front

import (
	"slices"
	"strings"
	"time"

	"pong/internal/client"
)

// Shadowing is a Session that can draw the same match in another way beside itself: see client.Shadow.
type Shadowing interface {
	// SetShadow has a shadow with these settings draw the match, or none if they are nil.
	SetShadow(settings *client.Settings)

	// Shadow returns what the shadow draws, right after a Frame. ok is false if there is none.
	Shadow(now time.Time) (f client.Frame, ok bool)
}

// Beside is the same match in another way.
type Beside struct {
	Label string // such as "the same match, drawn as the original"
	Frame client.Frame
}

// looks are the ways of drawing between which a person switches, after those that are wanted at first.
var looks = []client.Settings{
	{View: client.ViewOriginal}, {View: client.ViewInterp}, {View: client.ViewPredict}, {NoReconciliation: true},
	{NoPrediction: true}, {NoSmoothing: true},
}

// beside is the part of a lab that is about a shadow.
type beside struct {
	looks []client.Settings
	shown int // from 1; 0 is none
	frame client.Frame
	has   bool // frame is of the newest frame of the match
}

// newBeside returns the beside of a flow, which begins with the settings that are wanted, if there are any.
func newBeside(wanted *client.Settings) beside {
	if wanted == nil {
		return beside{looks: looks}
	}
	others := slices.DeleteFunc(slices.Clone(looks), func(s client.Settings) bool { return s == *wanted })
	return beside{looks: append([]client.Settings{*wanted}, others...), shown: 1}
}

// next switches to the next way.
func (b *beside) next(s Session) {
	b.shown = (b.shown + 1) % (len(b.looks) + 1)
	b.apply(s)
}

// apply gives a session its shadow.
func (b *beside) apply(s Session) {
	if b.has = false; s == nil {
		return
	}
	session, ok := s.(Shadowing)
	switch {
	case !ok:
	case b.shown == 0:
		session.SetShadow(nil)
	default:
		settings := b.looks[b.shown-1]
		session.SetShadow(&settings)
	}
}

// follow takes a frame of the shadow.
func (b *beside) follow(now time.Time, s Session) {
	session, ok := s.(Shadowing)
	if b.has = false; ok && b.shown > 0 {
		b.frame, b.has = session.Shadow(now)
	}
}

// show returns what a screen shows of it; nil if nothing.
func (b *beside) show() *Beside {
	if !b.has {
		return nil
	}
	return &Beside{Label: besideLabel(b.looks[b.shown-1]), Frame: b.frame}
}

// besideLabel returns the text about a way of drawing.
func besideLabel(s client.Settings) string {
	view, without, _ := strings.Cut(s.String(), "no-")
	label := "the same match"
	switch view = strings.Trim(view, ","); {
	case s.View == client.ViewOriginal:
		return label + ", drawn as the original"
	case view != "":
		label += ", drawn by " + view
	}
	if without != "" {
		label += " without " + strings.ReplaceAll(without, ",no-", " and ")
	}
	return label
}

// SetShadow and Shadow are those of the session of a person who practises.
func (p practice) SetShadow(settings *client.Settings) {
	if s, ok := p.Session.(Shadowing); ok {
		s.SetShadow(settings)
	}
}

// Shadow is documented with SetShadow.
func (p practice) Shadow(now time.Time) (f client.Frame, ok bool) {
	if s, is := p.Session.(Shadowing); is {
		return s.Shadow(now)
	}
	return f, false
}
