package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/trust"
	"pong/internal/wire"
)

// joinFlags are the flags that all commands share which join a server.
type joinFlags struct{ name, room, trust, via, keyLog string }

// add adds the flags to a command. If name is empty, the default is the name that the person used last.
func (f *joinFlags) add(cmd *cobra.Command, name string) {
	fl := cmd.Flags()
	fl.SortFlags = false
	about := "your name, as others see it"
	if name == "" {
		about += "; remembered (at first your login name)"
	}
	fl.StringVar(&f.name, "name", name, about)
	fl.StringVar(&f.room, "room", "", "code such as maple-42: players who join with the same code meet")
	fl.StringVar(&f.trust, "trust", "", "SHA-256 fingerprint that the server must have")
	fl.StringVar(&f.via, "via", "", "HOST:PORT to send the game traffic to instead of the server's own")
	addKeyLog(cmd, &f.keyLog)
}

// config checks the flags before anything is dialled.
func (f *joinFlags) config(cmd *cobra.Command, args []string) (dial.Config, error) {
	if f.name = front.CleanName(f.name); !cmd.Flags().Changed("name") && f.name == "" {
		f.name = front.DefaultStore().Name()
	}
	cfg := dial.Config{Name: f.name, Room: wire.CleanRoom(f.room), Trust: f.trust}
	if len(args) == 1 {
		cfg.Address = args[0]
		if _, err := trust.ParseAddress(args[0], trust.DefaultPort); err != nil {
			return cfg, usage(cmd, "%w", err)
		}
	}
	if f.via != "" {
		via, err := parseHostPort(f.via)
		if err != nil {
			return cfg, usage(cmd, "--via: %w", err)
		}
		cfg.Transport = dial.System{Via: via}
	}
	if err := wire.CheckName(f.name); err != nil {
		return cfg, usage(cmd, "--name: %w", err)
	}
	if f.room != "" {
		if err := wire.CheckRoom(cfg.Room); err != nil {
			return cfg, usage(cmd, "--room: %w", err)
		}
	}
	if f.trust != "" {
		if _, err := trust.ParseFingerprint(f.trust); err != nil {
			return cfg, usage(cmd, "--trust: %w", err)
		}
	}
	warn := func(text string) { fmt.Fprintln(os.Stderr, "pong: "+text) }
	keys, err := openKeyLog(f.keyLog, warn)
	if err != nil {
		return cfg, err
	}
	if cfg.KeyLog = keys; keys != nil {
		warn(fmt.Sprintf(keyLogWarning, f.keyLog))
	}
	pins, err := trust.DefaultPinFile()
	if err == nil {
		cfg.PinFile = pins // without a home folder nothing is remembered, and each unknown server is a question
		cfg.SeatDir = filepath.Join(filepath.Dir(pins), "seats")
	}
	return cfg, nil
}

func newPlay() *cobra.Command {
	var f joinFlags
	var tty bool
	var view, practice string
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
		Example: `  pong play 'pong://192.168.1.20:5555/#k=...'   the link that the server printed
  pong play 192.168.1.20                        an address; you accept the fingerprint once
  pong play 192.168.1.20 --room maple-42        with a friend who uses the same code
  pong play 192.168.1.20 --practice=easy        against a bot, over the real network
  pong play --tty 192.168.1.20                  in the terminal, also over SSH`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := f.config(cmd, args)
			if err != nil {
				return err
			}
			want, err := wantOf(cmd, practice, cfg.Room)
			if err != nil {
				return err
			}
			s := newScreen(cfg, want, 0)
			if s.tty = tty; view != "" {
				if s.flow.View, err = client.ParseView(view); err != nil {
					return usage(cmd, "--view: %w", err)
				}
			}
			err = s.play(cmd.Context())
			if errors.Is(err, errNoScreen) {
				err = fmt.Errorf("%w: run pong play on a desktop or in a terminal (ssh -t, docker run -it)", err)
			}
			return err
		},
	}
	f.add(cmd, "")
	cmd.Flags().StringVar(&practice, "practice", "", "play against a bot: easy, normal or hard")
	cmd.Flags().Lookup("practice").NoOptDefVal = "normal"
	cmd.Flags().BoolVar(&tty, "tty", false, "play in the terminal instead of a window")
	cmd.Flags().StringVar(&view, "view", "",
		"how to hide the network: filter, predict or interp; V switches while you play, and the last view is kept "+
			"(at first filter)")
	return cmd
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
