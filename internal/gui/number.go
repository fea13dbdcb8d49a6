//go:build !nogui

package gui

import (
	"fmt"
	"unicode/utf8"
)

// A number is the number of a character in hexadecimal digits, in two rows. It is drawn in a frame in the place of a
// character that no font has, so that two such names can be told apart.
type number struct{ upper, lower string }

// The measures of such a frame, for a text of size 1.
const (
	numberSize   = 0.44 // of the digits
	numberDigit  = 0.6 * numberSize
	numberPad    = 0.1 // between the digits and the frame
	numberGap    = 0.06
	numberHeight = 1.08
	numberStroke = 0.05
)

// numberOf returns the number of the first character of a cluster.
func numberOf(cluster string) number {
	r, _ := utf8.DecodeRuneInString(cluster)
	digits := fmt.Sprintf("%04X", r)
	if len(digits) == 5 {
		digits = "0" + digits
	}
	half := len(digits) / 2
	return number{digits[:half], digits[half:]}
}

// width returns the width of the frame and its gaps.
func (n number) width() float64 { return float64(len(n.upper))*numberDigit + 2*numberPad + 2*numberGap }
