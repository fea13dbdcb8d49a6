package qr

import (
	"errors"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	var text strings.Builder
	if err := Write(&text, "pong://192.168.178.21:5555/#k="+strings.Repeat("A", 43), false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
	width := len([]rune(lines[0]))
	if width > 80 || len(lines) > 23 {
		t.Errorf("the code is %d x %d characters, want it to fit 80 x 23", width, len(lines))
	}
	dark := modules(t, lines)
	const margin = 4 // the quiet zone
	size := width - 2*margin
	// The three corners that a reader looks for: a dark ring of seven modules, a light ring, a dark core of three.
	for _, corner := range [][2]int{{0, 0}, {size - 7, 0}, {0, size - 7}} {
		for y := range 7 {
			for x := range 7 {
				ring := max(abs(x-3), abs(y-3))
				if got := dark(corner[0]+x+margin, corner[1]+y+margin); got != (ring != 2) {
					t.Fatalf("corner %v: dark is %t at %d, %d", corner, got, x, y)
				}
			}
		}
	}
	for i := range width {
		if dark(i, 0) || dark(0, i) || dark(i, margin-1) || dark(margin-1, i) {
			t.Fatalf("the quiet zone is dark at %d", i)
		}
	}
}

// modules returns a function that reports whether a module of a code made of half blocks is dark.
func modules(t *testing.T, lines []string) func(x, y int) bool {
	var rows [][]rune
	for _, line := range lines {
		rows = append(rows, []rune(line))
		if len(rows[len(rows)-1]) != len(rows[0]) {
			t.Fatalf("line %d has another width than the first", len(rows))
		}
	}
	return func(x, y int) bool {
		upper := y%2 == 0
		switch c := rows[y/2][x]; c {
		case ' ':
			return true
		case '█':
			return false
		case '▀':
			return !upper
		case '▄':
			return upper
		default:
			t.Fatalf("character %q in the code", c)
			return false
		}
	}
}

func abs(x int) int { return max(x, -x) }

func TestWrite_Errors(t *testing.T) {
	if err := Write(&strings.Builder{}, strings.Repeat("x", 5000), false); err == nil {
		t.Error("a text too long for any QR code: got no error")
	}
	if err := Write(brokenWriter{}, "pong://host:5555/", true); !errors.Is(err, errBroken) {
		t.Errorf("a failing writer: got error %v, want its error", err)
	}
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }
