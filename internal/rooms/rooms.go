// Package rooms has the rules for room codes, by which two players find each other. A code is a bearer secret: whoever
// knows it can take the second seat of its room, and watch. So New makes codes that cannot be guessed and can still be
// said aloud.
//
//	code := rooms.New()                      // "maple-river-otter-cloud"
//	typed := rooms.Clean("Maple River ...")  // what a person typed, as a code
//	err := rooms.Check(typed)
package rooms

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MaxLen is the most characters that a room code may have.
const MaxLen = 32

// Check returns an error if a room code is not valid: it must have the form that Clean returns, and 1 to
// MaxLen characters. Such a code can be read out over a telephone, and codes that look alike to people are equal.
func Check(room string) error {
	switch {
	case room == "" || len(room) > MaxLen:
		return fmt.Errorf("a room code has 1 to %d letters, digits and hyphens, such as maple-42", MaxLen)
	case Clean(room) != room:
		return errors.New("a room code has letters a-z and digits, with single hyphens between them, such as maple-42")
	}
	return nil
}

// Clean makes a room code of a text that a person typed: letters a-z and digits, in lower case, and one hyphen for
// any other characters between them. The result is empty if the text has no letter and no digit, and it may be too
// long.
func Clean(typed string) string {
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

// NewWords is how many words a new code has. Each stands for 10 random bits.
const NewWords = 4

// New returns a code of four words, which stand for 40 random bits.
func New() string {
	var bits [8]byte
	_, _ = rand.Read(bits[:]) // never fails: see crypto/rand
	return ofBits(binary.BigEndian.Uint64(bits[:]))
}

// ofBits returns the code for the low 40 bits of a number.
func ofBits(bits uint64) string {
	code := make([]string, NewWords)
	for i := range code {
		code[i] = words[bits%uint64(len(words))]
		bits /= uint64(len(words))
	}
	return strings.Join(code, "-")
}

// Made reports whether a code has the form of one that New has made.
func Made(code string) bool {
	parts := strings.Split(code, "-")
	if len(parts) != NewWords {
		return false
	}
	for _, part := range parts {
		if _, found := slices.BinarySearch(words, part); !found {
			return false
		}
	}
	return true
}

// shortest is the least length of a code that a person has made up and that is not called guessable. It is as long as
// the shortest code of New.
const shortest = 15

// Guessable reports whether strangers could find a code by trying codes that people make up.
func Guessable(code string) bool { return code != "" && len(code) < shortest && !Made(code) }
