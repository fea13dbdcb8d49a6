//go:build !js

package term

import (
	"math"

	"pong/internal/client"
)

// A field is the place of the field on the canvas, in cells.
//
// A cell is about twice as high as it is wide, so 8 columns by 3 rows look like 4:3. Few terminals have that shape, so
// the field may be up to a sixth too wide or too high to fill the terminal.
type field struct {
	left, top, cols, rows int
}

// fit returns the field for a terminal with some lines above and below it taken.
func fit(width, height, above, below int) field {
	f := field{cols: width, rows: height - above - below}
	f.cols = min(f.cols, f.rows*8*7/(3*6))
	f.rows = min(f.rows, f.cols*3*7/(8*6))
	f.left = (width - f.cols) / 2
	f.top = above + (height-above-below-f.rows)/2
	return f
}

// eighths are the characters that fill the lower eighths of a cell.
var eighths = [9]rune{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// quadrants are the characters that fill quarters of a cell: bit 0 is the upper left one, 1 the upper right, 2 the
// lower left, 3 the lower right.
var quadrants = [16]rune{
	' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛',
	'▗', '▚', '▐', '▜', '▄', '▙', '▟', '█',
}

// walls draws the upper and the lower wall and the centre line.
func (f field) walls(c *canvas) {
	for x := range f.cols {
		c.set(f.left+x, f.top-1, '─', faint)
		c.set(f.left+x, f.top+f.rows, '─', faint)
	}
	for y := range f.rows {
		c.set(f.left+f.cols/2, f.top+y, '╎', faint)
	}
}

// paddle draws a player's paddle in whole columns, and with eighths of a row at its ends. Its length is the same
// wherever it is.
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
			// There is no character for the upper part of a cell, so the lower part is drawn reversed.
			char, s = eighths[8-to], s|reverse
		}
		for i := range thick {
			c.set(f.left+x+i, f.top+row, char, s)
		}
	}
}

// ball draws the ball in quarters of a cell, which are about square: at least two by one of them, so that it looks the
// same wherever it is. It may leave the field at the sides.
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

// arrow draws a dotted line from the middle in a direction of length 1, between two distances, with an arrowhead.
func (f field) arrow(c *canvas, by client.Point, from, to float64) {
	perCol, perRow := float64(f.cols)/client.FieldWidth, float64(f.rows)/client.FieldHeight
	set := func(along float64, char rune) {
		x, y := client.FieldWidth/2+along*by.X, client.FieldHeight/2+along*by.Y
		c.set(f.left+int(x*perCol), f.top+int(y*perRow), char, bold)
	}
	for along := from; along < to; along += 1 / perCol {
		set(along, '·')
	}
	head := [2][2]rune{{'↘', '↗'}, {'↙', '↖'}}
	left, up := 0, 0
	if by.X < 0 {
		left = 1
	}
	if by.Y < 0 {
		up = 1
	}
	set(to, head[left][up])
}

// round returns the nearest integer.
func round(x float64) int { return int(math.Round(x)) }
