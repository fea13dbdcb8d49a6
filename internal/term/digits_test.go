//go:build !js

package term

import (
	"strings"
	"testing"
)

func TestNumber_IsDrawnInDots(t *testing.T) {
	var c canvas
	c.reset(numberWidth(1079, 1), digitHeight(1))
	c.number(0, 0, 1079, 1, plain)
	want := strings.Join([]string{
		"▄█  █▀█ ▀▀█ █▀█",
		" █  █ █   █ ▀▀█",
		"▀▀▀ ▀▀▀   ▀ ▀▀▀",
	}, "\n")
	if got := c.render(plainPalette); got != want {
		t.Errorf("1079 is drawn as\n%s\nwant\n%s", got, want)
	}
}

// TestNumber_FillsItsWidth, at each scale, and no more.
func TestNumber_FillsItsWidth(t *testing.T) {
	for scale := 1; scale <= 5; scale++ {
		for _, n := range []int{0, 8, 10, 65535} {
			var c canvas
			c.reset(100, 20)
			c.number(2, 1, n, scale, plain)
			last := 0
			for i, cell := range c.cells {
				if cell.char != ' ' {
					last = max(last, i%c.width)
				}
			}
			if want := 2 + numberWidth(n, scale) - 1; last != want {
				t.Errorf("%d at scale %d ends in column %d, want %d", n, scale, last, want)
			}
		}
	}
}
