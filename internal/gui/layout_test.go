//go:build !nogui

package gui

import (
	"math"
	"testing"

	"pong/internal/client"
)

func TestFit_FillsTheWindowAsFarAsItsShapeAllows(t *testing.T) {
	for _, c := range []struct {
		width, height, density float64
		want                   layout
	}{
		{800, 600, 1, layout{1, 0, 0, 1}},
		{1600, 1200, 2, layout{2, 0, 0, 1}},
		{1600, 600, 1, layout{1, 400, 0, 1}},
		{800, 1200, 1, layout{1, 0, 300, 1}},
		{480, 360, 1, layout{0.6, 0, 0, 1.5}},
		{80, 60, 1, layout{0.1, 0, 0, maxZoom}},
	} {
		got := fit(c.width, c.height, c.density)
		if math.Abs(got.scale-c.want.scale) > 1e-9 || got.x != c.want.x || got.y != c.want.y ||
			math.Abs(got.zoom-c.want.zoom) > 1e-9 {
			t.Errorf("a window of %v x %v at density %v: layout %+v, want %+v",
				c.width, c.height, c.density, got, c.want)
		}
	}
}

func TestFit_SmallPrintIsJudgedByTheDesktopsPixels(t *testing.T) {
	if near, far := fit(960, 720, 2).zoom, fit(960, 720, 1).zoom; near <= far {
		t.Errorf("the same pixels on a dense screen are smaller to the eye: zoom %v there, %v on a plain one",
			near, far)
	}
}

func TestLayout_PlacesSurviveTheWayToTheWindowAndBack(t *testing.T) {
	l := fit(1234, 567, 1.5)
	for _, p := range []client.Point{{}, {X: 800, Y: 600}, {X: 12.5, Y: 311}} {
		back := l.toPicture(l.toWindow(p))
		if math.Hypot(back.X-p.X, back.Y-p.Y) > 1e-9 {
			t.Errorf("%v came back as %v", p, back)
		}
	}
}
