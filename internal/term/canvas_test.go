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
		{palette{ground: darkGround}, "ab\x1b[0;38;5;221mcd\x1b[0;38;5;221;7m \x1b[0m\n\n \x1b[0;2mxy\x1b[0m"},
		{plainPalette, "abcd\x1b[0;7m \x1b[0m\n\n \x1b[0;2mxy\x1b[0m"},
	}
	for _, test := range tests {
		if got := c.render(test.palette); got != test.want {
			t.Errorf("palette %v: rendered %q, want %q", test.palette, got, test.want)
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
		{"\u2068דוד\u2069 3", 10, "דוד 3"}, // front isolates names that are written from right to left
		{"\ue000a\u0378", 10, "a"},         // nobody knows how wide these are
	}
	for _, test := range tests {
		var c canvas
		c.reset(10, 1)
		c.text(0, 0, test.limit, test.text, plain)
		if got := c.render(plainPalette); got != test.want {
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
	for value, want := range map[string]palette{"": {}, "1": plainPalette, "yes": plainPalette} {
		t.Setenv("NO_COLOR", value)
		if got := wantedPalette(); got != want {
			t.Errorf("NO_COLOR=%q: palette %v, want %v", value, got, want)
		}
	}
}

// TestPalette_StandsOutFromTheBackground: by WCAG 2, AA is 4.5. Where the background is not known, the large letters
// and the paddle at least are as they should be on both.
func TestPalette_StandsOutFromTheBackground(t *testing.T) {
	const black, white = 0, 1
	for g, backgrounds := range map[ground][]float64{anyGround: {black, white}, darkGround: {black},
		lightGround: {white}} {
		for _, few := range []bool{false, true} {
			for _, s := range []style{mine, alert} {
				least := 4.5
				if g == anyGround {
					least = 3.7
				}
				rgb, ok := colourOf(t, palette{ground: g, few: few}.codes()[s])
				for _, background := range backgrounds {
					if c := contrast(luminance(rgb), background); ok && c < least {
						t.Errorf("ground %d, few %v, style %d: colour %v has a contrast of %.1f on %v, want %.1f",
							g, few, s, rgb, c, background, least)
					}
				}
			}
		}
	}
}

// plainPalette has no colours.
var plainPalette = palette{ground: noColours}

// xterm16 are some of the 16 colours, as xterm has them.
var xterm16 = map[string][3]float64{"31": {205, 0, 0}, "35": {205, 0, 205}, "91": {255, 0, 0}, "93": {255, 255, 0}}

// colourOf returns the colour in the parameters of a style, if there is one.
func colourOf(t *testing.T, codes string) (rgb [3]float64, ok bool) {
	t.Helper()
	codes = strings.TrimPrefix(codes, "1;")
	if codes == "1" {
		return rgb, false
	}
	if rgb, ok := xterm16[codes]; ok {
		return rgb, true
	}
	_, index, _ := strings.Cut(codes, "38;5;")
	n, err := strconv.Atoi(index)
	if err != nil || n < 16 || n > 231 {
		t.Fatalf("%q is no colour that is known", codes)
	}
	levels := [6]float64{0, 95, 135, 175, 215, 255} // of the cube of 6 x 6 x 6
	for i, step := range [3]int{36, 6, 1} {
		rgb[i] = levels[(n-16)/step%6]
	}
	return rgb, true
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

func luminance(rgb [3]float64) (sum float64) {
	for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
		v := rgb[i] / 255
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
