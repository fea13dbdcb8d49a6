//go:build !js

package term

import (
	"math"

	"pong/internal/client"
)

// field is where on the canvas the field lies, in cells.
//
// A cell is about twice as high as it is wide, so what looks like 4:3 has 8
// columns for 3 rows. A terminal is seldom so; the field may be up to a sixth
// too wide or too high, to fill it.
type field struct {
	left, top, cols, rows int
}

// fit lays the field out on a screen with that many lines taken by other things
// above and below.
func fit(width, height, above, below int) field {
	f := field{cols: width, rows: height - above - below}
	f.cols = min(f.cols, f.rows*8*7/(3*6))
	f.rows = min(f.rows, f.cols*3*7/(8*6))
	f.left = (width - f.cols) / 2
	f.top = above + (height-above-below-f.rows)/2
	return f
}

// eighths are the characters that fill so many eighths of a cell from below.
var eighths = [9]rune{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// quadrants are the characters that fill some quarters of a cell: bit 0 is the
// upper left one, 1 the upper right, 2 the lower left, 3 the lower right.
var quadrants = [16]rune{' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'}

// walls draws the upper and lower wall and the line in the middle.
func (f field) walls(c *canvas) {
	for x := range f.cols {
		c.set(f.left+x, f.top-1, '─', faint)
		c.set(f.left+x, f.top+f.rows, '─', faint)
	}
	for y := range f.rows {
		c.set(f.left+f.cols/2, f.top+y, '╎', faint)
	}
}

// paddle draws a player's paddle: whole columns from the face outwards, and
// eighths of a row at its ends. Its length does not change as it moves.
func (f field) paddle(c *canvas, player int, y float64, s style) {
	perCol, perEighth := float64(f.cols)/client.FieldWidth, float64(f.rows)*8/client.FieldHeight
	thick := max(round(client.PaddleWidth*perCol), 1)
	x := round(client.PaddleX(player) * perCol)
	if player == 0 {
		x = round((client.PaddleX(0)+client.PaddleWidth)*perCol) - thick
	}
	long := max(round(client.PaddleHeight*perEighth), 8)
	upper := min(max(round(y*perEighth), 0), f.rows*8-long)
	lower := upper + long
	for row := upper / 8; row*8 < lower; row++ {
		from, to := max(upper-row*8, 0), min(lower-row*8, 8)
		char, s := eighths[8-from], s
		if to < 8 {
			// Nothing fills a cell from above, but its rest from below, reversed, does.
			char, s = eighths[8-to], s|reverse
		}
		for i := range thick {
			c.set(f.left+x+i, f.top+row, char, s)
		}
	}
}

// ball draws the ball in quarters of a cell, each half a column by half a row
// and so about square: two by one of them or more, that it looks the same
// wherever it is. It may leave the field at the sides, as far as there is room.
func (f field) ball(c *canvas, at client.Point, s style) {
	perX, perY := float64(f.cols)*2/client.FieldWidth, float64(f.rows)*2/client.FieldHeight
	wide := max(round(client.BallSize*perX), 2)
	high := max(round(client.BallSize*perY), 1)
	x := round((at.X+client.BallSize/2)*perX - float64(wide)/2)
	y := round((at.Y+client.BallSize/2)*perY - float64(high)/2)
	y = min(max(y, 0), f.rows*2-high)
	for cy := y >> 1; cy*2 < y+high; cy++ {
		for cx := x >> 1; cx*2 < x+wide; cx++ {
			mask := 0
			for quarter := range 4 {
				qx, qy := cx*2+quarter&1, cy*2+quarter>>1
				if qx >= x && qx < x+wide && qy >= y && qy < y+high {
					mask |= 1 << quarter
				}
			}
			c.set(f.left+cx, f.top+cy, quadrants[mask], s)
		}
	}
}

// round returns the nearest whole number.
func round(x float64) int { return int(math.Round(x)) }
