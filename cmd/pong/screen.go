package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/gui"
	"pong/internal/term"
	"pong/internal/wire"
)

// errNoScreen says that there is nothing to play on.
var errNoScreen = errors.New("no display for a window, and no terminal to play in")

// screen is a window or a terminal with what stands behind it: how servers are joined, and the bot to practise against.
type screen struct {
	cfg   dial.Config // how to join, but for what the person chooses
	want  front.Want  // what is known of that
	alone bool        // nobody else can reach the server
	tty   bool        // the terminal is wanted
	bot   sparring
	news  *notes

	mu      sync.Mutex // guards what follows: a screen dials in goroutines of its own
	trusted map[string]string
}

// newScreen returns a screen that joins as cfg says, and begins with what is wanted.
func newScreen(cfg dial.Config, want front.Want, tty bool) *screen {
	want.Address, want.Name = cfg.Address, cfg.Name
	return &screen{cfg: cfg, want: want, tty: tty, news: newNotes(os.Stderr), trusted: make(map[string]string)}
}

// play plays in a window, or in the terminal if that is wanted or there is no screen for a window; where there is
// neither, its error is errNoScreen.
func (s *screen) play(ctx context.Context) error {
	defer s.news.print() // a screen has it, too, but for a moment only
	defer s.bot.stop()
	if !s.tty {
		err := gui.Run(ctx, gui.Config{Want: s.want, Alone: s.alone, View: s.cfg.View, Dial: s.dial, List: s.list})
		if !errors.Is(err, gui.ErrNoDisplay) && !errors.Is(err, gui.ErrNoWindow) {
			return err
		}
	}
	err := term.Run(ctx, term.Config{Want: s.want, Alone: s.alone, View: s.cfg.View, Dial: s.dial, List: s.list})
	if !s.tty && errors.Is(err, term.ErrNoTerminal) {
		return errNoScreen
	}
	return err
}

// asker asks the person whether to trust a server.
type asker = func(ctx context.Context, q dial.Question) bool

// config is how to reach the server at an address.
func (s *screen) config(address string, ask asker) dial.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	cfg := s.cfg
	cfg.Address, cfg.Ask = address, ask
	cfg.Rotated = func(r client.Rotation) { s.news.keep(front.RotationNotice(r)) }
	if known := s.trusted[address]; known != "" && cfg.Trust == "" {
		cfg.Trust = known
	}
	return cfg
}

// trust remembers that the person has said yes to a server: where pins cannot be kept, it would be asked about again.
func (s *screen) trust(address, fingerprint string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trusted[address] = fingerprint
}

// dial joins what the person wants, and brings the bot if it is practice.
func (s *screen) dial(ctx context.Context, want front.Want, ask asker) (*dial.Client, error) {
	cfg := s.config(want.Address, ask)
	cfg.Name, cfg.Room, cfg.Watch, cfg.Match = want.Name, want.Room, want.Kind == front.Watch, want.Match
	if want.Kind == front.Practice {
		cfg = inPrivate(cfg)
	}
	c, err := dialPatiently(ctx, cfg)
	if err != nil {
		return nil, err
	}
	s.trust(want.Address, c.Config().Trust)
	keepName(want.Name)
	s.bot.stop()
	if want.Kind == front.Practice {
		s.bot.join(c, want.Level)
	}
	return c, nil
}

// list asks what is being played.
func (s *screen) list(ctx context.Context, address string, ask asker) ([]dial.Match, error) {
	matches, cfg, err := dial.List(ctx, s.config(address, ask))
	if err == nil {
		s.trust(address, cfg.Trust)
	}
	return matches, err
}

// matchEvery is how often one who looks on asks again whether a match has begun.
const matchEvery = time.Second

// dialPatiently is dial.Dial; one who wants to watch any match waits until there is one.
func dialPatiently(ctx context.Context, cfg dial.Config) (*dial.Client, error) {
	for {
		c, err := dial.Dial(ctx, cfg)
		var refused *dial.RefusedError
		if !cfg.Watch || cfg.Match != "" || !errors.As(err, &refused) || refused.Code != wire.CodeMatch {
			return c, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(matchEvery):
		}
	}
}
