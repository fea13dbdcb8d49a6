package replaydir

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// run runs a Dir until stop is called, which waits until everything is written.
func run(t *testing.T, cfg Config) (d *Dir, stop func()) {
	t.Helper()
	d, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	return d, func() { cancel(); <-ended }
}

// files returns the contents of the regular files in a folder, by name.
func files(dir string) map[string]string {
	all := make(map[string]string)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if b, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil {
			all[e.Name()] = string(b)
		}
	}
	return all
}

func TestDir_WritesTheRecordingsOfGames(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	d, stop := run(t, Config{Path: dir, Failed: func(err error) { t.Error(err) }})
	d.Put("a", []byte("one"), false)
	d.Put("b", []byte("uno"), false)
	d.Put("a", []byte(" two"), false)
	d.Put("a", nil, false)
	d.Put("a", []byte(" three"), true)
	stop()
	got := files(dir)
	if len(got) != 2 || got["a.pongrec"] != "one two three" || got["b.pongrec"] != "uno" {
		t.Errorf("%q, want the pieces of each recording in its file", got)
	}
}

func TestDir_RemovesTheOldestFiles(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		name := filepath.Join(dir, fmt.Sprint("old", i, Suffix))
		if err := os.WriteFile(name, make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Now().Add(time.Duration(i-10) * time.Hour)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	foreign := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(foreign, make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	d, stop := run(t, Config{Path: dir, MaxBytes: 350, Failed: func(err error) { t.Error(err) }})
	d.Put("long", make([]byte, 120), false)
	d.Put("short", make([]byte, 60), true)
	d.Put("long", make([]byte, 90), true)
	stop()
	var names []string
	for name := range files(dir) {
		names = append(names, name)
	}
	slices.Sort(names)
	if want := []string{"long.pongrec", "notes.txt", "short.pongrec"}; !slices.Equal(names, want) {
		t.Errorf("%v, want %v: the oldest are removed until 350 bytes are left, and other files stay", names, want)
	}
}

// A folder that cannot be written must cost recordings only, and one report.
func TestDir_ReportsOneFailureAndGoesOn(t *testing.T) {
	dir := t.TempDir()
	var reports []error
	d, stop := run(t, Config{Path: dir, Failed: func(err error) { reports = append(reports, err) }})
	if err := os.Mkdir(filepath.Join(dir, "x"+Suffix), 0o700); err != nil { // in place of the files
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "y"+Suffix), 0o700); err != nil {
		t.Fatal(err)
	}
	d.Put("x", []byte("1"), false)
	d.Put("y", []byte("1"), false)
	d.Put("x", []byte("2"), false)
	d.Put("x", []byte("3"), true)
	d.Put("z", []byte("1"), false)
	d.Put("z", []byte("2"), true)
	stop()
	if len(reports) != 2 || reports[0] == nil || reports[1] != nil {
		t.Errorf("reports %v, want one failure, and that recording works again", reports)
	}
	if got := files(dir); got["z.pongrec"] != "12" {
		t.Errorf("%q, want the recording of z", got)
	}
}

// A disk that does not keep up must not fill the memory. A recording of which a piece is missing is not continued.
func TestPut_DropsWhatDoesNotFitTheQueue(t *testing.T) {
	var reports []error
	d, err := Open(Config{Path: t.TempDir(), Failed: func(err error) { reports = append(reports, err) }})
	if err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("x"), maxQueued/2)
	d.Put("a", big, false)
	d.Put("b", big, false)
	d.Put("a", []byte("lost"), false)
	d.writeAll()
	d.Put("a", []byte("after a gap"), false)
	d.Put("a", []byte("after a gap"), true)
	d.Put("b", []byte("end"), true)
	d.writeAll()
	got := files(d.cfg.Path)
	if len(got["a.pongrec"]) != len(big) || len(got["b.pongrec"]) != len(big)+3 {
		t.Errorf("%d and %d bytes, want %d, to the gap, and %d", len(got["a.pongrec"]), len(got["b.pongrec"]),
			len(big), len(big)+3)
	}
	if len(reports) != 2 || !errors.Is(reports[0], errTooSlow) || reports[1] != nil {
		t.Errorf("reports %v, want errTooSlow and then success", reports)
	}
	if len(d.dropped) != 0 {
		t.Errorf("%d recordings are remembered after their end", len(d.dropped))
	}
}

func TestOpen_RefusesAFolderThatCannotBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Config{Path: path}); err == nil {
		t.Error("a file is taken as a folder")
	}
}
