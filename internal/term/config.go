// Package term is the terminal in which a person plays Pong. It needs nothing but a terminal, so it works over SSH and
// on a machine without a display.
//
//	err := term.Run(ctx, term.Config{Flow: front.Config{
//		Want: front.Want{Address: "pong.example.org"},
//		Dial: ..., List: ...,
//	}})
//
// Run takes the whole screen and restores it at the end, whether that is q, Ctrl-C, SIGTERM, the context or a panic. A
// front.Flow leads from the address of a server to the end of a match, and has the sentences on the way. The terminal
// only reads keys and draws.
//
// Sixty times a second Flow.Step gets the time and the key that is held, and render draws the front.Screen: the field
// in cells, with the paddles in steps of an eighth of a row and the ball in quarters of a cell. Nothing here waits for
// the network.
//
// Most terminals do not report the release of a key. In these a paddle moves until the next key is pressed, and the
// screen says so; see steering.
//
// RunOperator shows the table of a server's matches (operator.go). Ask asks whether to trust a server, for commands
// that do not take the screen.
package term

import (
	"errors"
	"io"

	"pong/internal/front"
)

// ErrNoTerminal is returned by Run if there is no terminal to play in.
var ErrNoTerminal = errors.New("no terminal: standard input and output must be one " +
	"(in a container, run it with -it; TERM must not be \"dumb\")")

// Config has what Run needs.
type Config struct {
	Flow front.Config

	// Settings are those of the last time. The terminal changes only the View.
	Settings front.Settings

	// Keep is called with the settings at the end. If nil, they are lost.
	Keep func(front.Settings)

	// In and Out are the terminal. If nil, they are standard input and output, and Run returns ErrNoTerminal if those
	// are not a terminal.
	In  io.Reader
	Out io.Writer
}
