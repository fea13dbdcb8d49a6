package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pong/internal/server"
)

// A keeper is a server that is about to run, with what it logs.
type keeper struct {
	*serving
	log  bytes.Buffer
	path string // of the file of matches in the folder of the certificates
}

// newKeeper returns a server with a folder for its certificates. The folder of its matches is that of --state.
func newKeeper(t *testing.T, controlPort int, state string) *keeper {
	t.Helper()
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { control.Close() })
	k := &keeper{}
	certs := t.TempDir()
	k.path = filepath.Join(certs, "matches-"+strconv.Itoa(control.Addr().(*net.TCPAddr).Port))
	k.serving = &serving{
		flags: &serveFlags{controlPort: controlPort, certs: certsFlag{dir: certs}, state: state}, control: control,
		cfg: server.Config{Log: slog.New(slog.NewTextHandler(&k.log, nil))},
	}
	return k
}

// TestServe_KeepsMatchesWhereItCan opens the file of the matches in folders of all kinds. Without --state a server runs
// in any case.
func TestServe_KeepsMatchesWhereItCan(t *testing.T) {
	k := newKeeper(t, 5555, "")
	if err := k.keepMatches(); err != nil || k.cfg.Save == nil || k.log.Len() > 0 {
		t.Fatalf("a folder that can be written: %v, log %q", err, &k.log)
	}
	k.cfg.Save("m1", []byte("record"))
	k.writeMatches()()

	again := newKeeper(t, 5555, filepath.Join(t.TempDir(), "new", "folder"))
	if err := again.keepMatches(); err != nil || again.cfg.Save == nil {
		t.Errorf("a folder that does not exist: %v", err)
	}
	again.writeMatches()()

	// The next server on the same port finds what the first has kept.
	next := &serving{flags: k.flags, control: k.control, cfg: server.Config{Log: k.cfg.Log}}
	if err := next.keepMatches(); err != nil || string(next.cfg.Saved["m1"]) != "record" {
		t.Errorf("the next server finds %q, %v", next.cfg.Saved, err)
	}
	// While it runs, a third one cannot use the file.
	third := &serving{flags: k.flags, control: k.control, cfg: server.Config{Log: k.cfg.Log}}
	if err := third.keepMatches(); err != nil || third.cfg.Save != nil || !strings.Contains(k.log.String(), "--state") {
		t.Errorf("a file in use: %v, log %q; want a warning that names --state", err, &k.log)
	}
	next.writeMatches()()

	for name, k := range map[string]*keeper{
		"none": newKeeper(t, 5555, noState), "a free port": newKeeper(t, 0, ""),
	} {
		if err := k.keepMatches(); err != nil || k.cfg.Save != nil || k.log.Len() > 0 {
			t.Errorf("%s: %v, log %q; want that nothing is kept", name, err, &k.log)
		}
		k.writeMatches()()
	}
}

// TestServe_MatchesCannotBeKept gives a server a file of matches that it cannot use.
func TestServe_MatchesCannotBeKept(t *testing.T) {
	k := newKeeper(t, 5555, "")
	if err := os.Mkdir(k.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := k.keepMatches(); err != nil || k.cfg.Save != nil ||
		!strings.Contains(k.log.String(), "a restart of this server will end its matches") {
		t.Errorf("a folder in place of the file: %v, log %q; want one warning", err, &k.log)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k = newKeeper(t, 5555, file)
	if err := k.keepMatches(); err == nil || !strings.Contains(err.Error(), "--state") {
		t.Errorf("a file in place of the folder of --state: %v, want an error", err)
	}
	k = newKeeper(t, 5555, "")
	if err := os.WriteFile(k.path, []byte("a shopping list"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := k.keepMatches(); err != nil || !strings.Contains(k.log.String(), k.path+".bad") {
		t.Errorf("a foreign file: %v, log %q; want a warning that names where it is now", err, &k.log)
	}
	k.writeMatches()()
}

// TestReportMatches_SaysBothChanges checks the lines about a disk that is full and has room again.
func TestReportMatches_SaysBothChanges(t *testing.T) {
	var log bytes.Buffer
	report := reportMatches(slog.New(slog.NewTextHandler(&log, nil)))
	report(context.DeadlineExceeded)
	report(nil)
	if text := log.String(); !strings.Contains(text, "free some space") || !strings.Contains(text, "kept again") {
		t.Errorf("logged %q", text)
	}
}
