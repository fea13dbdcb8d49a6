package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/rooms"
)

// watchFlags are the flags of pong watch.
type watchFlags struct {
	join         joinFlags
	match        string
	list         bool
	tty, verbose bool
	hidden       bool // from others in the same network
}

func newWatch() *cobra.Command {
	var f watchFlags
	cmd := &cobra.Command{
		Use:   "watch [ADDR|LINK]",
		Short: "Watch a match, in a window or a terminal",
		Long: `Watch a match: the confirmed game, a moment late. Without --match, pong chooses a recent match;
if none is being played, the next one. To watch a match in a room, use the
link that its players have, or --room and its code.`,
		Example: `  pong watch 192.168.1.20                  a recent match
  pong watch --list 192.168.1.20           list the matches and their names
  pong watch 192.168.1.20 --match m7       one of them
  pong watch "pong://192.168.1.20:5555/#k=...&r=..."  the match in a room
  pong watch --tty 192.168.1.20            in the terminal`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.join.add(cmd, "")
	cmd.Flags().StringVar(&f.match, "match", "", "name of the match, as --list prints it")
	cmd.Flags().BoolVar(&f.list, "list", false, "list the matches that are being played, and exit")
	cmd.Flags().BoolVar(&f.tty, "tty", false, "watch in the terminal instead of a window")
	addVerbose(cmd, &f.verbose)
	addNoDiscovery(cmd, &f.hidden)
	return cmd
}

func (f *watchFlags) run(cmd *cobra.Command, args []string) error {
	cfg, err := f.join.config(cmd, args)
	if err != nil {
		return err
	}
	defer f.join.close()
	if rooms.Clean(f.join.room) == newRoom {
		return usage(cmd, "--room new: nobody plays in a new room; give the code of a room")
	}
	if f.list {
		if cfg.Address == "" {
			cfg.Address = "localhost"
		}
		if isTerminal(os.Stdin) {
			cfg.Ask = askInTerminal
		}
		cfg.Waiting = printWait
		return printMatches(cmd.Context(), cmd.OutOrStdout(), cfg)
	}
	s := newScreen(cfg, front.Want{Kind: front.Watch, Match: f.match, Room: cfg.Room}, 0)
	s.flow.SaveReplay = f.join.recording.save
	if s.tty, s.verbose = f.tty, f.verbose; f.hidden {
		s.hide()
	}
	err = s.play(cmd.Context())
	if errors.Is(err, errNoScreen) {
		err = fmt.Errorf("%w: run pong watch on a desktop or in a terminal (ssh -t, docker run -it), or with --list",
			err)
	}
	return err
}

// printMatches prints a line for each match that is being played.
func printMatches(ctx context.Context, out io.Writer, cfg dial.Config) error {
	matches, _, err := dial.List(ctx, cfg)
	if err != nil {
		return err
	}
	if len(matches) == 0 {
		fmt.Fprintln(out, "No match is being played.")
		return nil
	}
	for _, m := range matches {
		fmt.Fprintf(out, "%-8s %s", m.Name, front.WithoutIsolates(front.Score(m.Names, m.Score)))
		if m.Watchers > 0 {
			fmt.Fprintf(out, "  (%d watching)", m.Watchers)
		}
		fmt.Fprintln(out)
	}
	return nil
}
