//go:build !js

package term

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"

	"pong/internal/client"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

// sample is a match in full swing.
func sample() client.Frame {
	return client.Frame{
		Stage: client.StagePlaying, Me: 0, Points: 11,
		Names: [2]string{"Ann", "Bo"}, Presence: [2]client.Presence{client.Online, client.Online},
		Paddle: [2]float64{187.5, 412}, Ball: client.Point{X: 512, Y: 233}, BallInPlay: true,
		Score: [2]int{3, 7}, Scorer: -1, Winner: -1, Tick: 4711,
		Figures: client.Figures{
			Latency: 48.2, Jitter: 2.13, LossUp: 0.004, LossDown: 0.051,
			Lead: 5.2, CorrectionsPerMin: 2, Samples: 20,
		},
	}
}

// with returns the sample with a change.
func with(change func(*client.Frame)) client.Frame {
	v := sample()
	change(&v)
	return v
}

// pictures are compared with the files of the same name in testdata.
var pictures = []struct {
	name          string
	view          client.Frame
	width, height int
	look          look
}{
	{"playing-48x14", sample(), 48, 14, look{}},
	{"playing-80x24", sample(), 80, 24, look{}},
	{"playing-200x60", sample(), 200, 60, look{steering: held}},
	{"playing-wide-180x20", sample(), 180, 20, look{}},
	{"playing-tall-50x60", sample(), 50, 60, look{}},
	{"playing-colour-80x24", sample(), 80, 24, look{colour: true}},
	{"too-small-30x8", sample(), 30, 8, look{}},
	{"waiting-80x24", with(func(v *client.Frame) {
		v.Stage, v.BallInPlay, v.Score, v.Figures = client.StageWaiting, false, [2]int{}, client.Figures{}
		v.Names[1], v.Presence[1] = "", client.Absent
	}), 80, 24, look{}},
	{"ready-80x24", with(func(v *client.Frame) {
		v.Stage, v.BallInPlay, v.Score = client.StageReady, false, [2]int{}
	}), 80, 24, look{}},
	{"countdown-80x24", with(func(v *client.Frame) {
		v.Stage, v.Countdown, v.Me = client.StageCountdown, 3, 1
		v.Ball = client.Point{X: 395, Y: 295}
	}), 80, 24, look{}},
	{"scored-80x24", with(func(v *client.Frame) { v.Stage, v.Scorer, v.BallInPlay = client.StageScored, 1, false }), 80, 24, look{}},
	{"scored-colour-80x24", with(func(v *client.Frame) {
		v.Stage, v.Scorer, v.BallInPlay, v.Tick = client.StageScored, 0, false, 4719
	}), 80, 24, look{colour: true}},
	{"paused-80x24", with(func(v *client.Frame) {
		v.Stage, v.Presence[1] = client.StagePaused, client.Silent
		v.Reason, v.Player, v.Seconds = client.ReasonPlayerSilent, 1, 54
	}), 80, 24, look{}},
	{"over-80x24", with(func(v *client.Frame) {
		v.Stage, v.Score, v.Winner, v.BallInPlay = client.StageOver, [2]int{11, 7}, 0, false
		v.Rematch[1], v.Reason, v.Player = true, client.ReasonRematchOffered, 1
	}), 80, 24, look{}},
	{"over-notice-80x24", with(func(v *client.Frame) {
		v.Stage, v.Score, v.Winner, v.BallInPlay = client.StageOver, [2]int{9, 11}, 1, false
		v.Rematch[0], v.Reason, v.Player = true, client.ReasonRematchAsked, 1
	}), 80, 24, look{}},
	{"lost-80x24", with(func(v *client.Frame) { v.Stage = client.StageLost }), 80, 24, look{}},
	{"closed-80x24", with(func(v *client.Frame) {
		v.Stage, v.Reason, v.Code = client.StageClosed, client.ReasonRefused, "closing"
	}), 80, 24, look{}},
}

func TestPictures(t *testing.T) {
	for _, p := range pictures {
		t.Run(p.name, func(t *testing.T) {
			var c canvas
			got := render(&c, &p.view, p.width, p.height, p.look)
			checkSize(t, got, p.width, p.height)
			checkPicture(t, p.name, got)
		})
	}
}

// checkPicture compares a picture with a file of testdata. Escape characters are
// written as ␛ there, so that the files can be looked at.
func checkPicture(t *testing.T, name, got string) {
	t.Helper()
	got = strings.ReplaceAll(got, "\x1b", "␛") + "\n"
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the picture differs from %s:\n%s", file, got)
	}
}

// checkSize sees to it that a picture does not run over the terminal's edge.
func checkSize(t *testing.T, picture string, width, height int) {
	t.Helper()
	lines := strings.Split(picture, "\n")
	if len(lines) > max(height, 1) {
		t.Errorf("%d lines in a terminal of %d", len(lines), height)
	}
	for i, line := range lines {
		if w := lipgloss.Width(line); w > width {
			t.Errorf("line %d takes %d columns of %d: %q", i, w, width, line)
		}
	}
}

// TestNothingRunsOverTheEdge draws every stage at every size, with the longest
// and worst texts.
func TestNothingRunsOverTheEdge(t *testing.T) {
	var c canvas
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		v := with(func(v *client.Frame) {
			v.Stage, v.Countdown, v.Scorer, v.Winner = stage, 3, 1, 1
			v.Names = [2]string{"漢字漢字漢字漢字漢字漢字漢字漢字", "e\u0301\x1b[31mwild \u202e\u200d 👩‍👩‍👧 name\n\r\t of someone"}
			v.Presence[1] = client.Silent
			v.Score = [2]int{65535, 65535}
			v.Reason, v.Message = client.ReasonRefused, strings.Repeat("A notice that does not end. ", 20)
			v.Ball = client.Point{X: -500, Y: 9000}
			v.Paddle = [2]float64{-900, 9000}
			v.Figures.Latency, v.Figures.CorrectionsPerMin = 99999, 99999
		})
		for width := 0; width <= 120; width += 7 {
			for height := 0; height <= 60; height += 5 {
				picture := render(&c, &v, width, height, look{})
				checkSize(t, picture, width, height)
				if strings.Contains(picture, "\x1b[31m") {
					t.Fatal("a name got its escape sequence to the terminal")
				}
			}
		}
	}
}

// TestFieldFillsTheTerminal: at each usable size the field has about 4:3 and one
// of its sides fills the room there is.
func TestFieldFillsTheTerminal(t *testing.T) {
	for width := leastWidth; width < 300; width += 3 {
		for height := leastHeight; height < 100; height++ {
			f := fit(width, height, linesAbove, linesBelow)
			room := height - linesAbove - linesBelow
			ratio := float64(f.cols) / float64(2*f.rows)
			if f.cols < width-2 && f.rows < room-1 || f.cols > width || f.rows > room || f.left < 0 || f.top < linesAbove {
				t.Fatalf("%d x %d: field of %d x %d at %d, %d", width, height, f.cols, f.rows, f.left, f.top)
			}
			if ratio < 1.1 || ratio > 1.6 {
				t.Fatalf("%d x %d: field of %d x %d looks like %.2f to 1, want about 4:3", width, height, f.cols, f.rows, ratio)
			}
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for _, size := range [][2]int{{80, 24}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			var c canvas
			v := sample()
			b.ReportAllocs()
			for b.Loop() {
				render(&c, &v, size[0], size[1], look{colour: true})
			}
		})
	}
}
