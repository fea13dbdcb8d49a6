package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// headlessPoints is how long a match of two bots is if nobody says: about a minute.
const headlessPoints = 3

// nowFlags are the flags of pong alone.
type rootFlags struct {
	headless bool
	points   int
	seed     uint64
}

func newRoot() *cobra.Command {
	root := newPlayNow()
	root.SilenceErrors, root.SilenceUsage = true, true
	info, _ := debug.ReadBuildInfo()
	root.Version = version(info) // the flag --version
	root.SetVersionTemplate("pong {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newServe(), newPlay(), newWatch(), newBot(), newLink(), newLab(), newLoad(), newTrust(), newVersion())
	refuseUnknownWords(root)
	return root
}

// newNow is pong without a subcommand: play now.
func newPlayNow() *cobra.Command {
	var f rootFlags
	cmd := &cobra.Command{
		Use:   "pong",
		Short: "Pong over a hostile network",
		Long: `Pong for two over a network that cannot be trusted. Without a subcommand you play now: a server in this process,
reached through real sockets, and a bot as the opponent - in a window, else in the terminal, else (or with
--headless) two bots play each other and the score is printed. W/S or the arrow keys move your paddle.

To play with a friend: one runs "pong serve", both run "pong play LINK" with the link that it prints.`,
		Example: `  pong                                   play against a bot, now
  pong --headless                        let two bots play to 3, about a minute
  pong serve                             be the server for you and a friend
  pong play pong://HOST:5555/#k=...      join with the link that the server printed
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
			if f.seed == 0 {
				f.seed = rand.Uint64()
			}
			return f.run(cmd, rules)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&f.headless, "headless", false, "let two bots play and print the score")
	cmd.Flags().IntVar(&f.points, "points", 11, "play to this many points (two bots: 3); 0 is without end")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of the serves and the bots; 0 draws one")
	return cmd
}

// run plays on the screen that there is, else without one.
func (f *rootFlags) run(cmd *cobra.Command, rules game.Rules) error {
	if !f.headless {
		err := f.playPerson(cmd.Context(), rules)
		if !errors.Is(err, errNoScreen) {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "pong: %v, so two bots play\n", err)
	}
	if !cmd.Flags().Changed("points") || rules.Points == 0 {
		rules.Points = headlessPoints
	}
	return f.playBots(cmd.Context(), cmd.OutOrStdout(), rules)
}

// playPerson seats the person, who so plays on the left, and then a bot, which stays for rematches.
func (f *rootFlags) playPerson(ctx context.Context, rules game.Rules) error {
	link, stop, err := embedded(ctx, rules, f.seed)
	if err != nil {
		return err
	}
	defer stop()
	cfg := dial.Config{Address: link, Name: front.DefaultStore().Name()}
	s := newScreen(cfg, front.Want{Kind: front.Practice, Level: front.Normal}, f.seed)
	s.flow.Alone = true
	return s.play(ctx)
}

// playBots lets two bots play one match. Easy ones, or the rallies would be long.
func (f *rootFlags) playBots(ctx context.Context, out io.Writer, rules game.Rules) error {
	link, stop, err := embedded(ctx, rules, f.seed)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Fprintf(out, "link %s\n", link)
	opponent := make(chan error, 1)
	go func() {
		opponent <- playAs(ctx, dial.Config{Address: link, Name: "bot one"}, bot.New(bot.Easy, f.seed), 1, noReport)
	}()
	if err := playAs(ctx, dial.Config{Address: link, Name: "bot two"}, bot.New(bot.Easy, ^f.seed), 1, scoreReport(out)); err != nil {
		return err
	}
	return <-opponent
}

// refuseTopics makes cobra's own commands refuse a word that they do not know, as ours do.
func refuseUnknownWords(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Args = func(_ *cobra.Command, words []string) error {
				if _, rest, err := root.Find(words); err != nil || len(rest) > 0 {
					return noArgs(root, words)
				}
				return nil
			}
		case "completion":
			cmd.Args = noArgs
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
}
