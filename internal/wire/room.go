package wire

import (
	"fmt"
	"strings"
)

// MaxRoom is the most characters that a room code may have.
const MaxRoom = 32

// CheckRoom says why a room code cannot be used, if it cannot: it must be of 1 to MaxRoom characters, all of them a-z,
// 0-9 or -, so that it can be told over a telephone and looks like no other.
func CheckRoom(room string) error {
	if room == "" || len(room) > MaxRoom {
		return fmt.Errorf("a room code has 1 to %d characters, such as maple-42", MaxRoom)
	}
	for _, r := range room {
		if notInKey(r) && r != '-' || r == '_' {
			return fmt.Errorf("the room code holds %q; only a-z, 0-9 and - can be in it, such as in maple-42", r)
		}
	}
	return nil
}

// CleanRoom makes a room code of what a person typed: upper and lower case and spaces around make no difference.
func CleanRoom(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }
