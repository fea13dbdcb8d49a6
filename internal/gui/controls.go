//go:build !nogui

package gui

import (
	"strings"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/panel"
)

// A command is a request to the window itself. Its values are bits, so that a command can be a set.
type command uint8

const (
	cmdMute       command = 1 << iota // M
	cmdFullscreen                     // F11, Alt+Enter
	cmdPaste                          // Ctrl+V, Cmd+V, Shift+Insert
)

func (c command) has(one command) bool { return c&one != 0 }

// controls holds what a person does in one frame. Places are in pixels of the picture.
type controls struct {
	actions  front.Action // of keys that went down; Erase and Remove while they are held
	commands command
	typed    string         // characters, by the layout of the keyboard
	row      int            // the row of a menu that was clicked, from 1; 0 is none
	digit    int            // a digit from 1 on whose key went down; 0 is none
	panel    panel.Command  // what was done to the lab panel with the pointer
	pointer  client.Point   // of the mouse
	dragging bool           // the mouse button is held
	up, down held           // without fingers
	fingers  []client.Point // that touch the screen now
	clicks   []client.Point // of the mouse, and touches that began in this frame
	focused  bool           // the window has the keyboard
	labels   [2]string      // the names of the keys that move the paddle up and down, besides the arrows
	hidden   bool           // the window is minimised
}

// keyNames has the names of the keys for the actions of choices, in the order in which keysOf lists them.
var keyNames = []struct {
	action front.Action
	name   string
}{
	{front.Enter, "Enter"}, {front.Yes, "Y"}, {front.No, "N"}, {front.Again, "R"}, {front.Copy, "C"}, {front.Save, "P"},
	{front.Back, "Esc"},
}

// keysOf returns the names of the keys for a set of actions, such as "Enter, N or Esc".
func keysOf(a front.Action) string {
	var names []string
	for _, k := range keyNames {
		if a.Has(k.action) {
			names = append(names, k.name)
		}
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " or " + names[last]
	}
	return strings.Join(names, "")
}
