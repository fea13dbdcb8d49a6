//go:build !nogui

package gui

import (
	"fmt"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
)

// looking returns a frame of a person who looks at everything.
func looking() frame {
	f := playing(func(*client.Frame) {})
	f.Lab, f.frames = fronttest.Lab(), 59.9
	return f
}

// columnsOf returns all columns of a height, by name.
func columnsOf(high float64) map[string]*picture {
	f := looking()
	all := make(map[string]*picture)
	add := func(name string, hud front.HUD, help front.HelpPage) {
		f.Lab.HUD, f.Lab.Help = hud, help
		all[name] = new(picture)
		all[name].leftColumn(&f, high)
	}
	add("figures", front.HUDFigures, front.NoHelp)
	add("graphs", front.HUDGraphs, front.NoHelp)
	add("keys", front.HUDLine, front.HelpKeys)
	add("glossary", front.HUDLine, front.HelpGlossary)
	all["lab panel"] = new(picture)
	all["lab panel"].rightColumn(f.Lab.Panel, high, true)
	return all
}

func TestColumn_KeepsItsContentsInside(t *testing.T) {
	for _, high := range []float64{450, 600, 800} {
		for name, p := range columnsOf(high) {
			if name == "keys" && high < 600 {
				continue // a window of 360 pixels shows the first ones
			}
			for _, g := range p.shapes {
				x, w := g.x, g.w
				if g.kind == kindText {
					w = measure(g.text, g.face, g.size)
					x -= w * float64(g.align) / 2
				}
				if x < -0.5 || x+w > columnWidth+0.5 || g.y < -0.5 || g.y+g.h > high+0.5 {
					t.Errorf("%s, %v high: %q at %.0f, %.0f, %.0f x %.0f leaves the column", name, high, g.text, x, g.y,
						w, g.h)
				}
			}
		}
	}
}

func TestColumn_ShowsWhatThereIs(t *testing.T) {
	for name, want := range map[string][]string{
		"figures":  {"48 ms", "p50 47", "2.1 of 2.5", "59.9 frames/s", "inputs missed"},
		"graphs":   {"round trip/jitter", "loss up/down", "margin/wanted", "drawn from true", "Margin: how many"},
		"keys":     {"Tab", "F1", "1-7", "G", "L"},
		"glossary": {"correction", "confirmed", "ghost", "1 of 3"},
		"lab panel": {"delay", "jitter", "loss", "burst", "reorder", "duplicate", "rate", "outage", "5 s",
			"1  prediction", "2  reconciliation", "7  exactness", "original", "off", "the bot's", "Reconciliation is"},
	} {
		var words []string
		for _, g := range columnsOf(620)[name].shapes {
			words = append(words, g.text)
		}
		got := strings.Join(words, " | ")
		for _, w := range want {
			if !strings.Contains(got, strings.Replace(w, "59.9 frames/s", "60 frames/s", 1)) {
				t.Errorf("%s does not show %q; it shows %s", name, w, got)
			}
		}
	}
}

// The field and the columns lie side by side in windows of all sizes, and the field is never covered.
func TestArrange_NothingLiesOnTheField(t *testing.T) {
	for _, size := range [][2]float64{{480, 360}, {640, 480}, {960, 720}, {1280, 800}, {1920, 1080}, {800, 1200}} {
		for _, wants := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
			a := arrange(size[0], size[1], 1, wants[0], wants[1])
			name := fmt.Sprintf("%v, columns %v", size, wants)
			from, to := a.field.x, a.field.x+client.FieldWidth*a.field.scale
			if a.toLeft && a.left.x+columnWidth*a.left.scale > from+1 {
				t.Errorf("%s: the left column reaches %.0f, and the field begins at %.0f", name,
					a.left.x+columnWidth*a.left.scale, from)
			}
			if a.toRight && a.right.x < to-1 {
				t.Errorf("%s: the right column begins at %.0f, and the field ends at %.0f", name, a.right.x, to)
			}
			if to > size[0]+1 || from < -1 || to-from < 0.4*min(size[0], size[1]*4/3) {
				t.Errorf("%s: the field is from %.0f to %.0f", name, from, to)
			}
			if a.toRight != wants[1] || a.toLeft != wants[0] && !wants[1] {
				t.Errorf("%s: shown are %v and %v", name, a.toLeft, a.toRight)
			}
		}
	}
}

// Each row of the lab panel can be clicked, a slider at its share of the width.
func TestLabPanel_RowsCanBeClicked(t *testing.T) {
	f := looking()
	p := columnsOf(620)["lab panel"]
	for i := range f.Lab.Panel.Rows {
		found := false
		for _, b := range p.buttons {
			if b.lab == i+1 {
				hit := p.hit(client.Point{X: b.x + b.w/2, Y: b.y + b.h/2})
				found = hit.lab == i+1
			}
		}
		if !found {
			t.Errorf("the row %q cannot be clicked", f.Lab.Panel.Rows[i].Label)
		}
	}
}

// BenchmarkColumns measures the pictures of the panel, the graphs and the ghost in a frame.
func BenchmarkColumns(b *testing.B) {
	f := looking()
	var left, right, field picture
	field.compose(f)
	for b.Loop() {
		left.leftColumn(&f, 620)
		right.rightColumn(f.Lab.Panel, 620, false)
		field.compose(f)
	}
}

// Two fields beside each other have the same size, and neither covers the other or a column.
func TestArrange_TwoFieldsBesideEachOther(t *testing.T) {
	for _, size := range [][2]float64{{640, 480}, {1280, 800}, {1920, 1080}, {800, 1200}} {
		for _, wants := range [][2]bool{{false, false}, {true, false}, {true, true}} {
			a := arrange(size[0], size[1], 1, wants[0], wants[1])
			a.split(size[0], size[1], 1)
			name := fmt.Sprintf("%v, columns %v", size, wants)
			first, second := a.field.x+client.FieldWidth*a.field.scale, a.beside.x+client.FieldWidth*a.beside.scale
			if a.field.scale != a.beside.scale || first > a.beside.x || second > size[0]+1 || a.field.scale < 0.1 {
				t.Errorf("%s: the fields end at %.0f and %.0f, the second begins at %.0f", name, first, second,
					a.beside.x)
			}
			if a.toLeft && a.left.x+columnWidth*a.left.scale > a.field.x+1 || a.toRight && second > a.right.x+1 {
				t.Errorf("%s: a column lies on a field", name)
			}
		}
	}
}

// The second field shows what the shadow draws, and its label.
func TestBeside_IsDrawn(t *testing.T) {
	f := looking()
	v := f.Frame
	v.Ball.X = 123
	f.Lab.Beside = &front.Beside{Label: "the same match, drawn as the original", Frame: v}
	var p picture
	p.composeBeside(f)
	label, ball := false, false
	for _, g := range p.shapes {
		label = label || g.kind == kindText && g.text == f.Lab.Beside.Label
		ball = ball || g.kind == kindBox && g.x == 123
	}
	if !label || !ball {
		t.Errorf("the second field has the label: %v, and the ball: %v", label, ball)
	}
}
