//go:build !nogui

package gui

import (
	"fmt"
	"math"
	"slices"
	"time"

	"pong/internal/client"
	"pong/internal/front"
)

const (
	middle = client.FieldWidth / 2

	// dash is the length of a dash of the centre line and of a gap: 20 pairs fill the height, with half a gap at each
	// end.
	dash = client.FieldHeight / 20 / 2

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

// centreLine draws the dashes between two heights.
func (p *picture) centreLine(top, bottom float64) {
	for y := dash / 2; y+dash <= bottom; y += 2 * dash {
		if y < top {
			continue
		}
		p.box(middle-2, y, 4, dash, 0, colorLine)
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
	if f.Aside == "" {
		return
	}
	size := 14 * min(f.zoom, 1.3)
	y := hudTop(f) - asideGap
	if f.Frame.Stage == client.StageCountdown {
		y -= helpGap
	}
	for _, s := range slices.Backward(wrap(f.Aside, regular, size, client.FieldWidth-2*hudX, 2)) {
		w := measure(s, regular, size) + 2*size
		p.box(middle-w/2, y-0.75*size, w, 1.5*size, 0, colorField)
		p.print(middle, y, s, regular, size, center, colorAlert)
		y -= 1.5 * size
	}
}

// asideGap is the distance between that sentence and the HUD.
const asideGap = 22.0

// flashTime is how long the half of the scorer flashes after a point.
const flashTime = 700 * time.Millisecond

// glow returns the brightness of the flash: 1 at the point, then falling smoothly to 0.
func glow(f frame) float64 {
	if f.Frame.Stage != client.StageScored || f.Frame.Scorer < 0 || f.Frame.Scorer > 1 {
		return 0
	}
	left := 1 - min(float64(f.Age)/float64(flashTime), 1)
	return left * left
}

// flash brightens the half of the scorer.
func (p *picture) flash(f frame) {
	if g := glow(f); g > 0 {
		ink := faded(inkOf(&f.Frame, f.Frame.Scorer), 0.16*g)
		p.box(float64(f.Frame.Scorer)*middle, 0, middle, client.FieldHeight, 0, ink)
	}
}

// scores draws both scores. The one that has just changed is bright.
func (p *picture) scores(f frame) {
	for player, n := range f.Frame.Score {
		x := middle + (float64(player)*2-1)*middle/2
		ink := faded(colorInk, 0.75)
		if f.Frame.Stage == client.StageScored && player == f.Frame.Scorer {
			ink = inkOf(&f.Frame, player)
		}
		p.print(x, scoreY, fmt.Sprint(n), bold, 64, center, ink)
	}
}

// inkOf returns the colour of a player.
func inkOf(v *client.Frame, player int) tint {
	if front.Own(v, player) {
		return colorOwn
	}
	return colorInk
}

// paddles draws both paddles, with a mark behind the person's own and, before the game, the word "you" beside it.
func (p *picture) paddles(f frame) {
	v := &f.Frame
	for player, y := range v.Paddle {
		if v.Presence[player] == client.Absent && !front.Own(v, player) {
			continue
		}
		x := client.PaddleX(player)
		p.box(x, y, client.PaddleWidth, client.PaddleHeight, 2, inkOf(v, player))
		if !front.Own(v, player) {
			continue
		}
		at := y + client.PaddleHeight/2
		mark, word, a := x-15, x+client.PaddleWidth+12, left
		if player == 1 {
			mark, word, a = x+client.PaddleWidth+6, x-12, right
		}
		p.triangle(mark, at-7, 9, 14, player == 1, colorOwn)
		if f.beforePlay() {
			p.print(word, at, "you", bold, 18, a, colorOwn)
		}
	}
}

// ball draws the ball.
func (p *picture) ball(f frame) {
	if f.Frame.BallInPlay {
		p.box(f.Frame.Ball.X, f.Frame.Ball.Y, client.BallSize, client.BallSize, 2.5, colorInk)
	}
}

// serve draws an arrow from the middle, where the ball will be, in the direction of the next serve. In the countdown it
// begins at the disc of the number.
func (p *picture) serve(v *client.Frame) {
	from := client.BallSize
	if v.Stage == client.StageCountdown {
		from = countdownRadius + 8
	}
	const long = 44
	if by := v.Serve; by != (client.Point{}) {
		p.arrow(client.Point{X: middle + from*by.X, Y: client.FieldHeight/2 + from*by.Y},
			client.Point{X: long * by.X, Y: long * by.Y}, colorInk)
	}
}

// countdownRadius is that of the disc behind the number before a serve.
const countdownRadius = 74

// countdown draws the number before a serve, which fades within each second, on a disc.
func (p *picture) countdown(f frame) {
	y := client.FieldHeight / 2
	p.disc(middle, y, countdownRadius, colorField)
	p.ring(middle, y, countdownRadius, 3, colorLine)
	if f.Frame.Countdown > 0 {
		part := math.Mod(f.Age.Seconds(), 1)
		p.print(middle, y, fmt.Sprint(f.Frame.Countdown), bold, 96, center, faded(colorInk, 1-0.4*part))
	}
	p.caption(y-112, front.Aim(&f.Frame), 18)
}

// ring adds the outline of a circle.
func (p *picture) ring(x, y, radius, stroke float64, c tint) {
	p.edge(x-radius, y-radius, 2*radius, 2*radius, radius, stroke, c)
}

// scored draws the label of a point below the score.
func (p *picture) scored(f frame) {
	if s := f.Frame.Scorer; s == 0 || s == 1 {
		x := middle + (float64(s)*2-1)*middle/2
		text := shorten(front.Scored(&f.Frame), regular, 18, middle-20)
		p.print(x, scoreY+52, text, regular, 18, center, inkOf(&f.Frame, s))
	}
}
