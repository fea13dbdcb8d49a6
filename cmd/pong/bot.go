package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/term"
)

// botFlags are the flags of pong bot.
type botFlags struct {
	join    joinFlags
	level   string
	matches int
	json    bool
}

func newBot() *cobra.Command {
	var f botFlags
	cmd := &cobra.Command{
		Use:   "bot [ADDR|LINK]",
		Short: "Join as a player made of code",
		Long: `Join a server as a player made of code. It sees only what a person's screen shows, late and corrected as that is.

With --json it prints one line a second (tick, score, latency_ms, jitter_ms, loss, lead_ticks, corrections) and a last
line with the result. It ends with exit code 0 once its matches are played.`,
		Example: `  pong bot 192.168.1.20                    an opponent of middling strength
  pong bot --level hard --matches 0        that never tires
  pong bot 127.0.0.2 --json --matches 1    through a relay, with figures`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			level, err := bot.ParseLevel(f.level)
			if err != nil {
				return usage(cmd, "--level: %w", err)
			}
			if f.matches < 0 {
				return usage(cmd, "--matches %d: 1 or more, or 0 without end", f.matches)
			}
			cfg, err := f.join.config(cmd, args)
			if err != nil {
				return err
			}
			if cfg.Address == "" {
				cfg.Address = "localhost"
			}
			cfg.Ask = func(ctx context.Context, q client.Question) bool { return term.Ask(ctx, os.Stdin, os.Stderr, q) }
			c, err := client.Dial(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer c.Close()
			out := cmd.OutOrStdout()
			report := textReport(out)
			if f.json {
				report = jsonReport(out)
			}
			return playBot(cmd.Context(), c, bot.New(level, rand.Uint64()), f.matches, report)
		},
	}
	f.join.add(cmd, "bot")
	cmd.Flags().StringVar(&f.level, "level", "normal", "easy, normal or hard")
	cmd.Flags().IntVar(&f.matches, "matches", 1, "leave after this many matches; 0 stays for ever")
	cmd.Flags().BoolVar(&f.json, "json", false, "print one line of JSON a second and one with the result")
	return cmd
}

// report is told the view about once a second, and at the end of each match.
type report func(v client.View, ended bool)

// playBot plays matches at 60 frames a second until as many have ended.
func playBot(ctx context.Context, c *client.Client, b *bot.Bot, matches int, say report) error {
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	start := time.Now()
	var second time.Time
	over := false
	for played := 0; ; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-frames.C:
		}
		now := time.Now()
		v := c.View(now)
		c.Update(now, b.Think(now.Sub(start), seen(v)))
		if now.Sub(second) >= time.Second {
			second = now
			say(v, false)
		}
		switch {
		case v.Stage == client.StageClosed && over:
			return nil
		case v.Stage == client.StageClosed:
			return errors.New(v.Notice)
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
func seen(v client.View) bot.Seen {
	return bot.Seen{
		Me: v.Me, Playing: v.Stage == client.StagePlaying,
		BallX: v.Ball.X, BallY: v.Ball.Y, BallVisible: v.BallInPlay,
		Paddle: v.Paddle, Tick: v.Tick,
	}
}

// botLine is what --json prints each second.
type botLine struct {
	Tick        uint32  `json:"tick"`
	Stage       string  `json:"stage"`
	Score       [2]int  `json:"score"`
	LatencyMS   float64 `json:"latency_ms"`
	JitterMS    float64 `json:"jitter_ms"`
	Loss        float64 `json:"loss"`
	LeadTicks   float64 `json:"lead_ticks"`
	Corrections int     `json:"corrections"`
}

// botResult is what --json prints at the end of a match.
type botResult struct {
	Result string `json:"result"` // won or lost
	Match  string `json:"match"`
	Player int    `json:"player"`
	botLine
}

func jsonReport(out io.Writer) report {
	enc := json.NewEncoder(out)
	return func(v client.View, ended bool) {
		line := botLine{
			Tick: v.Tick, Stage: v.Stage.String(), Score: v.Score,
			LatencyMS: round(v.Link.Latency), JitterMS: round(v.Link.Jitter),
			Loss: round(max(v.Link.LossUp, v.Link.LossDown)), LeadTicks: round(v.Link.Lead), Corrections: v.Link.Corrections,
		}
		if !ended {
			_ = enc.Encode(line)
			return
		}
		_ = enc.Encode(botResult{Result: result(v), Match: v.Match, Player: v.Me + 1, botLine: line})
	}
}

func textReport(out io.Writer) report {
	last := ""
	return func(v client.View, ended bool) {
		line := fmt.Sprintf("%s %d:%d", v.Stage, v.Score[0], v.Score[1])
		if v.Notice != "" {
			line += "  " + v.Notice
		}
		if ended {
			line = fmt.Sprintf("%s %d:%d", result(v), v.Score[0], v.Score[1])
		}
		if line != last {
			fmt.Fprintln(out, line)
		}
		last = line
	}
}

func result(v client.View) string {
	if v.Winner == v.Me {
		return "won"
	}
	return "lost"
}

func round(x float64) float64 { return float64(int(x*1000+0.5)) / 1000 }
