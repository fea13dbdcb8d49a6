//go:build !nogui

package gui

import (
	"math/bits"

	"pong/internal/client"
)

// command is something a person asks for with a key, a button of a gamepad or a button in the picture. A set of
// them is held in one word.
type command uint32

const (
	cmdConfirm    command = 1 << iota // Enter, the lower button of a gamepad
	cmdBack                           // Escape, the right button
	cmdYes                            // Y, the upper button
	cmdNo                             // N
	cmdRematch                        // R, the left button: again
	cmdFigures                        // F3 or Tab: the HUD in detail
	cmdView                           // V: predict, interp or filter
	cmdMute                           // M
	cmdFullscreen                     // F11, Alt+Enter
	cmdPaste                          // Ctrl+V, Cmd+V, Shift+Insert
	cmdCopy                           // C: the command for a friend
	cmdErase                          // Backspace
	cmdRemove                         // Delete
	cmdClear                          // Ctrl+U
	cmdLeft
	cmdRight
	cmdHome
	cmdEnd
	cmdRow // and the bits above it: a row of a menu was clicked, the first that is shown being this one
)

// row returns the row of a menu that was clicked, counted from the first that is shown, or -1.
func (c command) row() int {
	if c < cmdRow {
		return -1
	}
	return bits.TrailingZeros32(uint32(c / cmdRow))
}

func (c command) has(one command) bool { return c&one != 0 }

// controls is everything that a person did in one frame. Places are in pixels of the picture.
type controls struct {
	commands command
	typed    string         // characters, as the keyboard's layout makes them
	up, down held           // without fingers
	fingers  []client.Point // that are on the glass now
	clicks   []client.Point // of the mouse and of fingers that came down in this frame
	focused  bool           // the window has the keyboard
}
