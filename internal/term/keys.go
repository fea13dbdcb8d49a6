//go:build !js

package term

import (
	"unicode"

	tea "charm.land/bubbletea/v2"

	"pong/internal/game"
)

// steering is how a key press becomes a move.
//
//	                 a release is reported
//	     .-------------------------------------------.
//	latched: press moves, until another key        v
//	                                   held: moves while the key is down
//
// Most terminals report that a key was pressed and never that it was released.
// There a paddle moves from a key press until the next one: the opposite key or
// any other stops it, and the same key again (or its automatic repeat) changes
// nothing. To guess a release from the end of the repeat would stop a paddle
// half a second late, and often wrongly over SSH.
//
// Terminals with the kitty keyboard protocol report releases, and Windows does.
// There a paddle moves while a key is down.
type steering uint8

const (
	latched steering = iota
	held
)

// help says what the keys do, for the person.
func (s steering) help() string {
	if s == held {
		return "hold W/S or ↑/↓ to move"
	}
	return "W/S or ↑/↓ to go, opposite or Space to stop"
}

// key is one of the keys that move the paddle.
type key uint8

// The keys, three for each way, so that two held at once can be told apart.
const (
	keyW key = iota
	keyUp
	keyK
	keyS
	keyDown
	keyJ
	keys     // how many there are
	otherKey = keys
)

// steers tells which of them was pressed.
func steers(k tea.Key) key {
	switch k.Code {
	case tea.KeyUp:
		return keyUp
	case tea.KeyDown:
		return keyDown
	}
	switch letter(k) {
	case 'w':
		return keyW
	case 'k':
		return keyK
	case 's':
		return keyS
	case 'j':
		return keyJ
	}
	return otherKey
}

// letter is the small Latin letter on a key. Where the alphabet is another one
// it is the letter at the same place of a US keyboard, if the terminal tells.
func letter(k tea.Key) rune {
	if k.Code > unicode.MaxASCII && k.BaseCode != 0 {
		return k.BaseCode
	}
	return unicode.ToLower(k.Code)
}

// way is where a key moves the paddle.
func (k key) way() game.Input {
	switch {
	case k <= keyK:
		return game.Up
	case k <= keyJ:
		return game.Down
	}
	return game.None
}

// stick turns key presses and releases into the input that is held. Its zero
// value is latched, at rest.
type stick struct {
	steering steering
	input    game.Input
	down     [keys]uint32 // when each key went down, by count of presses; 0 is up
	presses  uint32
}

// press takes a key that went down. A repeat is a key that is down already.
func (s *stick) press(k key) {
	if s.steering == latched {
		s.latch(k.way())
		return
	}
	if k < keys && s.down[k] == 0 {
		s.presses++
		s.down[k] = s.presses
		s.input = s.newest()
	}
}

// latch is press where no release will be reported.
func (s *stick) latch(way game.Input) {
	if s.input != game.None && way != s.input {
		way = game.None
	}
	s.input = way
}

// release takes a key that went up. That it came at all says that this terminal
// reports releases.
func (s *stick) release(k key) {
	s.reportsReleases()
	if k < keys {
		s.down[k] = 0
		s.input = s.newest()
	}
}

// newest is the way of the key that went down last of those still down, so that
// a quick change from one to the other never stands still.
func (s *stick) newest() game.Input {
	way, last := game.None, uint32(0)
	for k, at := range s.down {
		if at > last {
			way, last = key(k).way(), at
		}
	}
	return way
}

// reportsReleases makes the paddle move only while a key is down.
func (s *stick) reportsReleases() {
	if s.steering == latched {
		*s = stick{steering: held}
	}
}

// letGo forgets all keys: the window that would get their releases is no longer
// this one.
func (s *stick) letGo() {
	*s = stick{steering: s.steering}
}
