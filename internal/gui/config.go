// Package gui is the window in which a person plays Pong.
//
// [Run] opens it and returns when the person has left:
//
//	err := gui.Run(ctx, gui.Config{
//		Want: front.Want{Address: "pong.example.org"},
//		Dial: func(ctx context.Context, want front.Want, ask gui.Ask) (*dial.Client, error) {
//			return dial.Dial(ctx, dial.Config{Address: want.Address, Room: want.Room, Ask: ask})
//		},
//		List: func(ctx context.Context, address string, ask gui.Ask) ([]dial.Match, error) { ... },
//	})
//
// It must be called from the main goroutine, which macOS demands of whoever owns a window, and once in a
// process. Where there is no screen, Run returns an error that is [ErrNoDisplay] and says what to do instead.
//
// Data passes in one direction, once a frame:
//
//	Ebitengine  ->  controls  ->  app.step  ->  frame  ->  compose  ->  picture  ->  paint  ->  Ebitengine
//	                keys,         game.Input    a value:   pure        shapes in    pixels
//	                pads,         to the        what to                the 800x600
//	                touches       client        show                   field
//
// Only run.go, reader.go, paint.go, shader.go, dial.go, paste.go and sound.go touch the world outside; the rest are
// functions of values, so that every scene is tested without a display. A frame never waits: dialing, the
// question about an unknown server, the clipboard and the sound device each have a goroutine of their own.
// Update is called once for each frame that is drawn, at whatever rate the display has; what moves in between
// is the client's business.
//
// Built with -tags nogui the package has no Ebitengine in it and Run returns [ErrNoWindow].
package gui

import (
	"context"
	"errors"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
)

// ErrNoDisplay says that there is no screen to open a window on.
var ErrNoDisplay = errors.New("no display")

// ErrNoWindow says that this binary was built without a window.
var ErrNoWindow = errors.New("this pong was built without a window (tag nogui); use --tty or --headless")

// Ask puts a question about an unknown server to the person and waits for the answer. It is false when the
// person refuses and when ctx ends.
type Ask = func(ctx context.Context, q dial.Question) bool

// Config says what to show and how to reach a server.
type Config struct {
	// Want is what is known of what the person wants. With an Address it is dialed at once, as a quick match if it has
	// no Kind. Without one the person is asked for it, and then, in a menu, for the Kind if it has none.
	Want front.Want

	// Alone says that nobody else can reach the server of Want: all that its menu offers is practice.
	Alone bool

	// Default is the address that an empty answer stands for. If empty, "localhost".
	Default string

	// Dial joins what is wanted. It is called in a goroutine of its own, may block, and must return soon after ctx
	// ends. It must not be nil.
	Dial func(ctx context.Context, want front.Want, ask Ask) (*dial.Client, error)

	// List asks the server at an address what is being played. It is called as Dial is, and must not be nil.
	List func(ctx context.Context, address string, ask Ask) ([]dial.Match, error)

	// View is how the picture is made until the person switches with V. If zero, filter.
	View client.View

	// Mute starts without sound; M switches it on.
	Mute bool

	// Title stands in the title bar. If empty, "Pong".
	Title string
}

// withDefaults fills the fields that may be left empty.
func (c Config) withDefaults() Config {
	if c.Default == "" {
		c.Default = "localhost"
	}
	if c.Title == "" {
		c.Title = "Pong"
	}
	return c
}
