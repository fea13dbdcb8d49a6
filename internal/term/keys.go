//go:build !js

package term

import (
	"unicode"

	tea "charm.land/bubbletea/v2"

	"pong/internal/game"
)

// A steering is the way in which keys move the paddle.
//
//	            a release is reported
//	     .--------------------------------.
//	latched: a press moves the paddle     v
//	until another key is pressed          held: the paddle moves while a key is down
//
// Most terminals report that a key is pressed, but not that it is released. In these a paddle moves from a press until
// another key is pressed: the opposite key or any other stops it, and the same key again, or its repeat, changes
// nothing. To guess a release from the end of the repeat would stop a paddle half a second late, and often wrongly over
// SSH.
//
// Terminals with the kitty keyboard protocol report releases, and Windows does. In these a paddle moves while a key is
// down.
type steering uint8

const (
	latched steering = iota
	held
)

// help returns a line about the keys that move the paddle.
func (s steering) help() string {
	if s == held {
		return "hold W/S or ↑/↓ to move"
	}
	return "W/S or ↑/↓ to move, Space to stop"
}

// A key is a key that moves the paddle.
type key uint8

// The keys, three for each direction, so that two keys that are held can be told apart.
const (
	keyW key = iota
	keyUp
	keyK
	keyS
	keyDown
	keyJ
	keys     // the number of keys
	otherKey = keys
)

// steers returns the key that was pressed, or otherKey. The place of a key counts if the terminal reports it, and
// otherwise, or if it moves nothing, the letter: on a French keyboard Z is where W is on a US one.
func steers(k tea.Key) key {
	switch k.Code {
	case tea.KeyUp:
		return keyUp
	case tea.KeyDown:
		return keyDown
	}
	if placed := keyAt(k.BaseCode); placed != otherKey {
		return placed
	}
	return keyAt(letter(k))
}

// keyAt returns the key with a letter, or otherKey.
func keyAt(letter rune) key {
	switch letter {
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

// letter returns the Latin letter of a key in lower case. In another alphabet it is the letter at the same place of a
// US keyboard: the one that the terminal reports, or else the one of the usual layout.
func letter(k tea.Key) rune {
	if k.Code > unicode.MaxASCII && k.BaseCode != 0 {
		return k.BaseCode
	}
	return usLetter(k.Code)
}

// way returns the direction of a key.
func (k key) way() game.Input {
	switch {
	case k <= keyK:
		return game.Up
	case k <= keyJ:
		return game.Down
	}
	return game.None
}

// A stick turns presses and releases of keys into the input that is held. Its zero value is latched, at rest.
type stick struct {
	steering steering
	input    game.Input
	down     [keys]uint32 // the number of the press that holds each key down; 0 is up
	presses  uint32
}

// press takes a key that went down, or repeats. If a key goes down that is down already, its release was lost, as
// multiplexers of terminals may do. Those of other keys may have been lost with it, so they count as released, too.
func (s *stick) press(k key, repeats bool) {
	if s.steering == latched {
		s.latch(k.way())
		return
	}
	if k < keys && s.down[k] != 0 && !repeats {
		s.letGo()
	}
	if k < keys && s.down[k] == 0 {
		s.presses++
		s.down[k] = s.presses
		s.input = s.newest()
	}
}

// latch is press for terminals that do not report releases.
func (s *stick) latch(way game.Input) {
	if s.input != game.None && way != s.input {
		way = game.None
	}
	s.input = way
}

// release takes a key that went up. Its arrival shows that the terminal reports releases.
func (s *stick) release(k key) {
	s.reportsReleases()
	if k < keys {
		s.down[k] = 0
		s.input = s.newest()
	}
}

// newest returns the direction of the key that went down last of those that are down, so that a quick change between
// keys never stops the paddle.
func (s *stick) newest() game.Input {
	way, last := game.None, uint32(0)
	for k, at := range s.down {
		if at > last {
			way, last = key(k).way(), at
		}
	}
	return way
}

// reportsReleases switches to held: the paddle moves only while a key is down.
func (s *stick) reportsReleases() {
	if s.steering == latched {
		*s = stick{steering: held}
	}
}

// letGo releases all keys, because another window or page will get the releases.
func (s *stick) letGo() {
	*s = stick{steering: s.steering}
}
