package film

import (
	"errors"
	"image"
	"image/gif"
	"image/png"
	"io"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/replay"
)

// The sizes of pictures in pixels.
const (
	pngWidth = 1600
	gifWidth = 400
)

// gifEvery is how many ticks lie between two pictures of a GIF: 20 pictures a second. A GIF counts time in hundredths
// of a second, so most other rates would not be in step.
const (
	gifEvery = 3
	gifDelay = 100 * gifEvery / game.TickRate
)

// MaxGIF is the number of ticks that a GIF has at most: ten minutes, some megabytes.
const MaxGIF = 10 * 60 * game.TickRate

// ErrTooLong is the error of a GIF that would have more than MaxGIF ticks.
var ErrTooLong = errors.New("a GIF has ten minutes at most: choose a part of the game")

// frameAt returns the frame of a position.
func frameAt(r *replay.Replay, position int) client.Frame {
	state := r.At(position)
	f := client.FrameOf(r.Rules, state, state, 0)
	f.Names, f.Scorer = r.Names, r.Scorer(position)
	return f
}

// PNG writes the picture of a position.
func PNG(w io.Writer, r *replay.Replay, position int) error {
	c, f := newCanvas(pngWidth), frameAt(r, position)
	c.draw(&f)
	return png.Encode(w, c.Paletted)
}

// GIF writes the game between two positions. Each picture has only what is different from the one before.
func GIF(w io.Writer, r *replay.Replay, from, to int) error {
	if to-from > MaxGIF {
		return ErrTooLong
	}
	c, shown := newCanvas(gifWidth), newCanvas(gifWidth)
	film := gif.GIF{Config: image.Config{ColorModel: palette, Width: c.Rect.Dx(), Height: c.Rect.Dy()}}
	for at := from; at <= to; at += gifEvery {
		f := frameAt(r, at)
		c.draw(&f)
		changed := difference(c, shown)
		if at == from {
			changed = c.Rect
		}
		if changed.Empty() {
			film.Delay[len(film.Delay)-1] += gifDelay
			continue
		}
		part := image.NewPaletted(changed, palette)
		for y := changed.Min.Y; y < changed.Max.Y; y++ {
			row := c.Pix[c.PixOffset(changed.Min.X, y):c.PixOffset(changed.Max.X, y)]
			copy(part.Pix[part.PixOffset(changed.Min.X, y):], row)
		}
		film.Image, film.Delay = append(film.Image, part), append(film.Delay, gifDelay)
		film.Disposal = append(film.Disposal, gif.DisposalNone)
		copy(shown.Pix, c.Pix)
	}
	return gif.EncodeAll(w, &film)
}

// difference returns the smallest rectangle outside of which two pictures are equal.
func difference(a, b canvas) (area image.Rectangle) {
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if i := y*a.Stride + x; a.Pix[i] != b.Pix[i] {
				area = area.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return area
}
