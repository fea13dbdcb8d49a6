package front

import (
	"fmt"

	"pong/internal/client"
)

// Own reports whether a player is the person at this screen. A watcher is neither player.
func Own(v *client.Frame, player int) bool { return !v.Watching && player == v.Me }

// NameOf returns the name of a player for a sentence, or one for a player without a name.
func NameOf(v *client.Frame, player int) string {
	if v.Names[player] != "" {
		return isolated(v.Names[player])
	}
	return fmt.Sprintf("Player %d", player+1)
}

// Label returns the label of a player's half of the field: the name, and a note about the player, which may be empty.
func Label(v *client.Frame, player int) (name, note string) {
	name = NameOf(v, player)
	if Own(v, player) {
		return name, "you"
	}
	switch v.Presence[player] {
	case client.Absent:
		return "no one yet", ""
	case client.Joined:
		return name, "joining"
	case client.Hidden:
		return name, "window hidden"
	case client.Silent:
		return name, "not responding"
	case client.Left:
		return name, "left"
	}
	return name, ""
}

// MatchName returns the code of the match's room if there is one, and else its name at the server.
func MatchName(v *client.Frame) string {
	if v.Room != "" {
		return v.Room
	}
	return v.Match
}

// Scored returns the label of the pause after a point.
func Scored(v *client.Frame) string {
	switch s := v.Scorer; {
	case s != 0 && s != 1:
		return "Point"
	case Own(v, s):
		return "Your point"
	default:
		return "Point for " + NameOf(v, s)
	}
}

// Result returns the names and the score in one line.
func Result(v *client.Frame) string {
	return fmt.Sprintf("%s %d : %d %s", NameOf(v, 0), v.Score[0], v.Score[1], NameOf(v, 1))
}

// Aim returns a line about the side on which the person plays and the points to win.
func Aim(v *client.Frame) string {
	side := "You play on the right"
	switch {
	case v.Watching:
		side = "You are watching"
	case v.Me == 0:
		side = "You play on the left"
	}
	if v.Points == 0 {
		return side + ", without end"
	}
	return fmt.Sprintf("%s, first to %d", side, v.Points)
}
