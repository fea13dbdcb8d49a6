package wire

import (
	"errors"
	"fmt"
	"strings"
)

// MaxRoom is the most characters that a room code may have.
const MaxRoom = 32

// CheckRoom returns an error if a room code is not valid: it must have the form that CleanRoom returns, and 1 to
// MaxRoom characters. Such a code can be read out over a telephone, and codes that look alike to people are equal.
func CheckRoom(room string) error {
	switch {
	case room == "" || len(room) > MaxRoom:
		return fmt.Errorf("a room code has 1 to %d letters, digits and hyphens, such as maple-42", MaxRoom)
	case CleanRoom(room) != room:
		return errors.New("a room code has letters a-z and digits, with single hyphens between them, such as maple-42")
	}
	return nil
}

// CleanRoom makes a room code of a text that a person typed: letters a-z and digits, in lower case, and one hyphen for
// any other characters between them. The result is empty if the text has no letter and no digit, and it may be too
// long.
func CleanRoom(typed string) string {
	var code strings.Builder
	gap := false
	for _, r := range strings.ToLower(typed) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			gap = true
			continue
		}
		if gap && code.Len() > 0 {
			code.WriteByte('-')
		}
		gap = false
		code.WriteRune(r)
	}
	return code.String()
}
