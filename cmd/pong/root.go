package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/crash"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// headlessPoints is the length of a match between two bots by default: about a minute.
const headlessPoints = 3

// rootFlags are the flags of pong without a subcommand.
type rootFlags struct {
	headless bool
	points   int
	seed     uint64
	record   string
	hidden   bool // from others in the same network
}

// newRoot returns the command pong with all its subcommands.
func newRoot() *cobra.Command {
	root := newPlayNow()
	root.SilenceErrors, root.SilenceUsage = true, true
	info, _ := debug.ReadBuildInfo()
	root.Version = version(info) // the flag --version
	root.SetVersionTemplate("pong {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newServe(), newHost(), newPlay(), newOpen(), newWatch(), newBot(), newLink(), newLab(), newLoad(),
		newTrust(), newReplay(), newAdmin(), newTicket(), newVersion(),
		newManual())
	refuseUnknownWords(root)
	return root
}

// newPlayNow returns the command pong without a subcommand, which starts a game at once.
func newPlayNow() *cobra.Command {
	var f rootFlags
	cmd := &cobra.Command{
		Use:   "pong",
		Short: "Pong over a hostile network",
		Long: `Pong for two players over a network that cannot be trusted. Without a subcommand, pong starts a game at
once: it runs a server in this process, reached through real sockets, and you play against a bot, in a
window or otherwise in the terminal. Without either, or with --headless, two bots play each other and
the score is printed. W/S or the arrow keys move your paddle.

To play with a friend, one of you runs "pong host", or chooses "Host a game" in the menu, and sends the
other the link that is shown; the other runs "pong play LINK". "pong serve" runs a server for many.`,
		Example: `  pong                                   play against a bot, now
  pong --headless                        let two bots play to 3, about a minute
  pong host                              play with a friend, to whom you send the link that is shown
  pong serve                             run a server for many players
  pong play "pong://HOST:5555/#k=..."    join with the link that the server printed
  pong link --listen 127.0.0.2 --to 127.0.0.1 --delay 50ms --loss 5%   a bad network to play through`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			rules, err := parseRules(cmd, "default", f.points)
			if err != nil {
				return err
			}
			if f.headless && f.points == 0 {
				return usage(cmd, "--headless with --points 0 would never end")
			}
			if f.seed == 0 {
				f.seed = rand.Uint64()
			}
			return f.run(cmd, rules)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&f.headless, "headless", false, "let two bots play and print the score")
	cmd.Flags().IntVar(&f.points, "points", 11, "points that win the game (two bots: 3); 0 plays without end")
	cmd.Flags().StringVar(&f.record, "record", "", "file to record your game to, for pong replay")
	addNoDiscovery(cmd, &f.hidden)
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "seed of the serves and the bots; 0 chooses one at random")
	return cmd
}

// run plays in a window or a terminal, or lets two bots play if there is neither.
func (f *rootFlags) run(cmd *cobra.Command, rules game.Rules) error {
	if !f.headless {
		err := f.playPerson(cmd.Context(), rules)
		if !errors.Is(err, errNoScreen) {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "pong: %v: two bots play\n", err)
	}
	if !cmd.Flags().Changed("points") || rules.Points == 0 {
		rules.Points = headlessPoints
	}
	return f.playBots(cmd, rules)
}

// playPerson plays the person, who joins first and so plays on the left, against a bot that stays for rematches.
func (f *rootFlags) playPerson(ctx context.Context, rules game.Rules) error {
	link, stop, err := embedded(ctx, rules, f.seed)
	if err != nil {
		return err
	}
	defer stop()
	cfg := dial.Config{Address: link, Name: front.DefaultStore().Name()}
	keepFiles(&cfg) // for other servers, to which the person can go
	recording, err := newGameRecording(f.record, printWarning)
	if err != nil {
		return fmt.Errorf("--record: %w", err)
	}
	defer recording.close()
	recording.record(&cfg)
	s := newScreen(cfg, front.Want{Kind: front.Practice, Level: front.Normal}, f.seed)
	s.flow.SaveReplay = recording.save
	s.flow.Truth = s.dialer.Truth
	if s.flow.Alone, s.dialer.Own = true, link; f.hidden {
		s.hide()
	}
	return s.play(ctx)
}

// playBots lets two bots play one match. They are easy ones, so that rallies are short.
func (f *rootFlags) playBots(cmd *cobra.Command, rules game.Rules) error {
	link, stop, err := embedded(cmd.Context(), rules, f.seed)
	if err != nil {
		return err
	}
	defer stop()
	ctx, lines, end := outputOf(cmd, textNote)
	defer end()
	fmt.Fprintf(lines, "link %s\n", link)
	opponent := make(chan error, 1)
	go crash.Guarded(func() {
		opponent <- playAs(ctx, dial.Config{Address: link, Name: "bot one"}, bot.New(bot.Easy, f.seed), 1, noReport)
	})()
	err = playAs(ctx, dial.Config{Address: link, Name: "bot two"}, bot.New(bot.Easy, ^f.seed), 1,
		scoreReport(lines))
	if errors.Is(err, errReaderGone) {
		return nil
	}
	if err != nil {
		return err
	}
	return <-opponent
}

// refuseUnknownWords makes cobra's own commands refuse unknown words, as ours do.
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
