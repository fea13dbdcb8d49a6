// Package gui is the window in which a person plays Pong.
//
// [Run] opens it and returns when the person has left:
//
//	err := gui.Run(ctx, gui.Config{Flow: front.Config{
//		Want: front.Want{Address: "pong.example.org"},
//		Dial: ..., List: ...,
//	}})
//
// It must be called from the main goroutine, as macOS requires of a program with a window, and once in a process.
// Without a display Run returns an error that wraps [ErrNoDisplay] and says what to do instead.
//
// A [front.Flow] leads from the address of a server to the end of a match, and has the sentences on the way. The window
// only reads keys and draws. Data passes in one direction, once a frame:
//
//	Ebitengine  ->  controls  ->  app.step  ->  frame  ->  compose  ->  picture  ->  paint  ->  Ebitengine
//	                keys,         actions       a value:   pure        shapes in    pixels
//	                pads,         to the        what to                the 800x600
//	                touches       flow          show                   field
//
// Only run.go, reader.go, paint.go, shader.go, sound.go, systemfonts.go, fontfile.go and the clipboard's files use
// Ebitengine's input and output, the sound device, files and other programs. Everything else works on values, so the
// tests draw every picture without a display. A frame never blocks: the clipboard, the sound device and the fonts of
// the system have goroutines of their own. Update is called once for each drawn frame, at the rate of the display.
//
// With the build tag nogui the package does not use Ebitengine, and Run returns [ErrNoWindow].
package gui

import (
	"errors"

	"pong/internal/front"
)

// ErrNoDisplay is returned by Run where there is no display to open a window on.
var ErrNoDisplay = errors.New("no display")

// ErrNoWindow is returned by Run in a binary that was built without a window.
var ErrNoWindow = errors.New("this pong was built without a window (tag nogui); use --tty or --headless")

// Config has what Run needs.
type Config struct {
	Flow front.Config

	// Settings are those of the last time. If zero, the window has the default size, and sound.
	Settings front.Settings

	// Keep is called with the settings when the window is closed. If nil, they are lost.
	Keep func(front.Settings)

	// Note is called from another goroutine with lines about the fonts that are used and missing. It may be nil.
	Note func(string)

	// Title is the title of the window. If empty, "Pong".
	Title string
}
