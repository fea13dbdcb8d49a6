package replay_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"pong/internal/game"
	"pong/internal/replay"
	"pong/internal/replay/replaytest"
)

var write = flag.Bool("write", false, "write testdata/v1.pongrec anew, for a new version of the format")

// testdata/v1.pongrec was written once. If the bytes of a recording, or the rules, change, it needs a new version.
func TestFormat_IsTheDocumentedOne(t *testing.T) {
	const path = "testdata/v1.pongrec"
	_, now := replaytest.Game(t)
	if *write {
		if err := os.WriteFile(path, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := replay.Parse(kept)
	if err != nil {
		t.Fatalf("a recording of an earlier build: %v", err)
	}
	if last := r.At(r.Len()); last.Phase != game.Over || r.Names != [2]string{"Ann", "Ben"} {
		t.Errorf("it is of %v and ends with %+v", r.Names, last)
	}
	if !bytes.Equal(kept, now) {
		t.Error("the same game is recorded with other bytes: give the format a new version")
	}
}
