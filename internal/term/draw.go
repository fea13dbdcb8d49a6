//go:build !js

package term

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/names"
)

// The smallest terminal in which a match is drawn.
const (
	leastWidth  = 48
	leastHeight = 14
)

// The lines around the field: the walls, of which the upper one has the names, and below them the keys and the HUD.
const (
	linesAbove = 1
	linesBelow = 3
)

// A look is what a picture depends on besides the Screen.
type look struct {
	steering steering
	palette  palette
}

// render draws a screen for a terminal of a size. It reuses the memory of the canvas and nothing else: the same
// arguments give the same text.
func render(c *canvas, s *front.Screen, width, height int, l look) string {
	c.reset(width, height)
	if c.ascii = l.palette.ascii; c.ascii {
		s = asciiScreen(s)
	}
	switch {
	case !s.Match:
		renderPage(c, s)
	case width < leastWidth || height < leastHeight:
		drawTooSmall(c)
	default:
		drawMatch(c, s, l)
	}
	return c.render(l.palette)
}

// drawMatch draws a match.
func drawMatch(c *canvas, s *front.Screen, l look) {
	v := &s.Frame
	has := sidesOf(s, c.width)
	left, all := has.columns()
	room := c.width - all
	if s.Lab.Beside != nil && room >= 2*leastBeside {
		room /= 2
		drawBeside(c, s, left+room, room)
	} else if s.Lab.Beside != nil {
		has.missing = true
	}
	f := fit(room, c.height, linesAbove, linesBelow)
	f.left += left
	f.walls(c)
	drawGhost(c, f, s.Lab.Ghost)
	drawNames(c, f, v)
	drawScore(c, f, v)
	if v.BallInPlay {
		f.ball(c, v.Ball, bold)
	}
	for player := range 2 {
		if v.Presence[player] != client.Absent || front.Own(v, player) {
			f.paddle(c, player, v.Paddle[player], whose(v, player))
		}
	}
	drawWatching(c, f, s)
	switch {
	case s.Card.Kind != front.NoCard:
		f.drawCard(c, s)
	case v.Stage == client.StageCountdown && v.Countdown > 0:
		drawCountdown(c, f, v)
	case v.Stage == client.StageScored: // above the place of the next serve
		f.centred(c, f.top+f.rows/3, c.spelled(front.Scored(v)), bold)
	}
	drawServe(c, f, v)
	drawColumns(c, s, has)
	drawFoot(c, s, l, has)
}

// leastBeside is how many columns two fields beside each other have at least. In a narrower terminal there is one.
const leastBeside = 32

// drawBeside draws the same match in another way, from a column on.
func drawBeside(c *canvas, s *front.Screen, left, wide int) {
	v := &s.Lab.Beside.Frame
	f := fit(wide, c.height, linesAbove, linesBelow)
	f.left += left
	f.walls(c)
	drawScore(c, f, v)
	if v.BallInPlay {
		f.ball(c, v.Ball, bold)
	}
	for player := range 2 {
		if v.Presence[player] != client.Absent || front.Own(v, player) {
			f.paddle(c, player, v.Paddle[player], whose(v, player))
		}
	}
	label := shorten(" "+s.Lab.Beside.Label+" ", f.cols)
	c.text(f.left+(f.cols-columns(label))/2, f.top+f.rows, f.cols, label, mine)
}

// drawServe draws an arrow from the middle, where the ball will be, in the direction of the next serve. In the
// countdown it begins beside the number.
func drawServe(c *canvas, f field, v *client.Frame) {
	if v.Serve == (client.Point{}) {
		return
	}
	from := 2 * client.BallSize
	if v.Stage == client.StageCountdown {
		from += float64(numberWidth(v.Countdown, max(f.rows/12, 1))) / 2 * client.FieldWidth / float64(f.cols)
	}
	f.arrow(c, v.Serve, from, from+100)
}

// whose returns the style of a player.
func whose(v *client.Frame, player int) style {
	if front.Own(v, player) {
		return mine
	}
	return plain
}

// drawCountdown draws the number before a serve, and the line about the match.
func drawCountdown(c *canvas, f field, v *client.Frame) {
	scale := max(f.rows/12, 1)
	x := f.left + (f.cols-numberWidth(v.Countdown, scale))/2
	c.number(x, f.top+(f.rows-digitHeight(scale))/2, v.Countdown, scale, bold)
	if f.rows >= digitHeight(scale)+8 {
		f.centred(c, f.top+f.rows-3, front.Aim(v), plain)
	}
}

// drawTooSmall tells the person to enlarge the terminal. The match continues.
func drawTooSmall(c *canvas) {
	lines := []string{
		"Terminal too small",
		fmt.Sprintf("it is %d x %d", c.width, c.height),
		fmt.Sprintf("needs %d x %d", leastWidth, leastHeight),
		"the match continues",
	}
	top := max((c.height-len(lines))/2, 0)
	for i, line := range lines {
		c.text(max((c.width-len(line))/2, 0), top+i, c.width, line, plain)
	}
}

