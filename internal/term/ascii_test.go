//go:build !js

package term

import (
	"strings"
	"testing"
	"unicode"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
)

func TestASCIILocale(t *testing.T) {
	for _, test := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"C", "", "de_DE.UTF-8", true},
		{"POSIX", "", "", true},
		{"", "", "C", true},
		{"", "C", "en_GB.UTF-8", true},
		{"", "", "de_DE.ISO-8859-1", true},
		{"", "", "", false},
		{"C.UTF-8", "", "C", false},
		{"", "", "en_GB.utf8", false},
		{"", "", "de_DE", false},
		{"en_GB.UTF-8", "C", "C", false},
	} {
		getenv := func(name string) string {
			return map[string]string{"LC_ALL": test.all, "LC_CTYPE": test.ctype, "LANG": test.lang}[name]
		}
		if got := ASCIILocale(getenv); got != test.want {
			t.Errorf("LC_ALL=%q LC_CTYPE=%q LANG=%q: got %v, want %v", test.all, test.ctype, test.lang, got, test.want)
		}
	}
}

// TestRender_ASCII draws every screen with ASCII characters alone.
func TestRender_ASCII(t *testing.T) {
	for _, s := range fronttest.Screens(t) {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {40, 12}} {
			picture := render(new(canvas), &s.Screen, size[0], size[1], look{palette: palette{ascii: true}})
			if at := strings.IndexFunc(picture, func(r rune) bool { return r > unicode.MaxASCII }); at >= 0 {
				t.Errorf("%s at %v: the picture has %q", s.Name, size, []rune(picture[at:])[0])
			}
		}
	}
}

func TestRender_ASCIIScoresAreDigits(t *testing.T) {
	v := fronttest.Rally()
	v.Score = [2]int{7, 10}
	picture := render(new(canvas), &front.Screen{Match: true, Frame: v}, 80, 24, look{palette: palette{ascii: true}})
	if !strings.Contains(picture, "7") || !strings.Contains(picture, "10") || strings.Count(picture, "#") < 4 {
		t.Errorf("the picture has no digits or no paddles:\n%s", picture)
	}
}

// TestASCIICell_PaddlesKeepTheirLength moves a paddle by eighths of a row. Its length differs by one row at most.
func TestASCIICell_PaddlesKeepTheirLength(t *testing.T) {
	least, most := 100, 0
	for y := 0.0; y < client.FieldHeight-client.PaddleHeight; y += 3 {
		var c canvas
		c.reset(80, 24)
		c.ascii = true
		f := fit(80, 24, linesAbove, linesBelow)
		f.paddle(&c, 0, y, plain)
		rows := 0
		for line := range strings.Lines(c.render(plainPalette)) {
			if strings.Contains(line, "#") {
				rows++
			}
		}
		least, most = min(least, rows), max(most, rows)
	}
	if least < 2 || most-least > 1 {
		t.Errorf("the paddle has %d to %d rows", least, most)
	}
}
