package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pong/internal/client"
	"pong/internal/crash"
	"pong/internal/dial"
	"pong/internal/replay"
	"pong/internal/replaydir"
)

// A gameRecording records the games of a client: in memory, so that a person can save the last one, and in files if
// --record names one.
type gameRecording struct {
	games replaydir.GameRecorder
	stop  func() // writes the rest of the files
}

// newGameRecording returns a gameRecording that writes to files with a name, or to none if it is empty. The second game
// gets a name with a number, and so on. warn is called with what a person has to know.
func newGameRecording(name string, warn func(string)) (*gameRecording, error) {
	g := &gameRecording{stop: func() {}}
	if name == "" {
		return g, nil
	}
	base := strings.TrimSuffix(filepath.Base(name), replaydir.Suffix)
	switch _, err := os.Stat(filepath.Join(filepath.Dir(name), base+replaydir.Suffix)); {
	case err == nil:
		return nil, fmt.Errorf("%s exists already: choose another name", base+replaydir.Suffix)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	dir, err := replaydir.Open(replaydir.Config{
		Path: filepath.Dir(name), MaxBytes: math.MaxInt64, // a player's other files stay
		Failed: func(err error) {
			if err != nil {
				warn(fmt.Sprintf("the game cannot be recorded; it goes on: %v", err))
			}
		},
	})
	if err != nil {
		return nil, err
	}
	g.games.Put = func(number int, piece []byte, last bool) {
		file := base
		if number > 1 {
			file = fmt.Sprintf("%s-%d", base, number)
		}
		dir.Put(file, piece, last)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go crash.Guarded(func() { dir.Run(ctx); close(ended) })()
	g.stop = func() { cancel(); <-ended }
	return g, nil
}

// record has a client report its games.
func (g *gameRecording) record(cfg *dial.Config) {
	cfg.Confirmed = func(c client.Confirmed) {
		g.games.State(time.Now(), replaydir.Known{
			Header: replay.Header{Rules: c.Rules, Names: c.Names},
			Lineup: c.Lineup, Game: c.Game, State: c.State, Applied: c.Applied,
		})
	}
}

// close ends the recording of the game that is being played, and writes it.
func (g *gameRecording) close() {
	if g != nil {
		g.games.End()
		g.stop()
	}
}

// replayFolder is the folder in the home directory in which a person's replays are saved.
const replayFolder = "pong-replays"

// save saves the newest game, and returns the path of the file.
func (g *gameRecording) save() (string, error) {
	recording := g.games.Newest()
	if recording == nil {
		return "", errors.New("no game has been recorded")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		home = "."
	}
	folder := filepath.Join(home, replayFolder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(folder, time.Now().Format("2006-01-02-150405")+replaydir.Suffix)
	return path, os.WriteFile(path, recording, 0o644)
}