// drawNames writes the names of the players on the upper wall. A name that is written from right to left has a note in
// any case: otherwise a terminal that reorders text would exchange two such names, and turn around the score between
// them.
func drawNames(c *canvas, f field, v *client.Frame) {
	space := (f.cols-len(" 10 : 10 "))/2 - 2
	for player := range 2 {
		name, note := front.Label(v, player)
		if note == "" && names.RightToLeft(name) {
			note = front.Side(player)
		}
		if note != "" {
			note = " (" + note + ")"
		}
		label := " " + shorten(c.spelled(name), space-columns(note)) + note + " "
		x := f.left + 1
		if player == 1 {
			x = f.left + f.cols - 1 - columns(label)
		}
		c.text(x, f.top-1, space+2, label, whose(v, player))
	}
}

// drawWatching marks a match that the person watches, and names it, on the lower wall.
func drawWatching(c *canvas, f field, s *front.Screen) {
	v, text := &s.Frame, " WATCHING "
	switch name := front.MatchName(v); {
	case !v.Watching:
		return
	case s.Track != nil:
		text = " REPLAY "
	case name != "":
		text += name + " "
	}
	c.text(f.left+(f.cols-min(columns(text), f.cols))/2, f.top+f.rows, f.cols, text, mine)
}

// drawScore draws both scores: in large digits if the field is high enough, and otherwise on the upper wall. A digit
// that has just changed blinks with the ticks of the match.
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

// drawFoot writes the two lines at the bottom: the keys, or a sentence instead, and the HUD.
func drawFoot(c *canvas, s *front.Screen, l look, has sides) {
	if s.Track != nil {
		drawTrack(c, s.Track)
		return
	}
	help, style := keysInPlay(s, l), faint
	if s.Aside != "" {
		help, style = s.Aside, alert
	} else if note := labNote(s, has); note != "" {
		for i, line := range strings.SplitN(ansi.Wordwrap(note, max(c.width, 1), ""), "\n", 2) {
			c.text(0, c.height-2+i, c.width, line, mine)
		}
		return
	}
	if columns(help) > c.width && style == faint {
		help = l.steering.help()
	}
	c.text(0, c.height-2, c.width, help, style)
	c.text(0, c.height-1, c.width, hud(s, c.width), faint)
}

// labNote returns what the person is told about the network, in the place of the keys: a change, a graph that is
// explained, or why there is no column.
func labNote(s *front.Screen, has sides) string {
	switch n := s.Lab.Explained; {
	case s.Lab.Note != "":
		return s.Lab.Note
	case n > 0 && n <= len(s.Lab.Graphs):
		return s.Lab.Graphs[n-1].About
	case has.missing && has.right:
		return fmt.Sprintf("There is no room for another column: close the lab panel (l), or use a terminal of %d "+
			"columns.", leastWidth+2*columnWide)
	case has.missing:
		return fmt.Sprintf("There is no room beside the field: use a terminal of at least %d columns.",
			leastWidth+columnWide)
	}
	return ""
}

// drawGhost draws where the newest STATE has things, in faint shades, and how old it is on the lower wall.
func drawGhost(c *canvas, f field, g *front.Ghost) {
	if g == nil {
		return
	}
	perCol, perRow := float64(f.cols)/client.FieldWidth, float64(f.rows)/client.FieldHeight
	for player, y := range g.Paddle {
		x := f.left + min(max(round(client.PaddleX(player)*perCol), 0), f.cols-1)
		for row := int(y * perRow); row < int((y+client.PaddleHeight)*perRow); row++ {
			if row >= 0 && row < f.rows {
				c.set(x, f.top+row, '░', faint)
			}
		}
	}
	if g.BallInPlay {
		x, y := int((g.Ball.X+client.BallSize/2)*perCol), int((g.Ball.Y+client.BallSize/2)*perRow)
		if x >= 0 && x < f.cols && y >= 0 && y < f.rows {
			c.set(f.left+x, f.top+y, '░', faint)
		}
	}
	c.text(f.left+1, f.top+f.rows, f.cols, " "+front.GhostLabel(g)+" ", faint)
}

// keysInPlay returns a line about the keys that the card does not name.
func keysInPlay(s *front.Screen, l look) string {
	keys := "Esc: leave  q: quit"
	if s.PanelTakes() {
		return "W/S: move  ↑↓: choose  ←→: change  1-7: switch  l: close  F1: help  Esc: leave"
	}
	if s.Card.Kind != front.NoCard {
		keys = ""
	}
	if s.Frame.Watching {
		return keys
	}
	return strings.TrimRight(l.steering.help()+"  l: lab  F1: help  "+keys, " ")
}

// hud returns as many figures as fit into a line.
func hud(s *front.Screen, width int) string {
	line := ""
	for _, g := range append(front.Figures(&s.Frame), front.Figure{Short: "view", Value: s.View.String()}) {
		longer := line + g.Short + " " + g.Value
		if columns(longer) > width {
			break
		}
		line = longer + "  "
	}
	return strings.TrimRight(line, " ")
}
