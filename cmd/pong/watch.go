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
	"pong/internal/term"
)

// watchFlags are the flags of pong watch.
type watchFlags struct {
	join  joinFlags
	match string
	list  bool
	tty   bool
}

func newWatch() *cobra.Command {
	var f watchFlags
	cmd := &cobra.Command{
		Use:   "watch [ADDR|LINK]",
		Short: "Look on at a match, in a window or a terminal",
		Long: `Look on at a match: the confirmed game, a moment late, and nothing of yours in it. Without --match it is the one that
began last; if none is being played, the next one that begins. A match in a room can be watched by those who know its code.`,
		Example: `  pong watch 192.168.1.20                  whatever is being played
  pong watch --list 192.168.1.20           what is being played, with the names of matches
  pong watch 192.168.1.20 --match m7       one of them
  pong watch 192.168.1.20 --room maple-42  that of two friends
  pong watch --tty 192.168.1.20            in the terminal`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.join.add(cmd, "")
	cmd.Flags().StringVar(&f.match, "match", "", "the name of the match, as --list says it")
	cmd.Flags().BoolVar(&f.list, "list", false, "print what is being played, and end")
	cmd.Flags().BoolVar(&f.tty, "tty", false, "watch in the terminal instead of a window")
	return cmd
}

func (f *watchFlags) run(cmd *cobra.Command, args []string) error {
	cfg, err := f.join.config(cmd, args)
	if err != nil {
		return err
	}
	if f.list {
		if cfg.Address == "" {
			cfg.Address = "localhost"
		}
		if isTerminal(os.Stdin) {
			cfg.Ask = func(ctx context.Context, q dial.Question) bool { return term.Ask(ctx, os.Stdin, os.Stderr, q) }
		}
		return printMatches(cmd.Context(), cmd.OutOrStdout(), cfg)
	}
	s := newScreen(cfg, front.Want{Kind: front.Watch, Match: f.match, Room: cfg.Room}, 0)
	s.tty = f.tty
	err = s.play(cmd.Context())
	if errors.Is(err, errNoScreen) {
		err = fmt.Errorf("%w: run pong watch on a desktop or in a terminal (ssh -t, docker run -it), or with --list", err)
	}
	return err
}

// printMatches prints what is being played, a line each.
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
		fmt.Fprintf(out, "%-8s %s %d : %d %s", m.Name, m.Names[0], m.Score[0], m.Score[1], m.Names[1])
		if m.Watchers > 0 {
			fmt.Fprintf(out, "  (%d watching)", m.Watchers)
		}
		fmt.Fprintln(out)
	}
	return nil
}
