package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/dial"
	"pong/internal/film"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/playback"
	"pong/internal/replay"
	"pong/internal/replaydir"
	"pong/internal/web"
)

// replayFlags are the flags of pong replay.
type replayFlags struct {
	verify       bool
	gif, cast    bool
	png          string
	from, to     string
	out          string
	link         string
	page         string
	tty, verbose bool
}

func newReplay() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay FILE|LINK",
		Short: "Play a recorded game, check it, or make pictures of it",
		Long: `Play a recorded game in a window or a terminal. A recording is a file that "pong serve --replays" has
written, or a link that contains one. Space pauses, the arrow keys go back and forth and change the
speed; 1 or 2 takes a paddle and plays from there against what was recorded, or, after B, against a bot.

Times are minutes and seconds, such as 1:30.5, or ticks, such as 5400.`,
		Example: `  pong replay 20261130-180405-m7-1.pongrec              play it
  pong replay game.pongrec --verify                      play all ticks again and compare every check
  pong replay game.pongrec --gif --from 1:00 --to 1:10   ten seconds as an animated GIF
  pong replay game.pongrec --cast                        a recording of a terminal, for asciinema
  pong replay game.pongrec --png 1:02.5                  one picture
  pong replay game.pongrec --link https://HOST:5555      a link that contains the whole game
  pong replay --page DIR                                 the page that plays such links, for any web server`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.page != "" && len(args) == 0 {
				return nil
			}
			return exactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return web.Export(f.page)
			}
			return f.run(cmd, args[0])
		},
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.BoolVar(&f.verify, "verify", false, "check the whole recording and print the result")
	fl.BoolVar(&f.gif, "gif", false, "write an animated GIF")
	fl.BoolVar(&f.cast, "cast", false, "write a recording of a terminal (asciicast)")
	fl.StringVar(&f.png, "png", "", "write the picture of this time")
	fl.StringVar(&f.from, "from", "", "where to begin (default at the beginning)")
	fl.StringVar(&f.to, "to", "", "where --gif and --cast end (default at the end)")
	fl.StringVar(&f.out, "out", "", "file to write (default named after the recording); - for standard output")
	fl.StringVar(&f.link, "link", "", "print a link at this page that contains the recording")
	fl.StringVar(&f.page, "page", "", "write the page that plays such links to this folder, for any web server")
	fl.BoolVar(&f.tty, "tty", false, "play in the terminal instead of a window")
	addVerbose(cmd, &f.verbose)
	return cmd
}

func (f *replayFlags) run(cmd *cobra.Command, source string) error {
	wants := 0
	for _, flag := range []string{"verify", "gif", "cast", "png", "link", "page"} {
		if cmd.Flags().Changed(flag) {
			wants++
		}
	}
	if wants > 1 {
		return usage(cmd, "choose one of --verify, --gif, --cast, --png, --link and --page")
	}
	if f.page != "" {
		return usage(cmd, "--page writes no recording: leave out FILE")
	}
	recording, r, damage := readRecording(source)
	if r == nil {
		return damage
	}
	from, to, err := f.part(cmd, r)
	if err != nil {
		return err
	}
	switch {
	case f.verify:
		return verify(cmd.OutOrStdout(), r, damage)
	case f.link != "":
		if damage != nil {
			return damage
		}
		return f.printLink(cmd, recording)
	}
	if damage != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "pong: %v; what is before is played\n", damage)
	}
	switch {
	case f.gif:
		return f.write(cmd, source, ".gif", func(w io.Writer) error { return film.GIF(w, r, from, to) })
	case f.cast:
		return f.write(cmd, source, ".cast", func(w io.Writer) error { return film.Cast(w, r, from, to) })
	case f.png != "":
		at, err := position(cmd, "--png", f.png, r)
		if err != nil {
			return err
		}
		suffix := fmt.Sprintf("-%d.png", at)
		return f.write(cmd, source, suffix, func(w io.Writer) error { return film.PNG(w, r, at) })
	}
	return f.play(cmd.Context(), r, from)
}

// readRecording reads a recording from a file or a link. If it is damaged, the error comes with what there is of it.
func readRecording(source string) (recording []byte, r *replay.Replay, err error) {
	if replay.IsLink(source) {
		recording, err = replay.FromLink(source)
	} else {
		recording, err = readBounded(source)
	}
	if err == nil {
		r, err = replay.Parse(recording)
	}
	switch {
	case err != nil && r == nil && replay.IsLink(source):
		err = errors.New(front.LinkProblem(err))
	case errors.Is(err, replay.ErrForeign):
		err = fmt.Errorf("%s: %w", source, err)
	case errors.Is(err, replay.ErrVersion):
		err = fmt.Errorf("%w: use the version with which it was recorded", err)
	}
	return recording, r, err
}

// readBounded reads a file, but no more of it than a recording has.
func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s; a link begins with https://", path)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, replay.MaxBytes+1))
}

