package front

import (
	"fmt"

	"pong/internal/client"
	"pong/internal/names"
)

// Own reports whether a player is the person at this screen. A watcher is neither player.
func Own(v *client.Frame, player int) bool { return !v.Watching && player == v.Me }

// NameOf returns what a player is called in a sentence, or a name for a player without one.
func NameOf(v *client.Frame, player int) string {
	if v.Names[player] != "" {
		return called(v.Names, player)
	}
	return fmt.Sprintf("Player %d", player+1)
}

// Label returns the label of a player's half of the field: the name, and a note about the player, which may be empty.
func Label(v *client.Frame, player int) (name, note string) {
	if v.Presence[player] == client.Absent && !Own(v, player) {
		return "no one yet", ""
	}
	name, note = both(v)[player], noteOn(v, player)
	switch mixed := names.Mixed(name); {
	case mixed && note == "":
		note = mixedLetters
	case mixed:
		note += ", " + mixedLetters
	}
	return isolated(name), note
}

// noteOn returns the note about a player.
func noteOn(v *client.Frame, player int) string {
	if Own(v, player) {
		return "you"
	}
	switch v.Presence[player] {
	case client.Joined:
		return "joining"
	case client.Hidden:
		return "window hidden"
	case client.Silent:
		return "not responding"
	case client.Left:
		return "left"
	}
	return ""
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
func Result(v *client.Frame) string { return Score(both(v), v.Score) }

// both returns the names of both players, and others for those without one.
func both(v *client.Frame) (two [2]string) {
	for player := range two {
		if two[player] = v.Names[player]; two[player] == "" {
			two[player] = NameOf(v, player)
		}
	}
	return two
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
