//go:build !js

package term

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"charm.land/lipgloss/v2"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew")

// screens are the samples of screens, by name.
func screens(t *testing.T) map[string]*front.Screen {
	t.Helper()
	all := make(map[string]*front.Screen)
	for _, s := range fronttest.Screens(t) {
		s.Age = 900 * time.Millisecond
		all[s.Name] = &s.Screen
	}
	for name, change := range map[string]func(*front.LabView){
		"lab":      func(*front.LabView) {},
		"graphs":   func(l *front.LabView) { l.Panel, l.Note = nil, "" },
		"figures":  func(l *front.LabView) { l.Panel, l.Note, l.HUD = nil, "", front.HUDFigures },
		"keys":     func(l *front.LabView) { l.Panel, l.Note, l.Help = nil, "", front.HelpKeys },
		"glossary": func(l *front.LabView) { l.Panel, l.Note, l.Help = nil, "", front.HelpGlossary },
		"beside": func(l *front.LabView) {
			v := fronttest.Rally()
			v.Ball.X, v.Paddle[0] = 400, 300
			*l = front.LabView{Beside: &front.Beside{Label: "the same match, drawn as the original", Frame: v}}
		},
	} {
		s := *all["playing"]
		s.Lab = fronttest.Lab()
		change(&s.Lab)
		all[name] = &s
	}
	return all
}

// playing is the screen of a match in full swing, with a change.
func playing(change func(*client.Frame)) *front.Screen {
	v := fronttest.Rally()
	change(&v)
	return &front.Screen{Match: true, Frame: v}
}

// pictures are compared with the files in testdata. Those that have no size are of a terminal of 80 by 24.
var pictures = []struct {
	screen        string
	width, height int
	look          look
}{
	{screen: "address"}, {screen: "address wrong"}, {screen: "dialling"}, {screen: "question"}, {screen: "failed"},
	{screen: "question", width: 40, height: 16},
	{screen: "menu main"}, {screen: "menu friend typed"}, {screen: "menu watch"}, {screen: "menu watch many"},
	{screen: "waiting"}, {screen: "waiting for a friend"}, {screen: "ready"}, {screen: "countdown right"},
	{screen: "playing"}, {screen: "playing watching"}, {screen: "scored right"}, {screen: "paused watching"},
	{screen: "over"}, {screen: "over agreed"}, {screen: "over watching"}, {screen: "lost"}, {screen: "closed"},
	{screen: "leaving"},
	{screen: "lab"}, {screen: "graphs"}, {screen: "figures"}, {screen: "keys"}, {screen: "glossary"},
	{screen: "lab", width: 120, height: 40}, {screen: "lab", width: 60, height: 20},
	{screen: "beside"}, {screen: "beside", width: 120, height: 40}, {screen: "beside", width: 60, height: 20},
	{screen: "playing", width: 48, height: 14},
	{screen: "playing", width: 200, height: 60, look: look{steering: held}},
	{screen: "playing", width: 180, height: 20},
	{screen: "playing", width: 50, height: 60},
	{screen: "playing", width: 30, height: 8},
	{screen: "playing", look: look{palette: palette{ground: darkGround}}},
	{screen: "menu main", look: look{palette: palette{ground: lightGround}}},
}

