package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/front"
)

// playFlags are the flags of pong play.
type playFlags struct {
	join           joinFlags
	practice, view string
	tty, verbose   bool
	hidden         bool // from others in the same network
	repeat         bool
}

func newPlay() *cobra.Command {
	var f playFlags
	cmd := &cobra.Command{
		Use:   "play [ADDR|LINK]",
		Short: "Join a server and play, in a window or a terminal",
		Long: `Join a server and play. Without an address, pong asks for one, and then what you would like to do: play
the next player who comes, a friend or a bot, or watch a match. With an address you play the next player
who comes; with --room, the player who uses the same code; with --practice, a bot. Esc opens the menu.
W/S or the arrow keys move your paddle.

If your connection breaks, the match pauses and your seat is kept for a minute; the program reconnects
on its own. If the program itself ends, start it again within that minute.

A join link names the server's identity, so you are not asked about it. With a bare address, the
server's fingerprint is shown the first time: compare it with the one that the server prints. After that
it is remembered.`,
		Example: `  pong play "pong://192.168.1.20:5555/#k=..."   the link that the server printed
  pong play 192.168.1.20                        an address; you accept the fingerprint once
  pong play 192.168.1.20 --room new             with a friend, to whom you send the link that is shown
  pong play 192.168.1.20 --practice=easy        against a bot, over the real network
  pong play --tty 192.168.1.20                  in the terminal, also over SSH`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.join.add(cmd, "")
	cmd.Flags().StringVar(&f.practice, "practice", "", "play against a bot: easy, normal or hard")
	cmd.Flags().Lookup("practice").NoOptDefVal = "normal"
	cmd.Flags().BoolVar(&f.tty, "tty", false, "play in the terminal instead of a window")
	addVerbose(cmd, &f.verbose)
	addNoDiscovery(cmd, &f.hidden)
	cmd.Flags().BoolVar(&f.repeat, "repeat", false,
		"send each new key once more where the network loses datagrams: fewer corrections, 0.8 kB/s more up")
	cmd.Flags().StringVar(&f.view, "view", "",
		"how to hide the network: filter, predict or interp, or original to see what these are for; V switches while "+
			"you play, and the last view but original is kept (at first filter)")
	return cmd
}

// addVerbose adds the flag for the reason why there is no window.
func addVerbose(cmd *cobra.Command, verbose *bool) {
	cmd.Flags().BoolVarP(verbose, "verbose", "v", false,
		"print the fonts that the window uses and misses, or why there is no window")
}

func (f *playFlags) run(cmd *cobra.Command, args []string) error {
	cfg, err := f.join.config(cmd, args)
	if err != nil {
		return err
	}
	defer f.join.close()
	cfg.Settings.Repeat = f.repeat
	want, err := wantOf(cmd, f.practice, cfg.Room)
	if err != nil {
		return err
	}
	s := newScreen(cfg, want, 0)
	s.flow.SaveReplay = f.join.recording.save
	if s.verbose = f.verbose; f.hidden {
		s.hide()
	}
	if s.tty = f.tty; f.view != "" {
		if s.flow.View, err = client.ParseView(f.view); err != nil {
			return usage(cmd, "--view: %w", err)
		}
	}
	err = s.play(cmd.Context())
	if errors.Is(err, errNoScreen) {
		err = fmt.Errorf("%w: run pong play on a desktop or in a terminal (ssh -t, docker run -it)", err)
	}
	return err
}

// wantOf returns what the person asks for with flags, if anything.
func wantOf(cmd *cobra.Command, practice, room string) (front.Want, error) {
	switch {
	case practice != "":
		if _, err := bot.ParseLevel(practice); err != nil {
			return front.Want{}, usage(cmd, "--practice: %w", err)
		}
		return front.Want{Kind: front.Practice, Level: practice, Room: room}, nil
	case room != "":
		return front.Want{Kind: front.Friend, Room: room}, nil
	}
	return front.Want{}, nil
}
