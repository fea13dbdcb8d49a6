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

// Run plays until the person leaves or ctx ends, which is no error. It returns the error of Dial if the person left when
// that was shown.
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

// show gives the screen to the model until it ends.
func show(ctx context.Context, cfg Config, m *model) error {
	err := run(ctx, m,
		tea.WithInput(cfg.In),
		tea.WithOutput(cfg.Out),
		tea.WithFPS(120), // so that a frame waits for half of its time at most
	)
	failure := m.flow.Err()
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the screen has failed, which is a bug in pong: %w", err)
	case ctx.Err() != nil:
		err, failure = nil, nil // ending because ctx does is no failure, and neither is what that has cut short
	case errors.Is(err, tea.ErrInterrupted):
		err = nil
	}
	if line := m.farewell(); line != "" {
		fmt.Fprintln(cfg.Out, line)
	}
	return errors.Join(failure, err)
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
