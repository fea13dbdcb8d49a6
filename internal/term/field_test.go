//go:build !js

package term

import (
	"math/bits"
	"slices"
	"testing"

	"pong/internal/client"
)

// sizes are terminals that people have.
var sizes = [][2]int{{48, 14}, {80, 24}, {120, 40}, {200, 60}, {320, 100}}

// TestPaddle_Glides: for each pixel that a paddle moves down, what is drawn of it
// moves down, in steps of an eighth of a row, and stays as long as it is.
func TestPaddle_Glides(t *testing.T) {
	var c canvas
	for _, size := range sizes {
		f := fit(size[0], size[1], linesAbove, linesBelow)
		perEighth := client.FieldHeight / float64(f.rows*8)
		for player := range 2 {
			length := 0
			for y := 0.0; y <= client.FieldHeight-client.PaddleHeight; y++ {
				c.reset(size[0], size[1])
				f.paddle(&c, player, y, plain)
				upper, lower := drawnEighths(t, &c, f, player)
				if length == 0 {
					length = lower - upper
				}
				if lower-upper != length {
					t.Fatalf("%v: at %v the paddle is %d eighths long, before it was %d", size, y, lower-upper, length)
				}
				if off := float64(upper)*perEighth - y; off < -perEighth || off > perEighth {
					t.Fatalf("%v: at %v the paddle is drawn %v pixels off, want less than an eighth of a row (%v)",
						size, y, off, perEighth)
				}
				if upper < 0 || lower > f.rows*8 {
					t.Fatalf("%v: at %v the paddle is drawn through a wall", size, y)
				}
			}
		}
	}
}

// drawnEighths finds the paddle on the canvas and returns its ends.
func drawnEighths(t *testing.T, c *canvas, f field, player int) (upper, lower int) {
	t.Helper()
	x := f.left + round((client.PaddleX(player)+client.PaddleWidth/2)*float64(f.cols)/client.FieldWidth-0.5)
	upper, lower = -1, -1
	for row := range c.height {
		cell := c.cells[row*c.width+x]
		if cell.char == ' ' {
			continue
		}
		from, to := 8-slices.Index(eighths[:], cell.char), 8
		if cell.style&reverse != 0 {
			from, to = 0, from
		}
		if upper < 0 {
			upper = (row-f.top)*8 + from
		} else if (row-f.top)*8+from != lower {
			t.Fatalf("the paddle has a gap in row %d", row)
		}
		lower = (row-f.top)*8 + to
	}
	return upper, lower
}

// TestBall_KeepsItsSize wherever in the field it is, and stays between the walls.
func TestBall_KeepsItsSize(t *testing.T) {
	var c canvas
	for _, size := range sizes {
		f := fit(size[0], size[1], linesAbove, linesBelow)
		want := 0
		for x := 30.0; x <= 760; x += 13.7 {
			for y := -8.0; y <= 600; y += 11.3 {
				c.reset(size[0], size[1])
				f.ball(&c, client.Point{X: x, Y: y}, plain)
				got := 0
				for row := f.top; row < f.top+f.rows; row++ {
					for col := range c.width {
						got += bits.OnesCount(uint(max(slices.Index(quadrants[:], c.at(col, row)), 0)))
					}
				}
				if want == 0 {
					want = got
				}
				if got != want || got == 0 {
					t.Fatalf("%v: at %v, %v the ball has %d quarters within the walls, before it had %d",
						size, x, y, got, want)
				}
			}
		}
	}
}

// TestBall_MeetsThePaddle: at the moment of contact there is no gap between the
// two, and a good part of the ball can be seen.
func TestBall_MeetsThePaddle(t *testing.T) {
	for _, size := range sizes {
		for player := range 2 {
			var c canvas
			f := fit(size[0], size[1], linesAbove, linesBelow)
			c.reset(size[0], size[1])
			at := client.Point{X: client.PaddleX(0) + client.PaddleWidth, Y: 295}
			face, inwards := f.left+round(at.X*float64(f.cols)/client.FieldWidth), 1
			if player == 1 {
				at.X = client.PaddleX(1) - client.BallSize
				face, inwards = f.left+round(client.PaddleX(1)*float64(f.cols)/client.FieldWidth)-1, -1
			}
			f.ball(&c, at, bold)
			f.paddle(&c, player, 250, mine)
			row := f.top + f.rows/2
			behind, before := c.at(face-inwards, row), c.at(face, row)
			if behind == ' ' || before == ' ' && c.at(face, row-1) == ' ' {
				t.Errorf("%v, player %d: %q next to the face of the paddle %q, want the ball there",
					size, player, before, behind)
			}
		}
	}
}
