package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/rooms"
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
		Short: "Let a bot join a server and play",
		Long: `Let a bot join a server (localhost by default) and play. The bot sees only what a person's screen would
show, with the same delay and corrections.

With --json it prints a line a second (tick, score, latency_ms, jitter_ms, loss, lead_ticks,
corrections) and, at the end of each match, a line with the result as well. It exits with code 0 when
its matches are over.`,
		Example: `  pong bot 192.168.1.20                    an opponent of medium strength
  pong bot --level hard --matches 0        a strong one that stays for ever
  pong bot 127.0.0.2 --json --matches 1    through a relay, with figures`,
		Args: oneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	f.join.add(cmd, "bot")
	cmd.Flags().StringVar(&f.level, "level", "normal", "easy, normal or hard")
	cmd.Flags().IntVar(&f.matches, "matches", 1, "leave after this many matches; 0 means never")
	cmd.Flags().DurationVar(&f.patience, "patience", time.Minute,
		"how long to try to reach a server that has stopped answering")
	cmd.Flags().BoolVar(&f.json, "json", false, "print a line of JSON a second, and one with the result")
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
	defer f.join.close()
	if f.patience <= 0 {
		return usage(cmd, "--patience %v: must be more than 0", f.patience)
	}
	cfg.Patience = f.patience
	if cfg.Address == "" {
		cfg.Address = "localhost"
	}
	if isTerminal(os.Stdin) { // otherwise no one can be asked, and an unknown server is refused
		cfg.Ask = askInTerminal
	}
	cfg.Rotated = func(r client.Rotation) { fmt.Fprintln(os.Stderr, "pong: "+front.RotationNotice(r)) }
	var once sync.Once
	cfg.Unkept = func(err error) {
		once.Do(func() { fmt.Fprintln(os.Stderr, "pong: "+front.UnkeptNotice(err)) })
	}
	cfg.Waiting = printWait
	c, err := dial.Dial(cmd.Context(), cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	if rooms.Clean(f.join.room) == newRoom {
		printInvitation(c)
	}
	ctx, out, end := outputOf(cmd, f.note())
	defer end()
	write := textReport(out)
	if f.json {
		write = jsonReport(out)
	}
	err = playBot(ctx, c, bot.New(level, rand.Uint64()), f.matches, write)
	if errors.Is(err, errReaderGone) {
		return nil
	}
	return err
}

// printInvitation prints the command with which a person joins the bot in its new room.
func printInvitation(c *dial.Client) {
	cfg, frame := c.Config(), c.Frame(time.Now())
	command, _ := front.Invite(cfg.Address, frame.Server.Identity, cfg.Room)
	fmt.Fprintf(os.Stderr, "pong: to play with this bot: %s\n", command)
}

// askInTerminal asks a person whether to trust an unknown server.
func askInTerminal(ctx context.Context, q dial.Question) bool {
	return term.Ask(ctx, os.Stdin, os.Stderr, q.Host, q.Fingerprint, q.Known)
}

// printWait tells a person that the server is busy.
func printWait(w dial.Wait) { fmt.Fprintln(os.Stderr, "pong: "+front.WaitNotice(w)) }

// note returns the function that formats a line about lost lines.
func (f *botFlags) note() func(int) []byte {
	if f.json {
		return jsonNote
	}
	return textNote
}

// playAs joins a server and lets a bot play.
func playAs(ctx context.Context, cfg dial.Config, b *bot.Bot, matches int, write report) error {
	c, err := dial.Dial(ctx, cfg)
	if err != nil {
		return err
	}
	defer c.Close()
	return playBot(ctx, c, b, matches, write)
}

// playBot lets a bot play, at 60 frames a second, until so many matches have ended.
func playBot(ctx context.Context, c *dial.Client, b *bot.Bot, matches int, write report) error {
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	start := time.Now()
	var second time.Time
	key := game.None
	var games series
	for played := 0; ; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-frames.C:
		}
		now := time.Now()
		c.Update(now, key)
		v := c.Frame(now)
		key = b.Think(now.Sub(start), bot.See(&v))
		if now.Sub(second) >= time.Second {
			second = now
			write(v, false)
		}
		if v.Stage == client.StageClosed {
			return errors.New(front.Notice(&v))
		}
		if v.Stage == client.StageReady {
			c.Accept() // a bot knows nobody
		}
		ended, ask := games.next(now, &v)
		if ended {
			write(v, true)
			if played++; played == matches {
				return nil
			}
		}
		if ask {
			c.Rematch()
		}
	}
}

// A series is the games that a bot plays at a server, one after another.
type series struct {
	over  bool      // the last game is over, and no other one has begun
	asked time.Time // when the bot asked for another one last
}

// next takes a frame. It reports whether a game has ended, and whether to ask for another one. A bot whose process
// stood still for a whole game sees one result after the other, so it asks until the server knows.
func (g *series) next(now time.Time, v *client.Frame) (ended, ask bool) {
	switch {
	case v.Stage == client.StageOver && v.Winner >= 0:
		ended = !g.over
		ask = ended || !v.Rematch[v.Me] && now.Sub(g.asked) >= askAgain
	case v.Stage != client.StageOver && v.Stage != client.StageLost:
		g.over = false
		return false, false
	}
	g.over = g.over || ended
	if ask {
		g.asked = now
	}
	return ended, ask
}

// askAgain is the time after which a bot asks for another game again, if the server does not know that it has.
const askAgain = time.Second
