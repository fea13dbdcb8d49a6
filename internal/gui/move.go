//go:build !nogui

package gui

import (
	"pong/internal/client"
	"pong/internal/game"
)

// A held is the set of keys, buttons, sticks and touches that push in one direction now. They are separate bits, so
// that pressing W while the up arrow is held counts as a new press.
type held uint8

// The bits of a held.
const (
	heldLetter held = 1 << iota // W or S
	heldArrow
	heldPad   // the directional pad
	heldStick // the left stick, out of its dead zone
	heldTouch // a finger
)

// A mover turns what is held into the one input of a tick. If both directions are held, the newest press wins, and
// releasing it brings the older one back.
type mover struct {
	up, down held
	newest   game.Input
}

// move returns the next mover and its input.
func (m mover) move(up, down held) (mover, game.Input) {
	newUp, newDown := up&^m.up != 0, down&^m.down != 0
	next := mover{up: up, down: down, newest: m.newest}
	switch {
	case newUp && newDown:
		next.newest = game.None // both in one frame, so neither is newer
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

// deadZone is how far a stick must be pushed to count. Worn sticks rest at up to 0.2.
const deadZone = 0.35

// stick returns what the vertical axis of a stick holds. The axis is -1 at the top.
func stick(axis float64) (up, down held) {
	switch {
	case axis < -deadZone:
		return heldStick, 0
	case axis > deadZone:
		return 0, heldStick
	}
	return 0, 0
}

// touched returns what fingers on the picture hold: the upper half of the own side is up, the lower half is down.
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
