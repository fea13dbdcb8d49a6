package scene

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
)

var update = flag.Bool("update", false, "write the golden frames")

// A recorder writes down what is drawn.
type recorder struct{ strings.Builder }

func (r *recorder) Box(x, y, w, h, round, stroke float64, c Tint) {
	fmt.Fprintf(r, "  box      %.6g,%.6g %.6gx%.6g round %.6g stroke %.6g %s\n", x, y, w, h, round, stroke, hex(c))
}

func (r *recorder) Triangle(x, y, w, h float64, flipped bool, c Tint) {
	fmt.Fprintf(r, "  triangle %.6g,%.6g %.6gx%.6g flipped %v %s\n", x, y, w, h, flipped, hex(c))
}

func (r *recorder) Arrow(from, by client.Point, c Tint) {
	fmt.Fprintf(r, "  arrow    %.6g,%.6g by %.6g,%.6g %s\n", from.X, from.Y, by.X, by.Y, hex(c))
}

func (r *recorder) Text(x, y float64, s string, size float64, a Align, c Tint) {
	fmt.Fprintf(r, "  text     %.6g,%.6g %q size %.6g align %d %s\n", x, y, s, size, a, hex(c))
}

func hex(c Tint) string { return fmt.Sprintf("#%02x%02x%02x%02x", c.R, c.G, c.B, c.A) }

// TestScene_DrawsTheGoldenFrames draws frames of all kinds. The window and the page only turn these shapes into pixels.
func TestScene_DrawsTheGoldenFrames(t *testing.T) {
	both := [2]client.Presence{client.Online, client.Online}
	frame := func(change func(*client.Frame)) client.Frame {
		v := client.Frame{Stage: client.StagePlaying, Presence: both, Scorer: -1, Winner: -1,
			Paddle: [2]float64{250, 120.5}, Ball: client.Point{X: 300.25, Y: 77}, BallInPlay: true,
			Score: [2]int{3, 10}}
		change(&v)
		return v
	}
	var r recorder
	for _, s := range []struct {
		name    string
		v       client.Frame
		age     time.Duration
		covered bool
	}{
		{"a rally, on the left", frame(func(*client.Frame) {}), time.Second, false},
		{"a rally, on the right", frame(func(v *client.Frame) { v.Me = 1 }), time.Second, false},
		{"a rally, watched", frame(func(v *client.Frame) { v.Watching = true }), time.Second, false},
		{"a countdown", frame(func(v *client.Frame) {
			v.Stage, v.Countdown, v.BallInPlay, v.Serve = client.StageCountdown, 2, false, client.Point{X: -0.6, Y: 0.8}
		}), 500 * time.Millisecond, false},
		{"a countdown under a card", frame(func(v *client.Frame) {
			v.Stage, v.Countdown, v.BallInPlay = client.StageCountdown, 2, false
		}), 500 * time.Millisecond, true},
		{"a point", frame(func(v *client.Frame) {
			v.Stage, v.Scorer, v.BallInPlay, v.Serve = client.StageScored, 1, false, client.Point{X: 1}
		}), 100 * time.Millisecond, false},
		{"nobody on the other side", frame(func(v *client.Frame) {
			v.Stage, v.BallInPlay, v.Presence[1] = client.StageWaiting, false, client.Absent
		}), time.Second, true},
	} {
		fmt.Fprintf(&r, "%s\n", s.name)
		Back(&r, &s.v, s.age, 500, client.FieldHeight) // few dashes of the centre line
		Front(&r, &s.v, s.age, s.covered)
	}
	checkGolden(t, "testdata/frames.txt", r.String())
}

// checkGolden compares what was drawn with a file.
func checkGolden(t *testing.T, golden, drawn string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	got, lines := strings.Split(drawn, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(lines)) {
		if i >= len(got) || i >= len(lines) || got[i] != lines[i] {
			t.Fatalf("line %d of the frames differs from %s; look at the pictures, then run with -update\n"+
				"got  %q\nwant %q", i+1, golden, strings.Join(got[min(i, len(got)):min(i+1, len(got))], ""),
				strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], ""))
		}
	}
}

func TestFlash_Fades(t *testing.T) {
	last := 2.0
	v := client.Frame{Stage: client.StageScored, Scorer: 1}
	for age := time.Duration(0); age <= flashTime; age += flashTime / 8 {
		if g := glow(&v, age); g >= last || g < 0 || g > 1 {
			t.Errorf("%v after the point the flash has %.2f, after %.2f before", age, g, last)
		} else {
			last = g
		}
	}
	if last != 0 {
		t.Errorf("at its end the flash still has %.2f", last)
	}
}
