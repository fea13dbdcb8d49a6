//go:build !js

package term

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
	"pong/internal/names"
	"pong/internal/names/namestest"
)

// TestText_KeepsNamesWhole draws each name for both kinds of terminals. The text behind it stands where the program
// believes it to be.
func TestText_KeepsNamesWhole(t *testing.T) {
	left := strings.NewReplacer("\u200d", "", "\ufe0f", "")
	for _, s := range namestest.Names {
		for _, clusters := range []bool{false, true} {
			var c canvas
			c.reset(40, 1)
			c.clusters = clusters
			used := c.text(0, 0, 40, s.Name, plain)
			c.text(used, 0, 1, "|", plain)
			line := c.render(plainPalette)
			want, cells := s.Name+"|", ansi.StringWidth
			if !clusters {
				want, cells = left.Replace(s.Name)+"|", ansi.StringWidthWc
			}
			if line != want || cells(line) != used+1 {
				t.Errorf("%q, clusters %t: drawn %+q in %d cells, want %+q in %d", s.Name, clusters, line,
					cells(line), want, used+1)
			}
			if most := columns(s.Name); used > most {
				t.Errorf("%q takes %d cells, columns returns %d", s.Name, used, most)
			}
		}
	}
}

func TestShorten_NeverDividesACharacter(t *testing.T) {
	for _, s := range namestest.Names {
		for space := range columns(s.Name) + 2 {
			short := shorten(s.Name, space)
			whole := ""
			for cluster := range names.Clusters(s.Name) {
				if len(whole) < len(short) {
					whole += cluster
				}
			}
			if columns(short) > space || short != whole {
				t.Errorf("%q in %d cells: %+q", s.Name, space, short)
			}
		}
	}
}

func TestFieldText_ShowsWhatIsBeforeTheCaret(t *testing.T) {
	for _, c := range []struct {
		before, after string
		want          string
	}{
		{"Ann", "a", "> Ann█a"},
		{"192.168.1.20", "", "> 68.1.20█"},
		{"王小明王", "x", "> 小明王█x"},
		{"👩🏽Anna", "", "> Anna█"}, // the picture takes up to four cells
	} {
		f := front.Field{Text: c.before + c.after, Caret: len(c.before)}
		if got := fieldText(&f, 11); got != c.want {
			t.Errorf("%q with the caret behind %q: %q, want %q", f.Text, c.before, got, c.want)
		}
	}
}

func TestModel_MeasuresClustersIfTheTerminalCan(t *testing.T) {
	for value, want := range map[ansi.ModeSetting]bool{
		ansi.ModeReset: true, ansi.ModeSet: true, ansi.ModePermanentlySet: true, ansi.ModeNotRecognized: false,
		ansi.ModePermanentlyReset: false,
	} {
		if got := measuresClusters(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: value}); got != want {
			t.Errorf("mode 2027 is %v: %t, want %t", value, got, want)
		}
	}
	if measuresClusters(tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}) {
		t.Error("another mode counts as mode 2027")
	}
}

// labelsOf returns the line above the field with two names, as a terminal shows it.
func labelsOf(two [2]string, p palette) string {
	v := fronttest.Rally()
	v.Names = two
	c := canvas{clusters: true}
	picture := render(&c, &front.Screen{Match: true, Frame: v}, 80, 24, look{palette: p})
	return ansi.Strip(strings.Split(picture, "\n")[fit(80, 24, linesAbove, linesBelow).top-1])
}

func TestRender_ShowsNamesOfTheWorld(t *testing.T) {
	for i, s := range namestest.Names {
		other := namestest.Names[(i+1)%len(namestest.Names)].Name
		line := labelsOf([2]string{s.Name, other}, palette{})
		if !strings.Contains(line, " "+s.Name+" (you) ") || !strings.Contains(line, " "+other+" ") {
			t.Errorf("the names %q and %q are shown as %q", s.Name, other, line)
		}
	}
	if line := labelsOf([2]string{"דוד", "علی"}, palette{}); !strings.Contains(line, "علی (right)") {
		t.Errorf("two names from right to left are shown as %q, want a note behind each", line)
	}
	if line := labelsOf([2]string{"Ann", "аnn"}, palette{}); !strings.Contains(line, "аnn (mixed letters)") {
		t.Errorf("a name with a Cyrillic letter among Latin ones is shown as %q", line)
	}
}

func TestRender_ASCIITransliteratesNames(t *testing.T) {
	for two, want := range map[[2]string]string{
		{"Zoë", "Ольга"}:   "Zoe (you)|Ol'ga",
		{"王小明", "김민준"}:     "Wang Xiao Ming (you)|gimminjun",
		{"аnn", "❤\ufe0f"}: "ann (you, mixed letters)|?",
	} {
		line := labelsOf(two, palette{ascii: true})
		for _, want := range strings.Split(want, "|") {
			if !strings.Contains(line, " "+want+" ") {
				t.Errorf("the names %q are shown as %q, want %s", two, line, want)
			}
		}
	}
	v := fronttest.Rally()
	v.Names, v.Scorer, v.Stage = [2]string{"王", "Ольга"}, 1, client.StageScored
	point := render(new(canvas), &front.Screen{Match: true, Frame: v}, 80, 24, look{palette: palette{ascii: true}})
	if !strings.Contains(point, "Point for Ol'ga") {
		t.Errorf("a point of Ольга:\n%s", point)
	}
	v.Names, v.Winner, v.Stage = [2]string{"王", "旺"}, 1, client.StageOver
	s := fronttest.Match(t, front.Want{Name: "王"}, func(f *client.Frame) { *f = v })
	picture := render(new(canvas), &s, 80, 24, look{palette: palette{ascii: true}})
	if !strings.Contains(picture, "Wang (right) wins") {
		t.Errorf("two names that are spelled equally:\n%s", picture)
	}
}

func TestOperator_NotesRemainBesideLongNames(t *testing.T) {
	l := layout{0, 7, 24, 41, 49, 58, 86}
	for name, want := range map[string]string{
		"Ann": "Ann", "": "-", "аnnabella von Bob": "аnnabell (mixed)", "محمد": "محمد (left)",
		"عبدالرحمن محمد": "عبدالرحمن (left)",
	} {
		got := l.seat(&OperatorRow{Names: [2]string{name, "x"}}, 0, false)
		if got != want || columns(got) > 16 {
			t.Errorf("the player %q is shown as %q, want %q", name, got, want)
		}
	}
}
