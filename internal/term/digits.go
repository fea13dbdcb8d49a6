//go:build !js

package term

import "strconv"

// digits has the digits of the score in three by five dots, a row of three bits at a time from the top.
var digits = [10][5]uint8{
	{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7}, {5, 5, 7, 1, 1},
	{7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 1, 1}, {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7},
}

// A dot is as wide as a cell and half as high, so that it looks square. At scale 1 a digit takes 3 by 3 cells.
func digitWidth(scale int) int  { return 3 * scale }
func digitHeight(scale int) int { return (5*scale + 1) / 2 }

// numberWidth returns the number of cells that a number takes.
func numberWidth(n, scale int) int {
	width := digitWidth(scale)
	for ; n >= 10; n /= 10 {
		width += digitWidth(scale) + scale
	}
	return width
}

// number draws a number with its upper left corner at x, y. With ASCII characters only, it is in the middle of that
// place, in characters.
func (c *canvas) number(x, y, n, scale int, s style) {
	if c.ascii {
		text := strconv.Itoa(n)
		c.text(x+(numberWidth(n, scale)-len(text))/2, y+digitHeight(scale)/2, len(text), text, s)
		return
	}
	x += numberWidth(n, scale) - digitWidth(scale)
	for {
		c.digit(x, y, n%10, scale, s)
		if n /= 10; n == 0 {
			return
		}
		x -= digitWidth(scale) + scale
	}
}

func (c *canvas) digit(x, y, n, scale int, s style) {
	dot := func(col, half int) int {
		row := half / scale
		if row >= 5 {
			return 0
		}
		return int(digits[n][row]>>(2-col/scale)) & 1
	}
	for row := range digitHeight(scale) {
		for col := range digitWidth(scale) {
			upper, lower := dot(col, row*2), dot(col, row*2+1)
			if upper+lower > 0 {
				c.set(x+col, y+row, quadrants[upper*3+lower*12], s)
			}
		}
	}
}
