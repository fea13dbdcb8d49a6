//go:build !nogui

package gui

import (
	"testing"

	"pong/internal/front"
)

// scaled returns a monitor of 1920 x 1080 pixels at a scale in percent.
func scaled(name string, percent int) monitor {
	return monitor{name, 1920 * 100 / percent, 1080 * 100 / percent}
}

func TestPlace_FitsTheWorkArea(t *testing.T) {
	for _, c := range []struct {
		m                     monitor
		kept                  front.Settings
		wantWidth, wantHeight int
	}{
		{scaled("a", 100), front.Settings{}, 960, 720}, // as it is
		{scaled("a", 150), front.Settings{}, 853, 640},
		{scaled("a", 200), front.Settings{}, 613, 459},
		{monitor{"a", 1366, 768}, front.Settings{}, 917, 688},
		{monitor{"a", 640, 480}, front.Settings{}, 533, 400},
		{monitor{"a", 480, 1920}, front.Settings{}, 432, 324},
		{monitor{"a", 0, 0}, front.Settings{}, 960, 720}, // not known
		{monitor{"a", 1000, 1000}, front.Settings{Width: 3000, Height: 300}, 900, 90},
		// A window that was that large on this monitor stays so, unless it had another scale.
		{scaled("a", 100), front.Settings{Width: 1880, Height: 990, Place: front.Place{Monitor: "a"}}, 1880, 990},
		{scaled("a", 200), front.Settings{Width: 960, Height: 720, Place: front.Place{Monitor: "a"}}, 613, 459},
	} {
		p := place(c.kept, []monitor{c.m}, 0)
		if p.width != c.wantWidth || p.height != c.wantHeight {
			t.Errorf("%+v on %+v: %d x %d, want %d x %d", c.kept, c.m, p.width, p.height, c.wantWidth, c.wantHeight)
		}
		if c.m.width > 0 && (p.x+p.width > c.m.width || p.y+p.height > c.m.height-barsHeight) {
			t.Errorf("%+v on %+v: %+v is partly off the work area", c.kept, c.m, p)
		}
	}
}

func TestPlace_OpensWhereItWas(t *testing.T) {
	monitors := []monitor{scaled("left", 100), scaled("right", 100), scaled("right", 200)}
	at := func(monitor string, index, x, y int) front.Settings {
		return front.Settings{Width: 800, Height: 600, Place: front.Place{Monitor: monitor, Index: index, X: x, Y: y}}
	}
	centre := placement{monitor: -1, width: 800, height: 600, centred: true}
	for _, c := range []struct {
		about string
		kept  front.Settings
		want  placement
	}{
		{"the first run", front.Settings{}, placement{monitor: -1, width: 960, height: 720, centred: true}},
		{"a known place", at("right", 1, 30, 40), placement{1, 800, 600, 30, 40, false}},
		{"the corner", at("left", 0, 0, 0), placement{0, 800, 600, 0, 0, false}},
		{"a monitor with another number", at("left", 2, 30, 40), placement{0, 800, 600, 30, 40, false}},
		{"the second of two with one name", at("right", 2, 30, 40), placement{2, 613, 460, 30, 40, false}},
		{"partly beyond the right side", at("left", 0, 1500, 40), placement{0, 800, 600, 1120, 40, false}},
		{"partly beyond the bottom", at("left", 0, 30, 900), placement{0, 800, 600, 30, 480, false}},
		{"partly beyond the left side", at("left", 0, -100, -5), placement{0, 800, 600, 0, 0, false}},
		{"a monitor that is gone", at("middle", 0, 30, 40), centre},
		{"beyond its monitor", at("left", 0, 1920, 0), centre},
		{"left of its monitor", at("left", 0, -800, 0), centre},
		{"above its monitor", at("left", 0, 0, -600), centre},
		{"far away", at("left", 0, -30000, 30000), centre},
		{"no name", at("", 0, 30, 40), centre},
		{"a damaged number", at("left", -1, 30, 40), placement{0, 800, 600, 30, 40, false}},
	} {
		if got := place(c.kept, monitors, 0); got != c.want {
			t.Errorf("%s, %+v: %+v, want %+v", c.about, c.kept, got, c.want)
		}
	}
	if got := place(at("left", 0, 5, 5), nil, -1); got != centre {
		t.Errorf("without monitors: %+v, want %+v", got, centre)
	}
}

func TestNoted_KeepsTheWindowToWhichItReturns(t *testing.T) {
	place := front.Place{Monitor: "a", X: 30, Y: 40}
	kept := front.Settings{Width: 800, Height: 600, Place: place, Mute: true}
	moved := windowState{width: 900, height: 700, place: front.Place{Monitor: "b", X: 1, Y: 2}}
	for _, c := range []struct {
		about  string
		change func(*windowState)
		want   front.Settings
	}{
		{"moved", func(*windowState) {}, front.Settings{Width: 900, Height: 700, Place: moved.place, Mute: true}},
		{"full screen", func(w *windowState) { w.fullscreen = true },
			front.Settings{Width: 900, Height: 700, Place: moved.place, Fullscreen: true, Mute: true}},
		{"maximised", func(w *windowState) { w.maximised = true },
			front.Settings{Width: 800, Height: 600, Place: place, Maximized: true, Mute: true}},
		{"minimised", func(w *windowState) { w.minimised = true }, kept},
	} {
		state := moved
		c.change(&state)
		if got := noted(kept, state); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.about, got, c.want)
		}
	}
}