func TestRender_Pictures(t *testing.T) {
	all := screens(t)
	for _, p := range pictures {
		if p.width == 0 {
			p.width, p.height = 80, 24
		}
		name := fmt.Sprintf("%s-%dx%d", strings.ReplaceAll(p.screen, " ", "-"), p.width, p.height)
		if p.look.palette == (palette{}) {
			p.look.palette = plainPalette
		} else {
			name += "-colour"
		}
		t.Run(name, func(t *testing.T) {
			got := render(new(canvas), all[p.screen], p.width, p.height, p.look)
			checkSize(t, got, p.width, p.height)
			checkPicture(t, name, got)
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

// TestRender_NothingRunsOverTheEdge draws every screen at every size, also with the longest and worst texts of others.
func TestRender_NothingRunsOverTheEdge(t *testing.T) {
	var c canvas
	for name, s := range screens(t) {
		if s.Match {
			s.Frame.Names = [2]string{"漢字漢字漢字漢字漢字漢字漢字漢字",
				"e\u0301\x1b[31mwild \u202e\u200d 👩‍👩‍👧 name\n\r\t of someone"}
			s.Frame.Score = [2]int{65535, 65535}
			s.Frame.Ball = client.Point{X: -500, Y: 9000}
			s.Frame.Paddle = [2]float64{-900, 9000}
			s.Frame.Figures.Latency, s.Frame.Figures.CorrectionsPerMin = 99999, 99999
		}
		for width := 0; width <= 120; width += 12 {
			for height := 0; height <= 60; height += 6 {
				picture := render(&c, s, width, height, look{})
				checkSize(t, picture, width, height)
				if strings.Contains(picture, "\x1b[31m") {
					t.Fatalf("%s: a name got its escape sequence to the terminal", name)
				}
			}
		}
	}
}

// TestRender_NamesEveryKey of a card, however small the terminal.
func TestRender_NamesEveryKey(t *testing.T) {
	for name, s := range screens(t) {
		if s.Card.Kind == front.NoCard {
			continue
		}
		for _, size := range [][2]int{{80, 24}, {leastWidth, leastHeight}} {
			got := render(new(canvas), s, size[0], size[1], look{palette: plainPalette})
			got = strings.Join(strings.Fields(got), " ")
			for _, c := range s.Card.Choices {
				if want := keysOf(c.Keys) + ": " + c.Label; !strings.Contains(got, want) {
					t.Errorf("%s at %v does not say %q:\n%s", name, size, want, got)
				}
			}
			if len(s.Card.Rows) > 0 && s.Card.At >= 0 && !strings.Contains(got, "▸") {
				t.Errorf("%s at %v: the marked row is not shown:\n%s", name, size, got)
			}
		}
	}
}

// TestRender_NothingIsOnesOwnForAWatcher, in no stage.
func TestRender_NothingIsOnesOwnForAWatcher(t *testing.T) {
	for name, s := range screens(t) {
		if !s.Frame.Watching {
			continue
		}
		got := render(new(canvas), s, 120, 40, look{})
		if !strings.Contains(got, "WATCHING") {
			t.Errorf("%s: it does not say that the person is watching:\n%s", name, got)
		}
		for _, words := range []string{"you)", "You win", "You play", "Your point", " r: ", "W/S", "lead"} {
			if strings.Contains(got, words) {
				t.Errorf("%s: it says %q to a watcher:\n%s", name, words, got)
			}
		}
	}
	if whose(&client.Frame{Watching: true}, 0) == mine {
		t.Error("a paddle has the colour of one's own")
	}
}

// TestRender_OwnColourIsThatOfTheOwnPaddle, whichever side that is.
func TestRender_OwnColourIsThatOfTheOwnPaddle(t *testing.T) {
	for me := range 2 {
		if v := (client.Frame{Me: me}); whose(&v, me) != mine || whose(&v, 1-me) != plain {
			t.Errorf("player %d has style %d, the other %d", me, whose(&v, me), whose(&v, 1-me))
		}
	}
}

// TestCard_ShowsAChangedIdentityWhole: the command stands in a line of its own, to be typed as it is.
func TestCard_ShowsAChangedIdentityWhole(t *testing.T) {
	const address = "192.168.1.20:5555"
	known, found, err := fronttest.Refusal(t, address)
	s := fronttest.Show(t, front.Config{Want: front.Want{Address: address}}, fronttest.Server{Err: err})
	for _, height := range []int{24, 40} {
		text := ""
		for line := range strings.Lines(render(new(canvas), &s, 80, height, look{palette: plainPalette})) {
			text += strings.TrimSpace(line) + "\n"
		}
		for _, want := range []string{"\npong trust forget " + address + "\n", "reinstalled", "the server prints",
			"join again", "Try again"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d rows: the screen lacks %q:\n%s", height, want, text)
			}
		}
		joined := strings.ReplaceAll(text, "\n", "")
		for _, print := range []string{known, found} {
			if !strings.Contains(joined, print) {
				t.Errorf("%d rows: the screen lacks the fingerprint %q:\n%s", height, print, text)
			}
		}
	}
}

// TestCardLines_MarkedRowIsShown, wherever it stands in a long list.
func TestCardLines_MarkedRowIsShown(t *testing.T) {
	s := screens(t)["menu watch many"]
	for s.Card.At = range s.Card.Rows {
		lines := cardLines(&s.Card, 0, 72, 24)
		marked := "▸ " + s.Card.Rows[s.Card.At].Label
		if !slices.ContainsFunc(lines, func(l cardLine) bool { return l.text == marked }) || len(lines) > 24 {
			t.Errorf("row %d is not among the %d lines that are shown", s.Card.At, len(lines))
		}
	}
}

// TestFit_FieldFillsTheTerminal: at each usable size the field has about 4:3 and one
// of its sides fills the space there is.
func TestFit_FieldFillsTheTerminal(t *testing.T) {
	for width := leastWidth; width < 300; width += 3 {
		for height := leastHeight; height < 100; height++ {
			f := fit(width, height, linesAbove, linesBelow)
			space := height - linesAbove - linesBelow
			ratio := float64(f.cols) / float64(2*f.rows)
			if f.cols < width-2 && f.rows < space-1 || f.cols > width || f.rows > space || f.left < 0 ||
				f.top < linesAbove {
				t.Fatalf("%d x %d: field of %d x %d at %d, %d", width, height, f.cols, f.rows, f.left, f.top)
			}
			if ratio < 1.1 || ratio > 1.6 {
				t.Fatalf("%d x %d: field of %d x %d looks like %.2f to 1, want about 4:3",
					width, height, f.cols, f.rows, ratio)
			}
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for _, size := range [][2]int{{80, 24}, {200, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			var c canvas
			s := playing(func(*client.Frame) {})
			b.ReportAllocs()
			for b.Loop() {
				render(&c, s, size[0], size[1], look{})
			}
		})
	}
}
