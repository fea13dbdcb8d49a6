package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/term"
)

// botFlags are the flags of pong bot.
type botFlags struct {
	join    joinFlags
	level   string
	matches int
	json    bool

	patience time.Duration
}

func newBot() *cobra.Command {
	var f botFlags
	cmd := &cobra.Command{
		Use:   "bot [ADDR|LINK]",
		Short: "Join as a player made of code",
		Long: `Join a server (localhost if none is named) as a player made of code. It sees only what a person's screen shows, late
and corrected as that is.

With --json it prints one line a second (tick, score, latency_ms, jitter_ms, loss, lead_ticks, corrections) and, at the
end of each match, one with the result as well. It ends with exit code 0 once its matches are played.`,
		Example: `  pong bot 192.168.1.20                    an opponent of middling strength
  pong bot --level hard --matches 0        one that never tires
  pong bot 127.0.0.2 --json --matches 1    through a relay, with figures`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.join.add(cmd, "bot")
	cmd.Flags().StringVar(&f.level, "level", "normal", "easy, normal or hard")
	cmd.Flags().IntVar(&f.matches, "matches", 1, "leave after this many matches; 0 stays for ever")
	cmd.Flags().DurationVar(&f.patience, "patience", time.Minute, "how long to look for a server that does not answer any more")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one line of JSON a second and one with the result")
	return cmd
}

func (f *botFlags) run(cmd *cobra.Command, args []string) error {
	level, err := bot.ParseLevel(f.level)
	if err != nil {
		return usage(cmd, "--level: %w", err)
	}
	if f.matches < 0 {
		return usage(cmd, "--matches %d: must be 1 or more, or 0 to stay for ever", f.matches)
	}
	cfg, err := f.join.config(cmd, args)
	if err != nil {
		return err
	}
	if f.patience <= 0 {
		return usage(cmd, "--patience %v: must be longer than nothing", f.patience)
	}
	cfg.Patience = f.patience
	if cfg.Address == "" {
		cfg.Address = "localhost"
	}
	if isTerminal(os.Stdin) { // else nobody is there to ask, and an unknown server is refused
		cfg.Ask = func(ctx context.Context, q dial.Question) bool { return term.Ask(ctx, os.Stdin, os.Stderr, q) }
	}
	cfg.Rotated = func(r client.Rotation) { fmt.Fprintln(os.Stderr, "pong: "+front.RotationNotice(r)) }
	c, err := dial.Dial(cmd.Context(), cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	say := textReport(cmd.OutOrStdout())
	if f.json {
		say = jsonReport(cmd.OutOrStdout())
	}
	return playBot(cmd.Context(), c, bot.New(level, rand.Uint64()), f.matches, say)
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

// playBot plays at 60 frames a second until as many matches have ended.
func playBot(ctx context.Context, c *dial.Client, b *bot.Bot, matches int, say report) error {
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	start := time.Now()
	var second time.Time
	key, over := game.None, false
	for played := 0; ; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-frames.C:
		}
		now := time.Now()
		c.Update(now, key)
		v := c.Frame(now)
		key = b.Think(now.Sub(start), seen(v))
		if now.Sub(second) >= time.Second {
			second = now
			say(v, false)
		}
		switch {
		case v.Stage == client.StageClosed:
			return errors.New(front.Notice(&v))
		case v.Stage == client.StageOver && v.Winner >= 0 && !over:
			over = true
			say(v, true)
			if played++; played == matches {
				return nil
			}
			c.Rematch()
		case v.Stage != client.StageOver && v.Stage != client.StageLost:
			over = false
		}
	}
}

// seen is what the screen shows of a view.
func seen(v client.Frame) bot.Seen {
	return bot.Seen{
		Me: v.Me, Playing: v.Stage == client.StagePlaying,
		BallX: v.Ball.X, BallY: v.Ball.Y, BallVisible: v.BallInPlay,
		Paddle: v.Paddle, Tick: v.Tick,
	}
}
