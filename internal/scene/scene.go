// Package scene draws the field of a match with a Painter, so that the window and the page show the same picture: the
// lines, the paddles, the ball, the scores and what appears between points. Texts that need measuring, menus and
// figures are left to the front ends.
//
// Lengths are pixels of the 800 x 600 field, with the origin in the upper left corner.
package scene

import (
	"fmt"
	"image/color"
	"math"
	"time"

	"pong/internal/client"
	"pong/internal/front"
)

// A Tint is a colour with an opacity.
type Tint = color.NRGBA

// The colours. None carries a meaning alone: every coloured mark also has a shape or a word.
var (
	Field = Opaque(0x121720)
	Line  = Opaque(0x323d4d)
	Ink   = Opaque(0xe9eef5)
	Own   = Opaque(0xffc857)
)

// Opaque returns the colour 0xrrggbb.
func Opaque(rgb uint32) Tint {
	return Tint{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
}

// Faded returns a colour with a share of its opacity.
func Faded(c Tint, share float64) Tint {
	c.A = uint8(float64(c.A)*min(max(share, 0), 1) + 0.5)
	return c
}

// An Align is the side of a text at which its x is.
type Align uint8

// The sides.
const (
	Left Align = iota
	Center
	Right
)

// A Painter draws shapes, each over those before.
type Painter interface {
	// Box draws a filled box with round corners or, with a stroke, its edge, inside of it.
	Box(x, y, w, h, round, stroke float64, c Tint)

	// Triangle draws a triangle that fills a box and points to the right, or to the left if it is flipped.
	Triangle(x, y, w, h float64, flipped bool, c Tint)

	// Arrow draws an arrow from a place by a vector.
	Arrow(from, by client.Point, c Tint)

	// Text draws a line of bold text. y is its middle.
	Text(x, y float64, s string, size float64, a Align, c Tint)
}

// The places on the field.
const (
	middle = client.FieldWidth / 2

	// dash is the length of a dash of the centre line and of a gap: 20 pairs fill the height, with half a gap at each
	// end.
	dash = client.FieldHeight / 20 / 2

	scoreY = 82.0

	// countdownRadius is that of the disc behind the number before a serve.
	countdownRadius = 74.0
)

// Back draws what lies behind the texts of a front end: the half of the scorer, the centre line between two heights,
// and the scores. The age is the time since the stage of the match changed.
func Back(p Painter, v *client.Frame, age time.Duration, top, bottom float64) {
	flash(p, v, age)
	centreLine(p, top, bottom)
	scores(p, v)
}

// Front draws what lies over the texts: the countdown if it is not covered, the paddles, the ball, and the arrow of the
// next serve.
func Front(p Painter, v *client.Frame, age time.Duration, covered bool) {
	if v.Stage == client.StageCountdown && !covered {
		countdown(p, v, age)
	}
	paddles(p, v)
	ball(p, v)
	serve(p, v)
}

// BeforePlay reports whether the game has not begun yet.
func BeforePlay(v *client.Frame) bool {
	switch v.Stage {
	case client.StageWaiting, client.StageReady, client.StageCountdown:
		return true
	}
	return false
}

// centreLine draws the dashes between two heights.
func centreLine(p Painter, top, bottom float64) {
	for y := dash / 2; y+dash <= bottom; y += 2 * dash {
		if y >= top {
			p.Box(middle-2, y, 4, dash, 0, 0, Line)
		}
	}
}

// InkOf returns the colour of a player.
func InkOf(v *client.Frame, player int) Tint {
	if front.Own(v, player) {
		return Own
	}
	return Ink
}

// flashTime is how long the half of the scorer flashes after a point.
const flashTime = 700 * time.Millisecond

// glow returns the brightness of the flash at a time after the point: 1 at first, then falling smoothly to 0.
func glow(v *client.Frame, age time.Duration) float64 {
	if v.Stage != client.StageScored || v.Scorer < 0 || v.Scorer > 1 {
		return 0
	}
	left := 1 - min(float64(age)/float64(flashTime), 1)
	return left * left
}

// flash brightens the half of the scorer.
func flash(p Painter, v *client.Frame, age time.Duration) {
	if g := glow(v, age); g > 0 {
		p.Box(float64(v.Scorer)*middle, 0, middle, client.FieldHeight, 0, 0, Faded(InkOf(v, v.Scorer), 0.16*g))
	}
}

// scores draws both scores. The one that has just changed is bright.
func scores(p Painter, v *client.Frame) {
	for player, n := range v.Score {
		ink := Faded(Ink, 0.75)
		if v.Stage == client.StageScored && player == v.Scorer {
			ink = InkOf(v, player)
		}
		p.Text(half(player), scoreY, fmt.Sprint(n), 64, Center, ink)
	}
}

// half returns the middle of a player's half.
func half(player int) float64 { return middle + (float64(player)*2-1)*middle/2 }

// paddles draws both paddles, with a mark behind the person's own and, before the game, the word "you" beside it.
func paddles(p Painter, v *client.Frame) {
	for player, y := range v.Paddle {
		if v.Presence[player] == client.Absent && !front.Own(v, player) {
			continue
		}
		x := client.PaddleX(player)
		p.Box(x, y, client.PaddleWidth, client.PaddleHeight, 2, 0, InkOf(v, player))
		if !front.Own(v, player) {
			continue
		}
		at := y + client.PaddleHeight/2
		mark, word, a := x-15, x+client.PaddleWidth+12, Left
		if player == 1 {
			mark, word, a = x+client.PaddleWidth+6, x-12, Right
		}
		p.Triangle(mark, at-7, 9, 14, player == 1, Own)
		if BeforePlay(v) {
			p.Text(word, at, "you", 18, a, Own)
		}
	}
}

// ball draws the ball.
func ball(p Painter, v *client.Frame) {
	if v.BallInPlay {
		p.Box(v.Ball.X, v.Ball.Y, client.BallSize, client.BallSize, 2.5, 0, Ink)
	}
}

// serve draws an arrow from the middle, where the ball will be, in the direction of the next serve. In the countdown it
// begins at the disc of the number.
func serve(p Painter, v *client.Frame) {
	from := client.BallSize
	if v.Stage == client.StageCountdown {
		from = countdownRadius + 8
	}
	const long = 44
	if by := v.Serve; by != (client.Point{}) {
		p.Arrow(client.Point{X: middle + from*by.X, Y: client.FieldHeight/2 + from*by.Y},
			client.Point{X: long * by.X, Y: long * by.Y}, Ink)
	}
}

// countdown draws the number before a serve, which fades within each second, on a disc.
func countdown(p Painter, v *client.Frame, age time.Duration) {
	const y, r = client.FieldHeight / 2, countdownRadius
	p.Box(middle-r, y-r, 2*r, 2*r, r, 0, Field)
	p.Box(middle-r, y-r, 2*r, 2*r, r, 3, Line)
	if v.Countdown > 0 {
		part := math.Mod(age.Seconds(), 1)
		p.Text(middle, y, fmt.Sprint(v.Countdown), 96, Center, Faded(Ink, 1-0.4*part))
	}
}
