package guitest

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"pong/internal/client"
)

// TestPaddles_AreFoundInTheWindow draws a window of some sizes into a black picture.
func TestPaddles_AreFoundInTheWindow(t *testing.T) {
	for scale, want := range map[int][2]float64{1: {0, 500}, 2: {123, -1}} {
		size := image.Pt(int(client.FieldWidth), int(client.FieldHeight)).Mul(scale)
		window := image.Rectangle{Max: size}.Add(image.Pt(40, 30))
		m := image.NewRGBA(image.Rectangle{Max: window.Max.Add(image.Pt(10, 20))})
		draw.Draw(m, m.Bounds(), image.Black, image.Point{}, draw.Src)
		draw.Draw(m, window, image.NewUniform(color.Gray{20}), image.Point{}, draw.Src)
		for player, top := range want {
			box := image.Rect(0, 0, int(client.PaddleWidth)*scale, int(client.PaddleHeight)*scale)
			at := window.Min.Add(image.Pt(int(client.PaddleX(player))*scale, int(top)*scale))
			if top >= 0 {
				draw.Draw(m, box.Add(at), image.White, image.Point{}, draw.Src)
			}
		}
		if got := Field(m); got != window {
			t.Errorf("the window is at %v, want %v", got, window)
		}
		if got := Paddles(m); got != want {
			t.Errorf("scale %d: the paddles are at %v, want %v", scale, got, want)
		}
	}
}
