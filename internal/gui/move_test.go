//go:build !nogui

package gui

import (
	"testing"

	"pong/internal/client"
	"pong/internal/game"
)

// keys is what is held in one frame and the input that must come of it.
type keys struct {
	up, down held
	want     game.Input
}

func TestMover_NewestPressWins(t *testing.T) {
	for name, frames := range map[string][]keys{
		"one key": {{0, 0, game.None}, {heldLetter, 0, game.Up}, {heldLetter, 0, game.Up},
			{0, 0, game.None}},
		"down over up": {{heldLetter, 0, game.Up}, {heldLetter, heldLetter, game.Down},
			{heldLetter, heldLetter, game.Down}},
		"up over down": {{0, heldArrow, game.Down}, {heldArrow, heldArrow, game.Up}},
		"letting go gives back": {{heldLetter, 0, game.Up}, {heldLetter, heldLetter, game.Down},
			{heldLetter, 0, game.Up}},
		"both at once": {{heldLetter, heldLetter, game.None}, {0, heldLetter, game.Down}},
		"a second key for the same way": {{heldLetter, 0, game.Up}, {heldLetter, heldLetter, game.Down},
			{heldLetter | heldArrow, heldLetter, game.Up}},
		"letters and arrows": {{heldLetter, 0, game.Up}, {heldLetter, heldArrow, game.Down},
			{0, heldArrow, game.Down}},
		"letting one of two go": {{heldLetter | heldArrow, 0, game.Up}, {heldArrow, heldPad, game.Down},
			{0, heldPad, game.Down}},
	} {
		var m mover
		for i, k := range frames {
			var got game.Input
			if m, got = m.move(k.up, k.down); got != k.want {
				t.Errorf("%s: frame %d gives %v, want %v", name, i, got, k.want)
			}
		}
	}
}

func TestStick_WornOneRests(t *testing.T) {
	for _, c := range []struct {
		axis     float64
		up, down held
	}{{0, 0, 0}, {0.2, 0, 0}, {-0.2, 0, 0}, {-1, heldStick, 0}, {1, 0, heldStick}, {0.5, 0, heldStick}} {
		if up, down := stick(c.axis); up != c.up || down != c.down {
			t.Errorf("a stick at %v holds up %v, down %v; want %v, %v", c.axis, up, down, c.up, c.down)
		}
	}
}

func TestTouched_CountsOnTheOwnSide(t *testing.T) {
	for _, c := range []struct {
		me       int
		at       client.Point
		up, down held
	}{
		{0, client.Point{X: 100, Y: 100}, heldTouch, 0},
		{0, client.Point{X: 100, Y: 500}, 0, heldTouch},
		{0, client.Point{X: 700, Y: 100}, 0, 0},
		{1, client.Point{X: 700, Y: 100}, heldTouch, 0},
		{1, client.Point{X: 700, Y: 500}, 0, heldTouch},
		{1, client.Point{X: -50, Y: 500}, 0, 0},
		{0, client.Point{X: -50, Y: 500}, 0, heldTouch}, // on the bar beside the picture
	} {
		if up, down := touched(c.me, []client.Point{c.at}); up != c.up || down != c.down {
			t.Errorf("player %d touches %v: up %v, down %v; want %v, %v", c.me+1, c.at, up, down, c.up, c.down)
		}
	}
}
