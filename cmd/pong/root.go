package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
)

// headlessPoints is how long a match of two bots is if nobody says: about a minute.
const headlessPoints = 3

// nowFlags are the flags of pong alone.
type rootFlags struct {
	headless bool
	points   int
	seed     uint64
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
	s := newScreen(dial.Config{Address: link, Name: defaultName()}, front.Want{Kind: front.Practice, Level: front.Normal}, false)
	s.alone, s.bot.seed = true, f.seed
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

// playAs joins a server with a bot and plays.
func playAs(ctx context.Context, cfg dial.Config, b *bot.Bot, matches int, say report) error {
	c, err := dial.Dial(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	return playBot(ctx, c, b, matches, say)
}

// embedded runs a server in this process on free loopback ports, reached through sockets like any other. The link
// names its identity, so its own clients need not ask anybody. It outlives ctx until stop is called: on Ctrl-C its
// players must leave first, or they would report a server that has gone.
func embedded(ctx context.Context, rules game.Rules, seed uint64) (link string, stop func(), err error) {
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		return "", nil, err
	}
	identity, err := trust.NewIdentity(time.Now(), nil)
	if err != nil {
		return "", nil, err
	}
	cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Rules: rules, Auto: true, Seed: seed}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(ctx, cfg, control, sockets) // its players are told why
	}()
	link = trust.JoinLink{Address: control.Addr().String(), Key: identity.Fingerprint(), HasKey: true}.String()
	return link, func() { cancel(); <-ended }, nil
}
