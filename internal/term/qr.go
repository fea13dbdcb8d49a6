//go:build !js

package term

import "pong/internal/front"

// qrLines returns the QR code of a card in half blocks, two rows of modules to a line, or nothing if it has none or is
// wider than the card. Light modules are blocks, so the code is right on a dark terminal and inverted on a light one,
// which most phones read, too.
func qrLines(c *front.Card, measure int) (lines []cardLine) {
	if len(c.QR) > measure {
		return nil
	}
	for y := 0; y < len(c.QR); y += 2 {
		text := make([]rune, len(c.QR))
		for x := range text {
			upper, lower := !c.QR[y][x], y+1 < len(c.QR) && !c.QR[y+1][x]
			switch {
			case upper && lower:
				text[x] = '█'
			case upper:
				text[x] = '▀'
			case lower:
				text[x] = '▄'
			default:
				text[x] = ' '
			}
		}
		lines = append(lines, cardLine{text: string(text)})
	}
	return lines
}
