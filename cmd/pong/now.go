package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/gui"
)

// nowFlags are the flags of pong alone.
type nowFlags struct {
	headless bool
	points   int
	seed     uint64
}

// newNow is pong without a subcommand: play now.
func newNow() *cobra.Command {
	var f nowFlags
	cmd := &cobra.Command{
		Use:   "pong",
		Short: "Pong over a hostile network",
		Long: `Pong for two over a network that cannot be trusted. Without a subcommand you play now: a server in this process,
reached through real sockets, and a bot as the opponent - in a window, else in the terminal, else (or with
--headless) two bots play each other and the score is printed.

To play with a friend: one runs "pong serve", both run "pong play LINK" with the link that it prints.`,
		Example: `  pong                                   play against a bot, now
  pong --headless --points 3             watch two bots' score
  pong serve                             be the server for you and a friend
  pong play pong://HOST:5555/#k=...      join with the link the server printed
  pong link --listen 127.0.0.2 --to 127.0.0.1 --delay 50ms --loss 5%   a bad network to play through`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rules, err := parseRules(cmd, "default", f.points)
			if err != nil {
				return err
			}
			if f.headless && f.points == 0 {
				return usage(cmd, "--headless --points 0 would never end")
			}
			return f.run(cmd.Context(), cmd.OutOrStdout(), rules)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&f.headless, "headless", false, "let two bots play and print the score")
	cmd.Flags().IntVar(&f.points, "points", 11, "play to this many points; 0 is without end")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of the serves and the bots; 0 draws one")
	return cmd
}

func (f *nowFlags) run(ctx context.Context, out io.Writer, rules game.Rules) error {
	ctx, stop := context.WithCancel(ctx)
	link, wait, err := embedded(ctx, rules, f.seed)
	if err != nil {
		stop()
		return err
	}
	defer func() {
		stop()
		_ = wait()
	}()
	if !f.headless {
		// The person joins first and so plays on the left; the bot comes after and stays for rematches.
		err := playScreen(ctx, client.Config{Address: link, Name: defaultName()}, false, sync.OnceFunc(func() {
			go func() { _ = f.bot(ctx, link, "bot", 1, 0, nil) }()
		}))
		if !errors.Is(err, gui.ErrNoDisplay) && !errors.Is(err, gui.ErrNoWindow) {
			return err
		}
		fmt.Fprintln(out, "No display and no terminal: two bots play.")
	}
	fmt.Fprintf(out, "link %s\n", link)
	opponent := make(chan error, 1)
	go func() { opponent <- f.bot(ctx, link, "bot one", 1, 1, nil) }()
	if err := f.bot(ctx, link, "bot two", 2, 1, scoreReport(out)); err != nil {
		return err
	}
	return <-opponent
}

// bot joins the server of this process and plays.
func (f *nowFlags) bot(ctx context.Context, link, name string, seed uint64, matches int, say report) error {
	c, err := client.Dial(ctx, client.Config{Address: link, Name: name})
	if err != nil {
		return err
	}
	defer c.Close()
	if say == nil {
		say = func(client.View, bool) {}
	}
	return playBot(ctx, c, bot.New(bot.Normal, f.seed*2+seed), matches, say)
}

// scoreReport prints each new score, and the result.
func scoreReport(out io.Writer) report {
	last := [2]int{}
	return func(v client.View, ended bool) {
		if v.Score != last || ended {
			last = v.Score
			fmt.Fprintf(out, "score %d:%d\n", v.Score[0], v.Score[1])
		}
		if ended {
			fmt.Fprintf(out, "%s wins %d:%d\n", v.Names[v.Winner], v.Score[0], v.Score[1])
		}
	}
}
