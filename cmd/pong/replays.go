package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"pong/internal/crash"
	"pong/internal/replaydir"
	"pong/internal/shard"
)

// replaysFlags are the flags of a server that records games.
type replaysFlags struct {
	dir string
	max int // megabytes
}

func (f *replaysFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.dir, "replays", "",
		"folder in which to record every game, for pong replay (default games are not recorded)")
	cmd.Flags().IntVar(&f.max, "replays-max", replaydir.DefaultMaxBytes>>20,
		"megabytes that the recordings take; the oldest are removed")
}

func (f *replaysFlags) check(cmd *cobra.Command) error {
	switch {
	case f.dir == "" && cmd.Flags().Changed("replays-max"):
		return usage(cmd, "--replays-max is for a folder: name it with --replays")
	case f.dir != "" && f.max < 1:
		return usage(cmd, "--replays-max %d: must be at least 1", f.max)
	}
	return nil
}

// recordGames has the server record its games, if that is wanted.
func (s *serving) recordGames() error {
	f := &s.flags.replays
	if f.dir == "" {
		return nil
	}
	dir, err := replaydir.Open(replaydir.Config{
		Path: f.dir, MaxBytes: int64(f.max) << 20, Failed: reportRecordings(s.cfg.Log),
	})
	if err != nil {
		return fmt.Errorf("--replays: %w", err)
	}
	s.replays = dir
	s.cfg.Record = func(of shard.RecordedGame, piece []byte, last bool) { dir.Put(recordingName(of), piece, last) }
	return nil
}

// recordingName returns the name of the file of a game, without its suffix. It does not have the names of the players,
// which need not be names of files.
func recordingName(of shard.RecordedGame) string {
	return fmt.Sprintf("%s-%s-%d", of.Began.UTC().Format("20060102-150405"), of.Match, of.Number)
}

// reportRecordings returns what reports that games cannot be recorded, and that they can be recorded again.
func reportRecordings(log *slog.Logger) func(error) {
	return func(err error) {
		if err == nil {
			log.Info("games are recorded again")
			return
		}
		log.Warn("games cannot be recorded; they go on", slog.String("reason", oneLine(err.Error())),
			slog.String("do", "free some space on the disk of --replays"))
	}
}

// writeRecordings writes what is recorded, until stop is called, which writes the rest.
func (s *serving) writeRecordings() (stop func()) {
	if s.replays == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go crash.Guarded(func() { s.replays.Run(ctx); close(ended) })()
	return func() { cancel(); <-ended }
}
