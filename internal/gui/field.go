//go:build !nogui

package gui

import (
	"slices"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/scene"
)

const (
	middle = client.FieldWidth / 2

	nameY  = 26.0
	scoreY = 82.0
)

// outline draws the paddles of an empty field behind the pages.
func (p *picture) outline() {
	y := (client.FieldHeight - client.PaddleHeight) / 2
	for player := range 2 {
		p.box(client.PaddleX(player), y, client.PaddleWidth, client.PaddleHeight, 2, colorLine)
	}
}

// names draws the names of the players above their halves. The note says "you" in words; the colour only repeats it.
func (p *picture) names(v *client.Frame) {
	for player := range 2 {
		x := middle + (float64(player)*2-1)*middle/2
		ink := colorFaint
		if front.Own(v, player) {
			ink = colorOwn
		}
		name, note := front.Label(v, player)
		name = shorten(name, regular, 17, 220)
		if note != "" {
			name += " (" + note + ")"
		}
		p.print(x, nameY, name, regular, 17, center, ink)
	}
}

// lineTop returns where the centre line begins: below the mark of a watcher, if there is one.
func lineTop(v *client.Frame) float64 {
	if v.Watching {
		return nameY + 30
	}
	return 0
}

// watching marks a match that the person watches, and names it.
func (p *picture) watching(f frame) {
	v := &f.Frame
	if !v.Watching {
		return
	}
	if f.Track != nil {
		p.print(middle, nameY, "REPLAY", bold, 15, center, colorOwn)
		return
	}
	p.print(middle, nameY-4, "WATCHING", bold, 15, center, colorOwn)
	p.print(middle, nameY+15, shorten(front.MatchName(v), mono, 13, 130), mono, 13, center, colorFaint)
}

// aside draws a sentence near the bottom, small and behind the ball, so that it can be read while the ball is in play.
func (p *picture) aside(f frame) {
	text, ink := f.Aside, colorAlert
	if text == "" && f.Lab.Panel == nil { // otherwise it is in the panel
		text, ink = f.Lab.Note, colorFaint
	}
	if text == "" {
		return
	}
	size := 14 * min(f.zoom, 1.3)
	y := hudTop(f) - asideGap
	if f.Frame.Stage == client.StageCountdown {
		y -= helpGap
	}
	for _, s := range slices.Backward(wrap(text, regular, size, client.FieldWidth-2*hudX, 2)) {
		w := measure(s, regular, size) + 2*size
		p.box(middle-w/2, y-0.75*size, w, 1.5*size, 0, colorField)
		p.print(middle, y, s, regular, size, center, ink)
		y -= 1.5 * size
	}
}

// asideGap is the distance between that sentence and the HUD.
const asideGap = 22.0

// scored draws the label of a point below the score.
func (p *picture) scored(f frame) {
	if s := f.Frame.Scorer; s == 0 || s == 1 {
		x := middle + (float64(s)*2-1)*middle/2
		text := shorten(front.Scored(&f.Frame), regular, 18, middle-20)
		p.print(x, scoreY+52, text, regular, 18, center, scene.InkOf(&f.Frame, s))
	}
}
