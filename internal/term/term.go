//go:build !js

package term

import (
	"context"
	"errors"
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"
	xterm "golang.org/x/term"
)

// Run plays until the person leaves or ctx ends, which is no error. It returns
// the error of Dial if the address was given beforehand.
func Run(ctx context.Context, cfg Config) error {
	if err := cfg.useTerminal(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	l := newLine(ctx, cfg)
	defer l.hangUp()
	defer cancel()
	return show(ctx, newModel(cfg, l))
}

// show gives the screen to the model until it ends.
func show(ctx context.Context, m *model) error {
	err := run(ctx, m,
		tea.WithInput(m.cfg.In),
		tea.WithOutput(m.cfg.Out),
		tea.WithFPS(120), // so that a frame waits for half of its time at most
	)

	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the screen has failed, which is a bug in pong: %w", err)
	case ctx.Err() != nil:
		err, m.failure = nil, nil // to be told to go is no failure, nor what it has cut short
	case errors.Is(err, tea.ErrInterrupted):
		err = nil
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
