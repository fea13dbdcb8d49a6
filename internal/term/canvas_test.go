//go:build !js

package term

import "testing"

func TestCanvasRendersStyles(t *testing.T) {
	var c canvas
	c.reset(8, 3)
	c.text(0, 0, 8, "ab", plain)
	c.text(2, 0, 8, "cd", mine)
	c.set(4, 0, ' ', mine|reverse)
	c.text(1, 2, 2, "xyz", faint)
	tests := []struct {
		colour bool
		want   string
	}{
		{true, "ab\x1b[0;96mcd\x1b[0;96;7m \x1b[0m\n\n \x1b[0;2mxy\x1b[0m"},
		{false, "abcd\x1b[0;7m \x1b[0m\n\n \x1b[0;2mxy\x1b[0m"},
	}
	for _, test := range tests {
		if got := c.render(test.colour); got != test.want {
			t.Errorf("colour %v: rendered %q, want %q", test.colour, got, test.want)
		}
	}
}

func TestCanvasTextOfOthers(t *testing.T) {
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
		if got := c.render(false); got != test.want {
			t.Errorf("%q in %d cells is %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}

func TestCanvasIsUsedAgain(t *testing.T) {
	var c canvas
	c.reset(200, 60)
	c.text(3, 3, 10, "old", alert)
	c.reset(80, 24)
	allocs := testing.AllocsPerRun(100, func() { c.reset(200, 60) })
	if allocs != 0 || c.at(3, 3) != ' ' {
		t.Errorf("a reset allocates %v times and leaves %q behind", allocs, c.at(3, 3))
	}
}

func TestNoColor(t *testing.T) {
	for value, want := range map[string]bool{"": true, "1": false, "yes": false} {
		t.Setenv("NO_COLOR", value)
		if got := colourWanted(); got != want {
			t.Errorf("NO_COLOR=%q: colours %v, want %v", value, got, want)
		}
	}
}

// at returns the character at a place, and a blank outside the canvas.
func (c *canvas) at(x, y int) rune {
	if x >= 0 && x < c.width && y >= 0 && y < c.height {
		return c.cells[y*c.width+x].char
	}
	return ' '
}
