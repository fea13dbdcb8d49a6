//go:build !js

package term

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

func TestCanvas_RendersStyles(t *testing.T) {
	var c canvas
	c.reset(8, 3)
	c.text(0, 0, 8, "ab", plain)
	c.text(2, 0, 8, "cd", mine)
	c.set(4, 0, ' ', mine|reverse)
	c.text(1, 2, 2, "xyz", faint)
	tests := []struct {
		palette palette
		want    string
	}{
		{darkGround, "ab\x1b[0;38;5;221mcd\x1b[0;38;5;221;7m \x1b[0m\n\n \x1b[0;2mxy\x1b[0m"},
		{colourless, "abcd\x1b[0;7m \x1b[0m\n\n \x1b[0;2mxy\x1b[0m"},
	}
	for _, test := range tests {
		if got := c.render(test.palette); got != test.want {
			t.Errorf("palette %d: rendered %q, want %q", test.palette, got, test.want)
		}
	}
}

func TestCanvas_LeavesOutControlCharacters(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"Ann", 10, "Ann"},
		{"\x1b[2Jboo\a\r\n", 10, "[2Jboo"},
		{"漢字", 10, "漢字"},
		{"漢字", 3, "漢"}, // half a character is none
		{"a\u202eb\u200bc", 10, "abc"},
		{"\ue000a\u0378", 10, "a"}, // nobody knows how wide these are
	}
	for _, test := range tests {
		var c canvas
		c.reset(10, 1)
		c.text(0, 0, test.limit, test.text, plain)
		if got := c.render(colourless); got != test.want {
			t.Errorf("%q in %d cells is %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}

func TestCanvas_IsUsedAgain(t *testing.T) {
	var c canvas
	c.reset(200, 60)
	c.text(3, 3, 10, "old", alert)
	c.reset(80, 24)
	allocs := testing.AllocsPerRun(100, func() { c.reset(200, 60) })
	if allocs != 0 || c.at(3, 3) != ' ' {
		t.Errorf("a reset allocates %v times and leaves %q behind", allocs, c.at(3, 3))
	}
}

func TestPalette_NoneIfThePersonWantsNone(t *testing.T) {
	for value, want := range map[string]palette{"": anyGround, "1": colourless, "yes": colourless} {
		t.Setenv("NO_COLOR", value)
		if got := wantedPalette(); got != want {
			t.Errorf("NO_COLOR=%q: palette %d, want %d", value, got, want)
		}
	}
}

// TestPalette_StandsOutFromTheBackground: by WCAG 2, AA is 4.5 and what is large needs 3.
func TestPalette_StandsOutFromTheBackground(t *testing.T) {
	const black, white = 0, 1
	for p, grounds := range map[palette][]float64{anyGround: {black, white}, darkGround: {black}, lightGround: {white}} {
		for _, s := range []style{mine, alert} {
			_, index, _ := strings.Cut(palettes[p][s], "38;5;")
			n, err := strconv.Atoi(index)
			if err != nil {
				t.Fatalf("palette %d, style %d: %q is no colour of the 256", p, s, palettes[p][s])
			}
			least := 4.5
			if len(grounds) > 1 {
				least = 3.7
			}
			for _, ground := range grounds {
				if c := contrast(luminance(n), ground); c < least {
					t.Errorf("palette %d, style %d: colour %d has a contrast of %.1f on %v, want %.1f", p, s, n, c, ground, least)
				}
			}
		}
	}
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is that of a colour of the cube of 6 x 6 x 6, numbers 16 to 231.
func luminance(n int) (sum float64) {
	levels := [6]float64{0, 95, 135, 175, 215, 255}
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		v := levels[(n-16)/[3]int{36, 6, 1}[i]%6] / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

// at returns the character at a place, and a blank outside the canvas.
func (c *canvas) at(x, y int) rune {
	if x >= 0 && x < c.width && y >= 0 && y < c.height {
		return c.cells[y*c.width+x].char
	}
	return ' '
}
