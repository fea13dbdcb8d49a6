//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestServe_RefusesKeysThatOthersRead needs Unix, because files of Windows have no modes.
func TestServe_RefusesKeysThatOthersRead(t *testing.T) {
	t.Parallel()
	certs := filepath.Join(t.TempDir(), "certs")
	serve := func() *process {
		return start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--certs", certs)
	}
	server := serve()
	server.line("Ctrl-C ends")
	server.interrupt()
	server.end(exitDone)
	must(t, os.Chmod(filepath.Join(certs, "identity.pem"), 0o644))
	refuses(t, serve(), exitFailed, "read or changed by other users", "chmod 600")
}

// TestServe_RefusesFilesThatAreNotKeys needs Unix: a file that a test of Windows writes can be read by others, which is
// refused first.
func TestServe_RefusesFilesThatAreNotKeys(t *testing.T) {
	t.Parallel()
	certs := t.TempDir()
	must(t, os.WriteFile(filepath.Join(certs, "identity.pem"), []byte("hello"), 0o600))
	refuses(t, start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--certs", certs),
		exitFailed, "identity.pem", "restore the file from a backup")
}
