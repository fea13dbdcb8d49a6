//go:build !js

package term

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	xterm "golang.org/x/term"

	"pong/internal/front"
)

// Run plays until the person leaves or ctx ends, which is no error. If the person leaves while a failure of Dial is on
// the screen, Run returns it.
func Run(ctx context.Context, cfg Config) error {
	if err := cfg.useTerminal(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	now := time.Now()
	flow := front.New(ctx, now, cfg.Flow)
	defer flow.Close()
	defer cancel()
	m := newModel(now, flow)
	err := show(ctx, cfg, m)
	if cfg.Keep != nil {
		cfg.Settings.View = m.screen.View
		cfg.Keep(cfg.Settings)
	}
	return err
}

// show runs the model on the terminal.
func show(ctx context.Context, cfg Config, m *model) error {
	err := run(ctx, m, cfg.In, cfg.Out,
		tea.WithFPS(120), // so that a frame waits for at most half of its time
	)
	failure := m.flow.Err()
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the screen has failed, which is a bug in pong: %w", err)
	case ctx.Err() != nil:
		err, failure = nil, nil // the end of ctx is no failure, and neither are calls that it has ended
	case errors.Is(err, tea.ErrInterrupted):
		err = nil
	}
	if line := m.farewell(); line != "" {
		fmt.Fprintln(cfg.Out, line)
	}
	return errors.Join(failure, err)
}

// useTerminal sets In and Out if they are nil.
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
