package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/replay"
	"pong/internal/replay/replaytest"
)

// A recording that a person has must not be written over.
func TestRecord_ExistingFileIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.pongrec")
	if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, filepath.Join(filepath.Dir(path), "mine")} {
		if _, err := newGameRecording(name, func(string) {}); err == nil {
			t.Errorf("--record %s is accepted, although there is %s", name, path)
		}
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "kept" {
		t.Errorf("the file has %q (%v), want it as it was", b, err)
	}
}

// A game is recorded without --record, too, so that it can be saved when it is over.
func TestRecord_GameCanBeSaved(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	g, err := newGameRecording("", func(text string) { t.Error(text) })
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	if path, err := g.save(); err == nil {
		t.Errorf("saved as %s before any game, want an error", path)
	}
	var cfg dial.Config
	g.record(&cfg)
	r, _ := replaytest.Game(t)
	for i := range r.Len() + 1 {
		var applied []game.Inputs
		if i > 0 {
			applied = append(applied, r.Inputs(i-1))
		}
		cfg.Confirmed(client.Confirmed{Rules: r.Rules, Names: r.Names, Game: 1, State: r.At(i), Applied: applied})
	}
	path, err := g.save()
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	saved, err := replay.Parse(bytes)
	if err != nil || !saved.Complete || saved.At(saved.Len()) != r.At(r.Len()) || time.Since(saved.Began) > time.Hour {
		t.Errorf("%s: %v, want the whole game", path, err)
	}
}
