package front

import (
	"fmt"

	"pong/internal/names"
)

// Side returns the place of a player on the field.
func Side(player int) string { return [2]string{"left", "right"}[player] }

// mixedLetters is the note beside a name some letters of which are not what they seem to be (see names.Mixed).
const mixedLetters = "mixed letters"

// Marked returns a name, with a note if it is mixed.
func Marked(name string) string {
	if names.Mixed(name) {
		return isolated(name) + " (" + mixedLetters + ")"
	}
	return isolated(name)
}

// called returns what a player is called where the place of the name does not show who it is: the marked name, and the
// player's side if the names can be mistaken for each other.
func called(two [2]string, player int) string {
	name := Marked(two[player])
	if two[0] != "" && two[1] != "" && names.Alike(two[0], two[1]) {
		name += " (" + Side(player) + ")"
	}
	return name
}

// Score returns both names and the score in one line. The sides of the players are added if a name is written from
// right to left: otherwise a terminal that reorders text would exchange the names, or turn around the digits.
func Score(two [2]string, score [2]int) string {
	left, right := Marked(two[0]), Marked(two[1])
	if names.RightToLeft(two[0]) || names.RightToLeft(two[1]) {
		left, right = left+" ("+Side(0)+")", right+" ("+Side(1)+")"
	}
	return fmt.Sprintf("%s %d : %d %s", left, score[0], score[1], right)
}
