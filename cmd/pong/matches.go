package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"time"

	"pong/internal/crash"
	"pong/internal/matchfile"
	"pong/internal/shard"
)

// keptFor is how long after the end of a server another one continues its matches. Players look for a server for a
// minute, and a person can start the program again.
const keptFor = 10 * time.Minute

// A record and the name of its match fit into a slot. If they do not, this does not compile.
const _ = uint(matchfile.MaxRecord - shard.MaxSaved - longestMatch)

// longestMatch is more bytes than the name of a match has: m, the number of a shard and that of the match.
const longestMatch = 20

// noState is the value of --state that keeps nothing.
const noState = "none"

// keepMatches has the server keep its matches in a file, and continue those of the server before it. Servers with other
// ports can share the folder. Without --state the server runs even if it can keep nothing.
func (s *serving) keepMatches() error {
	f := s.flags
	dir := f.state
	switch {
	case dir == noState, f.cluster.name != "": // the other servers of a cluster have the matches
		return nil
	case dir == "" && f.controlPort == 0:
		return nil // players will not find the next server
	case dir == "":
		dir = f.certs.dir
	}
	log, port := s.cfg.Log, s.control.Addr().(*net.TCPAddr).Port
	file, found, err := matchfile.Open(time.Now(), matchfile.Config{
		Path: filepath.Join(dir, fmt.Sprintf("matches-%d", port)), MaxAge: keptFor, Failed: reportMatches(log),
	})
	switch {
	case err != nil && f.state != "":
		return fmt.Errorf("--state: %w", err)
	case err != nil:
		do := "make the folder writable, or name another one with --state"
		if errors.Is(err, matchfile.ErrInUse) {
			do = "give each server a folder of its own with --state"
		}
		log.Warn("a restart of this server will end its matches", slog.String("reason", oneLine(err.Error())),
			slog.String("do", do))
		return nil
	}
	if found.Aside != "" {
		log.Warn("the file of the matches has other content, so it was renamed", slog.String("to", found.Aside))
	}
	if n := found.Damaged; n > 0 {
		log.Warn("matches of the server's last run cannot be read", slog.Int("matches", n))
	}
	if n := found.Expired; n > 0 {
		log.Info("matches of the server's last run are too old to continue", slog.Int("matches", n))
	}
	s.matches, s.cfg.Save, s.cfg.Saved = file, file.Put, found.Records
	return nil
}

// reportMatches returns what reports that matches cannot be kept, and that they can be kept again.
func reportMatches(log *slog.Logger) func(error) {
	return func(err error) {
		if err == nil {
			log.Info("matches are kept again")
			return
		}
		log.Warn("matches cannot be kept, so a restart of this server would end them",
			slog.String("reason", oneLine(err.Error())), slog.String("do", "free some space on the disk"))
	}
}

// writeMatches writes what the server keeps, until stop is called, which writes the rest.
func (s *serving) writeMatches() (stop func()) {
	if s.matches == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go crash.Guarded(func() { s.matches.Run(ctx); close(ended) })()
	return func() {
		cancel()
		<-ended
		_ = s.matches.Close()
	}
}