// part returns the positions of --from and --to.
func (f *replayFlags) part(cmd *cobra.Command, r *replay.Replay) (from, to int, err error) {
	to = r.Len()
	if f.from != "" {
		if from, err = position(cmd, "--from", f.from, r); err != nil {
			return 0, 0, err
		}
	}
	if f.to != "" {
		if to, err = position(cmd, "--to", f.to, r); err != nil {
			return 0, 0, err
		}
	}
	if to < from {
		return 0, 0, usage(cmd, "--to is before --from")
	}
	return from, to, nil
}

// position returns the position of a time, in ticks or as minutes and seconds.
func position(cmd *cobra.Command, flag, text string, r *replay.Replay) (int, error) {
	ticks, err := strconv.Atoi(text)
	if minutes, seconds, ok := strings.Cut(text, ":"); ok {
		m, wrong := strconv.Atoi(minutes)
		s, also := strconv.ParseFloat(seconds, 64)
		if err = errors.Join(wrong, also); err == nil && m <= r.Len() && s >= 0 && s < 60 {
			ticks = m*60*game.TickRate + int(s*game.TickRate+0.5)
		} else {
			ticks = -1
		}
	}
	if err != nil || ticks < 0 || ticks > r.Len() {
		return 0, usage(cmd, "%s %q: must be a time from 0:00 to %s, or a tick from 0 to %d", flag, text,
			replay.Clock(r.Len()), r.Len())
	}
	return ticks, nil
}

// verify prints what is in a recording, and returns an error if it is not whole.
func verify(out io.Writer, r *replay.Replay, damage error) error {
	last := r.At(r.Len())
	fmt.Fprintf(out, "%s\n", front.WithoutIsolates(front.Score(namesOf(r), [2]int{
		int(last.Score[0]), int(last.Score[1]),
	})))
	if !r.Began.IsZero() {
		fmt.Fprintf(out, "began    %s\n", r.Began.Format(time.RFC3339))
	}
	fmt.Fprintf(out, "length   %s, %d ticks\n", replay.Clock(r.Len()), r.Len())
	fmt.Fprintf(out, "points   %d\n", len(r.Points()))
	if r.Gaps > 0 {
		fmt.Fprintf(out, "gaps     %d\n", r.Gaps)
	}
	fmt.Fprintf(out, "state    %016x at the end\n", last.Hash())
	switch {
	case damage != nil:
		return damage
	case !r.Complete:
		return errors.New("all checks are right, but the recording ends before the game does: " +
			"what recorded it was killed, or still records")
	}
	fmt.Fprintln(out, "all checks are right")
	return nil
}

// namesOf returns the names of the players, and others for those without one.
func namesOf(r *replay.Replay) [2]string {
	f := r.Names
	for i := range f {
		if f[i] == "" {
			f[i] = fmt.Sprintf("Player %d", i+1)
		}
	}
	return f
}

// printLink prints a link that contains a recording.
func (f *replayFlags) printLink(cmd *cobra.Command, recording []byte) error {
	if !replay.IsLink(f.link) {
		return usage(cmd, "--link %q: must be a page that begins with https://", f.link)
	}
	link := replay.Link(f.link, recording)
	fmt.Fprintln(cmd.OutOrStdout(), link)
	if len(link) > replay.MaxLink {
		fmt.Fprintf(cmd.ErrOrStderr(), "pong: the link has %d characters, which some programs cut off: "+
			"send the file instead\n", len(link))
	}
	return nil
}

// write writes a file that is named after the recording, unless --out names it.
func (f *replayFlags) write(cmd *cobra.Command, source, suffix string, make func(io.Writer) error) error {
	path := f.out
	switch {
	case path == "-":
		return make(cmd.OutOrStdout())
	case path == "" && replay.IsLink(source):
		path = "replay" + suffix
	case path == "":
		path = strings.TrimSuffix(filepath.Base(source), replaydir.Suffix) + suffix
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := errors.Join(make(file), file.Close()); err != nil {
		os.Remove(path)
		return err
	}
	size, _ := os.Stat(path)
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d bytes\n", path, size.Size())
	return nil
}

// play plays a recording on a screen.
func (f *replayFlags) play(ctx context.Context, r *replay.Replay, from int) error {
	player := playback.New(r)
	player.SeekTo(from)
	s := newScreen(dial.Config{Address: "replay"}, front.Want{Kind: front.Watch}, 0)
	s.tty, s.verbose = f.tty, f.verbose
	s.flow.Dial = func(context.Context, front.Want, front.Ask) (front.Session, error) { return player, nil }
	s.flow.List, s.flow.Waiting, s.flow.News, s.flow.Servers = nil, nil, nil, nil
	err := s.play(ctx)
	if errors.Is(err, errNoScreen) {
		err = fmt.Errorf("%w: run pong replay on a desktop or in a terminal, or with --verify or --gif", err)
	}
	return err
}
