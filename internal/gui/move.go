//go:build !nogui

package gui

import (
	"pong/internal/client"
	"pong/internal/game"
)

// held is the set of things that push in one direction at this moment: a bit for each key, button, stick
// and finger. They are kept apart so that pressing W while the up arrow is held counts as something new.
type held uint8

// The bits of a held.
const (
	heldLetter held = 1 << iota // W or S
	heldArrow
	heldPad   // the directional pad
	heldStick // the left stick, out of its dead zone
	heldTouch // a finger
)

// mover turns what is held into the one input that a tick can have. Where both directions are held, the newest
// press wins, and letting go of it gives the older one back: nobody gets stuck who rolls from one key to another.
type mover struct {
	up, down held
	newest   game.Input
}

// move takes what is held now and returns the next mover with its input.
func (m mover) move(up, down held) (mover, game.Input) {
	newUp, newDown := up&^m.up != 0, down&^m.down != 0
	next := mover{up: up, down: down, newest: m.newest}
	switch {
	case newUp && newDown:
		next.newest = game.None // in one frame: neither is newer
	case newUp:
		next.newest = game.Up
	case newDown:
		next.newest = game.Down
	}
	switch {
	case up != 0 && down != 0:
		return next, next.newest
	case up != 0:
		return next, game.Up
	case down != 0:
		return next, game.Down
	}
	return next, game.None
}

// deadZone is how far a stick must be pushed to count. Worn sticks rest as far out as 0.2.
const deadZone = 0.35

// stick turns the vertical axis of a stick, -1 at the top, into what it holds.
func stick(axis float64) (up, down held) {
	switch {
	case axis < -deadZone:
		return heldStick, 0
	case axis > deadZone:
		return 0, heldStick
	}
	return 0, 0
}

// touched turns fingers on the picture into what they hold: the upper half of the own side is up, the lower down.
func touched(me int, fingers []client.Point) (up, down held) {
	for _, p := range fingers {
		if (p.X < client.FieldWidth/2) != (me == 0) {
			continue
		}
		if p.Y < client.FieldHeight/2 {
			up |= heldTouch
		} else {
			down |= heldTouch
		}
	}
	return up, down
}
