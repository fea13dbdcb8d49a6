// Package gui is the window in which a person plays Pong.
//
// [Run] opens it and returns when the person has left:
//
//	err := gui.Run(ctx, gui.Config{Flow: front.Config{
//		Want: front.Want{Address: "pong.example.org"},
//		Dial: ..., List: ...,
//	}})
//
// It must be called from the main goroutine, which macOS demands of a program that owns a window, and once in a process.
// Where there is no screen, Run returns an error that is [ErrNoDisplay] and says what to do instead.
//
// What happens between the address of a server and the end of a match, and what is written on the way, is a
// [front.Flow]. The window has keys and drawing only. Data passes in one direction, once a frame:
//
//	Ebitengine  ->  controls  ->  app.step  ->  frame  ->  compose  ->  picture  ->  paint  ->  Ebitengine
//	                keys,         actions       a value:   pure        shapes in    pixels
//	                pads,         to the        what to                the 800x600
//	                touches       flow          show                   field
//
// Only run.go, reader.go, paint.go, shader.go, clipboard.go and sound.go touch the world outside; the rest are functions
// of values, so that every picture is tested without a display. A frame never waits: the clipboard and the sound device
// each have a goroutine of their own. Update is called once for each frame that is drawn, at whatever rate the display
// has; what moves in between is the client's business.
//
// Built with -tags nogui the package has no Ebitengine in it and Run returns [ErrNoWindow].
package gui

import (
	"errors"

	"pong/internal/front"
)

// ErrNoDisplay says that there is no screen to open a window on.
var ErrNoDisplay = errors.New("no display")

// ErrNoWindow says that this binary was built without a window.
var ErrNoWindow = errors.New("this pong was built without a window (tag nogui); use --tty or --headless")

// Config says what to show, and how it looks.
type Config struct {
	Flow front.Config

	// Settings are how the window was left the last time. If zero, a window of the usual size, with sound.
	Settings front.Settings

	// Keep is given the settings when the window is left. If nil, they are forgotten.
	Keep func(front.Settings)

	// Title stands in the title bar. If empty, "Pong".
	Title string
}
