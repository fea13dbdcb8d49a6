//go:build !js

package term

import (
	"fmt"

	"pong/internal/client"
	"pong/internal/front"
)

// The least size of a terminal that has room for all of the picture.
const (
	leastWidth  = 48
	leastHeight = 14
)

// Lines around the field: the walls (the upper one carries the names), and below
// them the help and the HUD.
const (
	linesAbove = 1
	linesBelow = 3
)

// look is what a frame depends on besides the Frame.
type look struct {
	steering steering
	view     client.View
	colour   bool
	leaving  bool       // the person is asked whether to leave
	want     front.Want // what was dialled
}

// render draws one frame of a match for a terminal of that size. It keeps
// nothing but the memory of the canvas: the same arguments give the same text.
func render(c *canvas, v *client.Frame, width, height int, l look) string {
	c.reset(width, height)
	if width < leastWidth || height < leastHeight {
		drawTooSmall(c)
		return c.render(l.colour)
	}

	f := fit(width, height, linesAbove, linesBelow)
	f.walls(c)
	drawNames(c, f, v)
	drawScore(c, f, v)
	if v.BallInPlay {
		f.ball(c, v.Ball, bold)
	}
	for player := range 2 {
		f.paddle(c, player, v.Paddle[player], whose(v, player))
	}
	drawWatching(c, f, v)
	drawMessage(c, f, v, l.want)
	drawFoot(c, v, l)
	return c.render(l.colour)
}

// own reports whether a player is the person at this screen.
func own(v *client.Frame, player int) bool { return !v.Watching && player == v.Me }

// whose is the style of what belongs to a player.
func whose(v *client.Frame, player int) style {
	if own(v, player) {
		return mine
	}
	return theirs
}

// drawTooSmall says how large the terminal should be. The match goes on.
func drawTooSmall(c *canvas) {
	lines := []string{
		"Terminal too small",
		fmt.Sprintf("it is %d x %d", c.width, c.height),
		fmt.Sprintf("needs %d x %d", leastWidth, leastHeight),
		"the match goes on",
	}
	top := max((c.height-len(lines))/2, 0)
	for i, line := range lines {
		c.text(max((c.width-len(line))/2, 0), top+i, c.width, line, plain)
	}
}

// drawNames writes who plays, on the upper wall.
func drawNames(c *canvas, f field, v *client.Frame) {
	room := (f.cols - len(" 10 : 10 ")) / 2
	for player := range 2 {
		label := []rune(" " + label(v, player) + " ")
		for columns(string(label)) > room {
			label = append(label[:len(label)-2], ' ')
		}
		x := f.left + 1
		if player == 1 {
			x = f.left + f.cols - 1 - columns(string(label))
		}
		c.text(x, f.top-1, room, string(label), whose(v, player))
	}
}

// drawWatching marks a match that one only looks on at, with its name, on the
// lower wall.
func drawWatching(c *canvas, f field, v *client.Frame) {
	if !v.Watching {
		return
	}
	called := v.Match
	if v.Room != "" {
		called = v.Room
	}
	text := " WATCHING " + called + " "
	if called == "" {
		text = " WATCHING "
	}
	c.text(f.left+(f.cols-min(columns(text), f.cols))/2, f.top+f.rows, f.cols, text, alert)
}

// label is a player's name with what should be known about them.
func label(v *client.Frame, player int) string {
	name := v.Names[player]
	if name == "" {
		name = fmt.Sprintf("Player %d", player+1)
	}
	if own(v, player) {
		return name + " (you)"
	}
	switch v.Presence[player] {
	case client.Absent:
		return "nobody yet"
	case client.Joined:
		return name + " (joining)"
	case client.Silent:
		return name + " (silent)"
	case client.Left:
		return name + " (gone)"
	}
	return name
}

// drawScore draws both scores: as figures in the field where it has room for
// them, else on the upper wall. The one that has just grown blinks, in time with
// the match.
func drawScore(c *canvas, f field, v *client.Frame) {
	const roomy = 14
	if f.rows < roomy {
		text := fmt.Sprintf(" %d : %d ", v.Score[0], v.Score[1])
		c.text(f.left+(f.cols-len(text))/2, f.top-1, f.cols, text, bold)
		return
	}
	scale := max(f.rows/24, 1)
	for player, score := range v.Score {
		s := faint
		if v.Stage == client.StageScored && v.Scorer == player {
			if v.Tick/8%2 == 1 {
				continue
			}
			s = alert
		}
		middle := f.left + f.cols*(1+2*player)/4
		c.number(middle-numberWidth(score, scale)/2, f.top+1, score, scale, s)
	}
}

// drawFoot writes the two lines at the bottom: what the keys do, or what the
// person should know now, and in the corner the numbers of the link.
func drawFoot(c *canvas, v *client.Frame, l look) {
	help, s := keysInPlay(v, l), faint
	switch {
	case l.leaving:
		help, s = "Leave the match?  y: yes   Enter: no (default)", alert
	case front.Notice(v) != "" && unhindered(v.Stage):
		help, s = front.Notice(v), alert
	}
	if columns(help) > c.width && s == faint {
		help = l.steering.help()
	}
	c.text(0, c.height-2, c.width, help, s)
	c.text(0, c.height-1, c.width, hud(v, l.view, c.width), faint)
}

// keysInPlay says what the keys do.
func keysInPlay(v *client.Frame, l look) string {
	if v.Watching {
		return "Esc: menu   q: quit"
	}
	return l.steering.help() + "   v: view   Esc: menu   q: quit"
}

// unhindered reports whether the stage leaves the field clear of messages.
func unhindered(s client.Stage) bool {
	return s == client.StagePlaying || s == client.StageCountdown || s == client.StageScored
}

// hud is the state of the link in a line, in as many words as there is room for.
// Before the first round trip there is nothing to say. Who looks on has no paddle to
// predict or correct.
func hud(v *client.Frame, view client.View, width int) string {
	l := &v.Figures
	if v.Watching && l.Samples > 0 {
		return fmt.Sprintf("latency %.1f ms  jitter %.1f ms  loss %.1f/%.1f%%", l.Latency, l.Jitter, l.LossUp*100, l.LossDown*100)
	}
	if l.Samples == 0 {
		return "latency -  jitter -  loss -  lead -  " + view.String()
	}
	forms := []string{
		"latency %.1f ms  jitter %.1f ms  loss %.1f%% up %.1f%% down  lead %.1f ticks  corrections %.0f/min  %s",
		"latency %.1f ms  jitter %.1f ms  loss %.1f/%.1f%%  lead %.1f  fix %.0f/min  %s",
		"%.0fms ±%.1f loss %.0f/%.0f%% lead %.0f fix %.0f/min %s",
	}
	line := ""
	for _, form := range forms {
		line = fmt.Sprintf(form, l.Latency, l.Jitter, l.LossUp*100, l.LossDown*100, l.Lead, l.CorrectionsPerMin, view.String())
		if columns(line) <= width {
			break
		}
	}
	return line
}
