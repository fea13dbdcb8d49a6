//go:build !js

package term

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"pong/internal/front"
	"pong/internal/front/fronttest"
	"pong/internal/game"
)

// With the lab panel open the arrows are its own, W and S move the paddle, and no other key of it stops the paddle.
func TestLab_KeysAndPaddle(t *testing.T) {
	sit(t, "h", func(d *person) {
		d.press(char('w'))
		d.press(char('l'), tea.Key{Code: tea.KeyDown}, char('2'), char('g'), tea.Key{Code: tea.KeyTab})
		marked := -1
		for i, r := range d.screen.Lab.Panel.Rows {
			if r.Marked {
				marked = i
			}
		}
		lab := &d.screen.Lab
		if d.stick.input != game.Up || marked != 1 || lab.Ghost == nil || lab.HUD != front.HUDFigures {
			t.Errorf("the paddle gets %v, row %d is marked, the ghost is %v and the HUD %v", d.stick.input, marked,
				lab.Ghost, lab.HUD)
		}
		if d.screen.Lab.Panel.Rows[1].On {
			t.Error("2 has not switched reconciliation off")
		}
		if d.press(char('s')); d.stick.input != game.None {
			t.Errorf("S after W gives %v, want the paddle to stop", d.stick.input)
		}
		d.press(char('l'), tea.Key{Code: tea.KeyDown})
		if d.stick.input != game.Down {
			t.Errorf("with the panel closed the arrow gives %v, want down", d.stick.input)
		}
	})
}

func TestLab_RowsCanBeClicked(t *testing.T) {
	sit(t, "h", func(d *person) {
		d.press(char('l'))
		if view := d.View(); view.MouseMode == tea.MouseModeNone {
			t.Error("the mouse is not reported with the panel open")
		}
		d.draw()
		for _, at := range d.canvas.clickables {
			if d.screen.Lab.Panel.Rows[at.row-1].Label == "timing" {
				d.Update(tea.MouseClickMsg{X: at.x + 1, Y: at.y, Button: tea.MouseLeft})
			}
		}
		if d.screen.Lab.Panel.Rows[3].On {
			t.Errorf("a click has not switched timing off\n%s", d.draw())
		}
		d.press(char('l'))
		if view := d.View(); view.MouseMode != tea.MouseModeNone {
			t.Error("the mouse is reported although there is nothing to click")
		}
	})
}

// A terminal without room for a column says so, and never draws it on the field.
func TestLab_SaysThatThereIsNoRoom(t *testing.T) {
	s := *screens(t)["lab"]
	s.Lab.Note, s.Lab.Explained = "", 0
	for width, want := range map[int]string{
		60: "no room beside the field", 80: "no room for another column", 120: "W/S: move  ↑↓: choose",
	} {
		got := render(new(canvas), &s, width, 24, look{palette: plainPalette})
		if !strings.Contains(got, want) {
			t.Errorf("%d columns: the screen does not say %q\n%s", width, want, got)
		}
	}
}

// BenchmarkColumns measures the picture with the panel and the graphs.
func BenchmarkColumns(b *testing.B) {
	v := fronttest.Rally()
	s := front.Screen{Match: true, Frame: v, Lab: fronttest.Lab()}
	var c canvas
	for b.Loop() {
		render(&c, &s, 120, 40, look{palette: plainPalette})
	}
}
