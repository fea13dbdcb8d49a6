// Package film makes pictures of recorded games: PNG, animated GIF, and recordings of a terminal (asciinema). All of it
// is computed here, without a screen.
package film

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"pong/internal/client"
	"pong/internal/names"
)

// The colours of a picture, by their index.
const (
	inkField uint8 = iota
	inkLine
	inkFaint
	inkWhite
)

var palette = color.Palette{
	inkField: color.RGBA{0x12, 0x17, 0x20, 0xff},
	inkLine:  color.RGBA{0x32, 0x3d, 0x4d, 0xff},
	inkFaint: color.RGBA{0x93, 0xa0, 0xb2, 0xff},
	inkWhite: color.RGBA{0xe9, 0xee, 0xf5, 0xff},
}

// A canvas is a picture that is drawn in pixels of the 800 x 600 field, at a scale.
type canvas struct {
	*image.Paletted
	scale float64
}

// newCanvas returns an empty picture of a width; it is three quarters as high.
func newCanvas(width int) canvas {
	return canvas{
		image.NewPaletted(image.Rect(0, 0, width, width*3/4), palette), float64(width) / client.FieldWidth,
	}
}

// box fills a rectangle.
func (c canvas) box(x, y, w, h float64, ink uint8) {
	pixel := func(v float64) int { return int(math.Round(v * c.scale)) }
	left, top := pixel(x), pixel(y)
	area := image.Rect(left, top, max(pixel(x+w), left+1), max(pixel(y+h), top+1)).Intersect(c.Rect)
	for py := area.Min.Y; py < area.Max.Y; py++ {
		row := c.Pix[py*c.Stride : py*c.Stride+c.Rect.Dx()]
		for px := area.Min.X; px < area.Max.X; px++ {
			row[px] = ink
		}
	}
}

// text writes a line in the middle of a place, in a font of ASCII that is enlarged by whole dots.
func (c canvas) text(x, y float64, line string, ink uint8) {
	face := basicfont.Face7x13
	line = names.ASCII(line)
	dot := max(int(2*c.scale), 1)
	mask := image.NewAlpha(image.Rect(0, 0, font.MeasureString(face, line).Ceil(), face.Height))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}
	d.DrawString(line)
	left, top := int(x*c.scale)-mask.Rect.Dx()*dot/2, int(y*c.scale)-face.Height*dot/2
	for py := range mask.Rect.Dy() * dot {
		for px := range mask.Rect.Dx() * dot {
			if mask.AlphaAt(px/dot, py/dot).A > 0 {
				c.SetColorIndex(left+px, top+py, ink)
			}
		}
	}
}

// digits are the rows of the digits 0 to 9, three dots wide.
var digits = [10][5]uint8{
	{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7}, {5, 5, 7, 1, 1},
	{7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 1, 1}, {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7},
}

// number writes a number in large digits, its upper edge in the middle of a place.
func (c canvas) number(x, y float64, n int, dot float64, ink uint8) {
	var all []int
	for ; n > 9; n /= 10 {
		all = append([]int{n % 10}, all...)
	}
	all = append([]int{n}, all...)
	x -= (float64(len(all))*4 - 1) * dot / 2
	for _, digit := range all {
		for row, bits := range digits[digit] {
			for col := range 3 {
				if bits>>(2-col)&1 == 1 {
					c.box(x+float64(col)*dot, y+float64(row)*dot, dot, dot, ink)
				}
			}
		}
		x += 4 * dot
	}
}

// draw draws a frame.
func (c canvas) draw(f *client.Frame) {
	clear(c.Pix) // inkField is 0
	const dash = client.FieldHeight / 40
	for y := dash / 2; y < client.FieldHeight; y += 2 * dash {
		c.box(client.FieldWidth/2-2, y, 4, dash, inkLine)
	}
	for player := range 2 {
		x := client.FieldWidth * float64(1+2*player) / 4
		ink := inkFaint
		if f.Stage == client.StageScored && f.Scorer == player || f.Winner == player {
			ink = inkWhite
		}
		c.text(x, 22, f.Names[player], inkFaint)
		c.number(x, 50, f.Score[player], 10, ink)
	}
	if f.Countdown > 0 {
		c.box(client.FieldWidth/2-40, client.FieldHeight/2-60, 80, 120, inkField)
		c.number(client.FieldWidth/2, client.FieldHeight/2-40, f.Countdown, 16, inkFaint)
	}
	for player, y := range f.Paddle {
		c.box(client.PaddleX(player), y, client.PaddleWidth, client.PaddleHeight, inkWhite)
	}
	if f.BallInPlay {
		c.box(f.Ball.X, f.Ball.Y, client.BallSize, client.BallSize, inkWhite)
	}
}
