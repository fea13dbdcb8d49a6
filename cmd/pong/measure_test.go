package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pong/internal/client"
)

// TestMeasuring_FullDiskIsOneLine fails every write, as a full disk does, and counts the warnings.
func TestMeasuring_FullDiskIsOneLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "match.csv")
	warnings := make(chan string, 100)
	m, err := newMeasuring(path, func(text string) { warnings <- text })
	if err != nil {
		t.Fatal(err)
	}
	m.file.Close() // every write fails from here on
	for range 50 {
		m.writer.Datagram(client.Datagram{Bytes: 100})
	}
	if text := <-warnings; !strings.Contains(text, "cannot be measured any more; it goes on") {
		t.Errorf("the warning is %q", text)
	}
	for range 50 {
		m.writer.Datagram(client.Datagram{Bytes: 100})
	}
	m.close()
	if len(warnings) > 0 {
		t.Errorf("another warning: %q", <-warnings)
	}
}

func TestMeasuring_FileThatCannotBeCreatedIsRefused(t *testing.T) {
	if _, err := newMeasuring(filepath.Join(t.TempDir(), "none", "match.csv"), nil); err == nil {
		t.Error("a file in no folder was created")
	}
	if m, err := newMeasuring("", nil); m != nil || err != nil {
		t.Errorf("without a name: got %v, %v, want nothing", m, err)
	}
}

// TestLab_FromAMatch refuses what is no match, and says which file.
func TestLab_FromAMatch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "match.csv")
	if err := os.WriteFile(path, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := runLab(t, "--from", path); err == nil || !strings.Contains(err.Error(), "pong play --measure") ||
		!strings.Contains(err.Error(), path) {
		t.Errorf("pong lab --from of another file: got %v", err)
	}
}
