//go:build !js

package term

import "pong/internal/front"

// drawTrack writes the two lines at the bottom of a recording: a bar with its points and, if there is room, the keys;
// and where it is.
func drawTrack(c *canvas, t *front.Track) {
	keys := ""
	for _, key := range t.Keys() {
		if columns(keys+key) > c.width {
			break
		}
		keys += key + "  "
	}
	c.text(0, c.height-2, c.width, keys, faint)
	line := t.Line()
	c.text(0, c.height-1, c.width, line, faint)
	from := columns(line) + 2
	wide := c.width - from - 1
	if wide < 10 || t.Of == 0 {
		return
	}
	cell := func(at int) int { return from + at*(wide-1)/t.Of }
	for x := range wide {
		c.set(from+x, c.height-1, '─', faint)
	}
	for _, point := range t.Points {
		c.set(cell(point), c.height-1, '┴', faint)
	}
	c.set(cell(t.At), c.height-1, '█', bold)
}
