// Package guitest has displays without a screen, and finds in a picture of a display what the window shows. Tests press
// keys there with the program xdotool. They need Xvfb and ImageMagick, too.
package guitest

import (
	"image"

	"pong/internal/client"
)

// Field returns where the window is in a picture of a display that shows nothing else: everything but the black around
// it. The window has the shape of the field.
func Field(m image.Image) (r image.Rectangle) {
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if red, green, blue, _ := m.At(x, y).RGBA(); red|green|blue != 0 {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// Scale returns how many pixels of a picture are one of the field, whose place in the picture is r.
func Scale(r image.Rectangle) float64 { return float64(r.Dx()) / client.FieldWidth }

// Bright reports whether a pixel has the colour of a paddle or the ball, rather than that of the ground.
func Bright(m image.Image, x, y int) bool {
	red, green, blue, _ := m.At(x, y).RGBA()
	return red+green+blue > 3*0x7000
}

// Paddles returns the top edges of both paddles in pixels of the field, -1 for one that is not shown.
func Paddles(m image.Image) (tops [2]float64) {
	field := Field(m)
	scale := Scale(field)
	for player := range tops {
		tops[player] = -1
		column := field.Min.X + int((client.PaddleX(player)+client.PaddleWidth/2)*scale)
		run := 0
		for y := field.Min.Y; y < field.Max.Y; y++ {
			if !Bright(m, column, y) {
				run = 0
				continue
			}
			if run++; run > int(0.9*client.PaddleHeight*scale) {
				tops[player] = float64(y+1-run-field.Min.Y) / scale
			}
		}
	}
	return tops
}
