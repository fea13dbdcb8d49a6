// Package term is the match in a terminal: keys to game.Input, client.View to
// cells. It needs nothing but a terminal, so it plays over SSH and on a machine
// without a screen of its own.
//
//	err := term.Run(ctx, term.Config{
//		Address: "pong.example.org",
//		Dial: func(ctx context.Context, address string, ask func(context.Context, client.Question) bool) (*client.Client, error) {
//			return client.Dial(ctx, client.Config{Address: address, Ask: ask})
//		},
//	})
//
// Run takes the whole screen and gives it back as it was, whatever ends it: q,
// Ctrl-C, SIGTERM, the context or a panic. Within it the session goes through
// these screens, one file each:
//
//	address --> dialling --> play
//	   ^        |   ^  |
//	   |        v   |  '-- failed: the end, if the address was given beforehand
//	   '------- question (an unknown server: trust it?)
//
// A frame is drawn from the View alone, by a function without memory: the field
// in cells, with paddles to the eighth of a row and the ball to the quarter of a
// cell. Sixty times a second the frame's time and the key that is held go to
// Client.Update, and the View that comes back to the screen. Nothing here waits
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
	"fmt"
	"io"
	"os"

	tea "charm.land/bubbletea/v2"
	xterm "golang.org/x/term"

	"pong/internal/client"
)

// ErrNoTerminal is returned by Run where there is no terminal to play in.
var ErrNoTerminal = errors.New("no terminal: standard input and output must be one (in a container, run it with -it; TERM must not be \"dumb\")")

// Asker puts the question whether to trust an unknown server to the person.
type Asker = func(ctx context.Context, q client.Question) bool

// Config says what to play, and where.
type Config struct {
	// Address is what to dial. If empty, the person is asked for it, and again
	// after each attempt that failed.
	Address string

	// Dial opens a session. It may ask the person about trust, any number of
	// times, and must return soon after ctx has ended.
	Dial func(ctx context.Context, address string, ask Asker) (*client.Client, error)

	// View is how the session begins to draw; the person may change it.
	View client.ViewMode

	// In and Out are the terminal. If nil, they are standard input and output,
	// and Run returns ErrNoTerminal where those are not a terminal.
	In  io.Reader
	Out io.Writer
}

// Run plays until the person leaves or ctx ends, which is no error. It returns
// the error of Dial if the address was given beforehand.
func Run(ctx context.Context, cfg Config) error {
	if err := cfg.useTerminal(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	l := newLine(ctx, cfg.Dial)
	defer l.hangUp()
	defer cancel()
	return show(ctx, newModel(cfg, l))
}

// show gives the screen to the model until it ends.
func show(ctx context.Context, m *model) error {
	_, err := tea.NewProgram(m,
		tea.WithContext(ctx),
		tea.WithInput(m.cfg.In),
		tea.WithOutput(m.cfg.Out),
		tea.WithFPS(120), // so that a frame waits for half of its time at most
	).Run()

	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the screen has failed, which is a bug in pong: %w", err)
	case ctx.Err() != nil, errors.Is(err, tea.ErrInterrupted):
		err = nil // to be told to go is no failure
	}
	if line := m.farewell(); line != "" {
		fmt.Fprintln(m.cfg.Out, line)
	}
	return errors.Join(m.failure, err)
}

// useTerminal fills in In and Out.
func (cfg *Config) useTerminal() error {
	if cfg.In != nil && cfg.Out != nil {
		return nil
	}
	dumb := os.Getenv("TERM") == "dumb"
	if dumb || !isTerminal(os.Stdin) || !isTerminal(os.Stdout) {
		return ErrNoTerminal
	}
	cfg.In, cfg.Out = os.Stdin, os.Stdout
	return nil
}

func isTerminal(f *os.File) bool { return xterm.IsTerminal(int(f.Fd())) }
