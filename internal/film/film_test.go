package film

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/gif"
	"image/png"
	"testing"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/replay/replaytest"
)

// whites returns how many pixels of a part of the field, in its own pixels, are as bright as the ball.
func whites(m image.Image, x, y, w, h float64) (n int) {
	scale := float64(m.Bounds().Dx()) / client.FieldWidth
	for py := int(y * scale); py < int((y+h)*scale); py++ {
		for px := int(x * scale); px < int((x+w)*scale); px++ {
			if r, _, _, _ := m.At(px, py).RGBA(); r>>8 > 0xe0 {
				n++
			}
		}
	}
	return n
}

func TestPNG_ShowsThePosition(t *testing.T) {
	r, _ := replaytest.Game(t)
	at := 0
	for r.At(at).Ball.VX == 0 || r.At(at).Ball.Y > game.Height/2 {
		at++
	}
	var b bytes.Buffer
	if err := PNG(&b, r, at+20); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	f := frameAt(r, at+20)
	const dots = 4 // pixels of the picture for each of the field
	if got := whites(m, f.Ball.X, f.Ball.Y, client.BallSize, client.BallSize); got < 90*dots {
		t.Errorf("%d bright pixels where the ball is, want about %d", got, 100*dots)
	}
	for player, y := range f.Paddle {
		x := client.PaddleX(player)
		if got := whites(m, x, y, client.PaddleWidth, client.PaddleHeight); got < 950*dots {
			t.Errorf("%d bright pixels where paddle %d is, want about %d", got, player+1, 1000*dots)
		}
	}
}

// The pictures of a GIF have only what has changed. Drawn over each other they must be the game.
func TestGIF_PicturesAddUpToTheGame(t *testing.T) {
	r, _ := replaytest.Game(t)
	from, to := r.Points()[0]-300, r.Points()[0]+90
	var b bytes.Buffer
	if err := GIF(&b, r, from, to); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 200_000 {
		t.Errorf("%d bytes for 6.5 s, want at most 200 kB for 10 s", b.Len())
	}
	film, err := gif.DecodeAll(&b)
	if err != nil {
		t.Fatal(err)
	}
	screen, want := image.NewRGBA(image.Rect(0, 0, gifWidth, gifWidth*3/4)), newCanvas(gifWidth)
	at := from
	for i, m := range film.Image {
		draw.Draw(screen, m.Rect, m, m.Rect.Min, draw.Over)
		f := frameAt(r, at)
		want.draw(&f)
		for y := range want.Rect.Dy() {
			for x := range want.Rect.Dx() {
				if r1, g1, b1, _ := screen.At(x, y).RGBA(); true {
					if r2, g2, b2, _ := want.At(x, y).RGBA(); r1 != r2 || g1 != g2 || b1 != b2 {
						t.Fatalf("picture %d, tick %d: pixel %d,%d is another one", i, at, x, y)
					}
				}
			}
		}
		at += film.Delay[i] * game.TickRate / 100
	}
	if length := at - from; length < to-from || length > to-from+2*gifEvery {
		t.Errorf("the pictures last %d ticks, want %d", length, to-from)
	}
}

func TestGIF_RefusesAPartThatIsTooLong(t *testing.T) {
	r, _ := replaytest.Game(t)
	var b bytes.Buffer
	if err := GIF(&b, r, 0, MaxGIF+1); !errors.Is(err, ErrTooLong) || b.Len() > 0 {
		t.Errorf("%v after %d bytes, want ErrTooLong", err, b.Len())
	}
}
