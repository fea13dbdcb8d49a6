// Package term is the match in a terminal: keys to game.Input, client.Frame to
// cells. It needs nothing but a terminal, so it plays over SSH and on a machine
// without a screen of its own.
//
//	err := term.Run(ctx, term.Config{
//		Want: front.Want{Address: "pong.example.org"},
//		Dial: func(ctx context.Context, want front.Want, ask term.Asker) (*dial.Client, error) {
//			return dial.Dial(ctx, dial.Config{Address: want.Address, Room: want.Room, Ask: ask})
//		},
//		List: func(ctx context.Context, address string, ask term.Asker) ([]dial.Match, error) { ... },
//	})
//
// Run takes the whole screen and gives it back as it was, whatever ends it: q,
// Ctrl-C, SIGTERM, the context or a panic. Within it the session goes through
// these screens, one file each:
//
//	address <--> menu <--> dialling --> play --> menu
//	                |      |   ^  |
//	                v      v   |  '-- failed: the end, if the address was given beforehand,
//	               question ---'      else back, with the reason
//	     (an unknown server: trust it?)
//
// A frame is drawn from the Frame alone, by a function without memory: the field
// in cells, with paddles to the eighth of a row and the ball to the quarter of a
// cell. Sixty times a second the frame's time and the key that is held go to
// Client.Update, and the Frame that comes back to the screen. Nothing here waits
// for the network.
//
// What a terminal cannot do: most do not report that a key was released. There a
// paddle moves until the next key, and the screen says so; see steering.
//
// For commands that do not take the screen there is Ask, which puts the question
// of trust as a line of text.
package term

import (
	"context"
	"errors"
	"io"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
)

// ErrNoTerminal is returned by Run where there is no terminal to play in.
var ErrNoTerminal = errors.New("no terminal: standard input and output must be one (in a container, run it with -it; TERM must not be \"dumb\")")

// Asker puts the question whether to trust an unknown server to the person.
type Asker = func(ctx context.Context, q dial.Question) bool

// Config says what to play, and where.
type Config struct {
	// Want is what is known of what the person wants. With an Address it is
	// dialled at once, as a quick match if it has no Kind. Without one the person
	// is asked for it, and again after each attempt that failed, and then, in a
	// menu, for the Kind if it has none.
	Want front.Want

	// Alone says that nobody else can reach the server of Want: all that its menu
	// offers is practice.
	Alone bool

	// Dial joins what is wanted. It may ask the person about trust, any number of
	// times, and must return soon after ctx has ended.
	Dial func(ctx context.Context, want front.Want, ask Asker) (*dial.Client, error)

	// List asks the server at an address what is being played, in the same way.
	List func(ctx context.Context, address string, ask Asker) ([]dial.Match, error)

	// View is how the session begins to draw; the person may change it.
	View client.View

	// In and Out are the terminal. If nil, they are standard input and output,
	// and Run returns ErrNoTerminal where those are not a terminal.
	In  io.Reader
	Out io.Writer
}
