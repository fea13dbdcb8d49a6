//go:build !nogui

package gui

import (
	"strings"

	"pong/internal/client"
	"pong/internal/front"
)

// A command is something that a person asks of the window itself. A set of them is held in one word.
type command uint8

const (
	cmdFigures    command = 1 << iota // F3 or Tab: the HUD in detail
	cmdMute                           // M
	cmdFullscreen                     // F11, Alt+Enter
	cmdPaste                          // Ctrl+V, Cmd+V, Shift+Insert
)

func (c command) has(one command) bool { return c&one != 0 }

// controls is everything that a person did in one frame. Places are in pixels of the picture.
type controls struct {
	actions  front.Action // keys that went down; Erase and Remove for as long as they are held
	commands command
	typed    string         // characters, as the keyboard's layout makes them
	row      int            // the row of a menu that was clicked, counted from 1
	up, down held           // without fingers
	fingers  []client.Point // that are on the glass now
	clicks   []client.Point // of the mouse and of fingers that came down in this frame
	focused  bool           // the window has the keyboard
}

// keyNames are what is written on the keys of the actions that a card can offer, in the order in which they are named.
var keyNames = []struct {
	action front.Action
	name   string
}{
	{front.Enter, "Enter"}, {front.Yes, "Y"}, {front.No, "N"}, {front.Again, "R"}, {front.Copy, "C"}, {front.Back, "Esc"},
}

// keysOf names the keys of some actions: "Enter, N or Esc".
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
