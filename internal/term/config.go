// Package term is the match in a terminal: keys to game.Input, client.Frame to cells. It needs nothing but a terminal, so
// it plays over SSH and on a machine without a screen of its own.
//
//	err := term.Run(ctx, term.Config{Flow: front.Config{
//		Want: front.Want{Address: "pong.example.org"},
//		Dial: ..., List: ...,
//	}})
//
// Run takes the whole screen and gives it back as it was, whatever ends it: q, Ctrl-C, SIGTERM, the context or a panic.
// What happens between the address of a server and the end of a match, and what is written on the way, is a front.Flow.
// The terminal has keys and drawing only.
//
// A picture is drawn from the front.Screen alone, by a function without memory: the field in cells, with paddles to the
// eighth of a row and the ball to the quarter of a cell. Sixty times a second the time and the key that is held go to
// Flow.Step, and the Screen that comes back to the terminal. Nothing here waits for the network.
//
// What a terminal cannot do: most do not report that a key was released. There a paddle moves until the next key, and
// the screen says so; see steering.
//
// RunOperator shows the table of a server (operator.go). For commands that do not take the screen there is Ask, which
// puts the question of trust as lines of text.
package term

import (
	"errors"
	"io"

	"pong/internal/front"
)

// ErrNoTerminal is returned by Run where there is no terminal to play in.
var ErrNoTerminal = errors.New("no terminal: standard input and output must be one " +
	"(in a container, run it with -it; TERM must not be \"dumb\")")

// Config says what to play, and where.
type Config struct {
	Flow front.Config

	// Settings are how the game was left the last time. Of them the terminal changes the View only.
	Settings front.Settings

	// Keep is given the settings at the end. If nil, they are forgotten.
	Keep func(front.Settings)

	// In and Out are the terminal. If nil, they are standard input and output,
	// and Run returns ErrNoTerminal where those are not a terminal.
	In  io.Reader
	Out io.Writer
}
