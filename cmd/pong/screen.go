package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"

	"pong/internal/bot"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/gui"
	"pong/internal/panel"
	"pong/internal/term"
)

// errNoScreen means that there is neither a display nor a terminal.
var errNoScreen = errors.New("no display for a window, and no terminal to play in")

// A screen is a window or a terminal with its flow.
type screen struct {
	dialer   front.Dialer
	flow     front.Config
	settings front.Settings
	unread   error // why there are no settings of the last time, although there is a file
	tty      bool  // play in the terminal
	verbose  bool  // print the fonts of the window, or why there is none before the terminal is used
}

// newScreen returns a screen that joins with cfg and begins with want. Bots to practise against get the seed, or a
// random one if it is 0.
func newScreen(cfg dial.Config, want front.Want, seed uint64) *screen {
	want.Address, want.Name = cfg.Address, cfg.Name
	you, bots := changeable(&cfg)
	s := &screen{dialer: front.Dialer{Join: cfg, Store: front.DefaultStore(), Opponent: opponent(seed)}}
	s.settings, s.unread = s.dialer.Store.Settings()
	s.flow = front.Config{
		Want: want, View: s.settings.View, Shadow: cfg.Shadow,
		Dial: s.dialer.Dial, List: s.dialer.List, Waiting: s.dialer.Waiting,
	}
	s.dialer.BotTransport = dial.Simulated{Transport: you.Transport, Network: bots}
	s.flow.Lab = panel.Config{You: you.Network, Bot: bots, Known: knownNetworks(), Settings: cfg.Settings}
	s.flow.News, s.flow.Servers = s.dialer.News, s.dialer.Servers
	s.flow.Host, s.flow.Nearby = defaultHost().start, gamesNearby
	return s
}

// hide keeps the screen from asking or answering in the network.
func (s *screen) hide() {
	h := defaultHost()
	h.hidden = true
	s.flow.Host, s.flow.Nearby = h.start, nil
}

// opponent returns a function that plays against a person who practises.
func opponent(seed uint64) func(ctx context.Context, cfg dial.Config, level string) {
	return func(ctx context.Context, cfg dial.Config, level string) {
		plays, err := bot.ParseLevel(level)
		if err != nil {
			plays = bot.Normal
		}
		chance := seed
		if chance == 0 {
			chance = rand.Uint64()
		}
		_ = playAs(ctx, cfg, bot.New(plays, chance), 0, noReport) // the caller joins again unless the person has left
	}
}

// note returns a function that prints lines about the window, or nil.
func (s *screen) note() func(string) {
	if !s.verbose {
		return nil
	}
	return func(line string) { fmt.Fprintf(os.Stderr, "pong: %s\n", line) }
}

// displayNamed reports whether the environment names a display, so that a person expects a window.
func displayNamed(getenv func(string) string) bool {
	return getenv("DISPLAY") != "" || getenv("WAYLAND_DISPLAY") != ""
}

// play plays in a window, or in the terminal if that is wanted or there is no display. It returns errNoScreen if
// there is neither.
func (s *screen) play(ctx context.Context) error {
	if s.unread != nil {
		theConsole.show()
		fmt.Fprintf(os.Stderr, "pong: the settings of the last time are not used: %v\n", s.unread)
	}
	defer func() { // the screen showed them for a moment only
		for _, text := range s.dialer.Notices() {
			theConsole.show()
			fmt.Fprintf(os.Stderr, "pong: %s\n", text)
		}
	}()
	defer s.dialer.Close()
	keep := func(k front.Settings) {
		if err := s.dialer.Store.KeepSettings(k); err != nil {
			s.dialer.Unkept(err)
		}
	}
	var noWindow error
	if !s.tty {
		err := gui.Run(ctx, gui.Config{Flow: s.flow, Settings: s.settings, Keep: keep, Note: s.note()})
		if !errors.Is(err, gui.ErrNoDisplay) && !errors.Is(err, gui.ErrNoWindow) {
			return err
		}
		noWindow = err
	}
	theConsole.show() // a terminal to play in, if a double-click has started this
	if s.verbose && noWindow != nil {
		fmt.Fprintf(os.Stderr, "pong: no window: %v\n", noWindow)
	}
	err := term.Run(ctx, term.Config{Flow: s.flow, Settings: s.settings, Keep: keep})
	switch {
	case !s.tty && errors.Is(err, term.ErrNoTerminal) && displayNamed(os.Getenv):
		return fmt.Errorf("%w: %w", errNoScreen, noWindow)
	case !s.tty && errors.Is(err, term.ErrNoTerminal):
		return errNoScreen
	case noWindow != nil && !s.verbose && displayNamed(os.Getenv): // the person has a display, and wonders
		fmt.Fprintf(os.Stderr, "pong: no window: %v\n", noWindow)
	}
	return err
}
