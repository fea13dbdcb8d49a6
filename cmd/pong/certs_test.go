package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestServe_IdentityDoesNotDependOnTheWorkingDirectory starts a server in two folders, and then in one that has an
// identity of its own, as former releases made it. Each says in one line where its identity is, unless that was chosen.
func TestServe_IdentityDoesNotDependOnTheWorkingDirectory(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	serve := func(dir string, args ...string) (fingerprint, identity string) {
		t.Helper()
		cmd := command(t, append([]string{"serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0"},
			args...)...)
		cmd.Dir = dir
		cmd.Env = append(homeIn(home), asPong+"=1")
		p := begin(t, cmd)
		p.line("a match starts when two are connected")
		for _, line := range p.seen {
			if text, ok := strings.CutPrefix(line, "  fingerprint  "); ok {
				fingerprint = text
			}
			if text, ok := strings.CutPrefix(line, "  identity     "); ok {
				identity = text
			}
		}
		p.interrupt()
		p.end(exitDone)
		return fingerprint, identity
	}
	here, there := t.TempDir(), t.TempDir()
	first, at := serve(here)
	again, _ := serve(there)
	if first == "" || first != again {
		t.Errorf("the same server has the identity %q in one folder and %q in another", first, again)
	}
	if !strings.HasPrefix(at, home) || filepath.Base(at) != "certs" {
		t.Errorf("the server prints %q, want a folder certs below %s", at, home)
	}
	if files, _ := os.ReadDir(here); len(files) > 0 {
		t.Errorf("the server has left %v in its working directory, want nothing", files)
	}
	own, at := serve(here, "--certs", "certs")
	if own == first || at != "" {
		t.Errorf("with --certs the server has the identity %q, which is the former one: %v; it prints the folder %q, "+
			"want nothing", own, own == first, at)
	}
	local, at := serve(here)
	if local != own || !strings.Contains(at, "in the working directory") || !strings.Contains(at, "certs") {
		t.Errorf("a working directory with an identity: got %q at %q, want %q and that it is in use", local, at, own)
	}
}
