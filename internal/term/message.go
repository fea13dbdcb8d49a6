//go:build !js

package term

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"pong/internal/client"
	"pong/internal/front"
)

// drawMessage writes what the stage has to say over the middle of the field.
func drawMessage(c *canvas, f field, v *client.Frame, want front.Want) {
	if v.Stage == client.StageCountdown && v.Countdown > 0 {
		scale := max(f.rows/12, 1)
		x := f.left + (f.cols-numberWidth(v.Countdown, scale))/2
		c.number(x, f.top+(f.rows-digitHeight(scale))/2, v.Countdown, scale, bold)
		if f.rows >= digitHeight(scale)+8 {
			f.lines(c, f.rows-3, []string{side(v) + ", " + aim(v)}, plain)
		}
		return
	}

	head, rest := message(v, want)
	if head == "" {
		return
	}
	lines := []string{head}
	for _, text := range rest {
		if text != "" {
			lines = append(lines, wrap(text, f.cols-4)...)
		}
	}
	lines = lines[:min(len(lines), f.rows)]
	top := (f.rows - len(lines)) / 2
	if v.Stage == client.StageScored { // above the place from where the next serve comes
		top = f.rows / 3
	}
	f.lines(c, top, lines[:1], alert)
	f.lines(c, top+1, lines[1:], plain)
}

// message is what a stage has to say: a headline, and sentences below it. While
// the ball is in play it says nothing. The Frame's own sentence knows more than
// the stage, where there is one.
func message(v *client.Frame, want front.Want) (head string, rest []string) {
	switch v.Stage {
	case client.StageWaiting:
		if waitsForFriend(v, want) {
			command, remark := front.Invite(want.Address, v.Room)
			return v.Room, []string{
				notice(v, "Waiting for whoever joins the room."), "Tell your friend this code, or the command that leads here (c: copy):", command, remark,
			}
		}
		return side(v) + ", " + aim(v), []string{notice(v, "Waiting for an opponent.")}
	case client.StageReady:
		return side(v) + ", " + aim(v), []string{notice(v, "Both players are here. The match starts when the server says so.")}
	case client.StageScored:
		if v.Scorer == 0 || v.Scorer == 1 {
			return "Point for " + who(v, v.Scorer), nil
		}
	case client.StagePaused:
		return "Paused", []string{notice(v, who(v, away(v))+" is away.")}
	case client.StageOver:
		return fmt.Sprintf("%d : %d", v.Score[0], v.Score[1]), []string{result(v), front.Notice(v), keysWhenOver(v)}
	case client.StageLost:
		return "The server is away", []string{notice(v, "The match goes on when it is heard again."), "Esc: leave   q: quit"}
	case client.StageClosed:
		return "The session has ended", []string{front.Notice(v), keysWhenClosed(v)}
	}
	return "", nil
}

// waitsForFriend reports whether whom one waits for must be told the code of the
// room.
func waitsForFriend(v *client.Frame, want front.Want) bool {
	return v.Stage == client.StageWaiting && !v.Watching && v.Room != "" && want.Kind != front.Practice &&
		v.Presence[1-v.Me&1] == client.Absent
}

// notice is the Frame's own sentence, or this one if it has none.
func notice(v *client.Frame, or string) string {
	if s := front.Notice(v); s != "" {
		return s
	}
	return or
}

// who is a player's name in a sentence.
func who(v *client.Frame, player int) string {
	switch {
	case own(v, player):
		return "you"
	case v.Names[player] == "":
		return "your opponent"
	}
	return v.Names[player]
}

// side says where the person plays.
func side(v *client.Frame) string {
	switch {
	case v.Watching:
		return "You look on"
	case v.Me == 0:
		return "You play on the left"
	}
	return "You play on the right"
}

// aim says what wins.
func aim(v *client.Frame) string {
	if v.Points == 0 {
		return "without end"
	}
	return fmt.Sprintf("first to %d", v.Points)
}

// result says who has won.
func result(v *client.Frame) string {
	switch w := v.Winner; {
	case w != 0 && w != 1:
	case v.Watching:
		return who(v, w) + " wins."
	case w == v.Me:
		return "You win!"
	default:
		return "You lose."
	}
	return "The match is over."
}

func keysWhenOver(v *client.Frame) string {
	switch {
	case v.Watching:
		return "Enter: watch another   Esc: menu   q: quit"
	case v.Rematch[v.Me&1]:
		return "Esc: menu   q: quit"
	}
	return "r: play again   Esc: menu   q: quit"
}

func keysWhenClosed(v *client.Frame) string {
	if v.Watching {
		return keysWhenOver(v)
	}
	return "r: join again   Esc: menu   q: quit"
}

// away is the player who is not there: not oneself.
func away(v *client.Frame) int {
	for player, is := range v.Presence {
		if is == client.Silent && !own(v, player) {
			return player
		}
	}
	return 1 - v.Me&1
}

// lines writes lines in the middle of the field, from a row of it on, on ground
// of their own.
func (f field) lines(c *canvas, row int, lines []string, s style) {
	for i, line := range lines {
		line = " " + line + " "
		width := min(columns(line), f.cols)
		c.text(f.left+(f.cols-width)/2, f.top+row+i, width, line, s)
	}
}

// wrap breaks a text into lines of at most width cells, at blanks where it can.
func wrap(text string, width int) []string {
	return strings.Split(lipgloss.Wrap(text, width, ""), "\n")
}
