//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestServe_Deny reads a file at start, refuses one with an error, and takes it up again on SIGHUP: a bot at an address
// that is new in it reads why it is removed, and another one why it cannot join. It needs Unix for the signal.
func TestServe_Deny(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "deny")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("192.0.2.0/24 # a botnet\n192.0.2.x\n")
	args := []string{"serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0"}
	refuses(t, start(t, append(args, "--deny", list)...), exitFailed, list+`: line 2: "192.0.2.x" is no address`)
	refuses(t, start(t, append(args, "--deny", list+"s")...), exitFailed, list+"s", "make the file")

	write("192.0.2.0/24 # a botnet\n")
	cmd := command(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--log", "json",
		"--deny", list)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // without a terminal that could be closed
	server := begin(t, cmd)
	var at struct{ Link string }
	if err := json.Unmarshal([]byte(server.line("link")), &at); err != nil {
		t.Fatal(err)
	}
	server.line(`"deny list"`)
	bot := start(t, "bot", at.Link, "--matches", "0")
	server.line(`"online"`)

	write("192.0.2.0/24\n127.0.0.x\n")
	server.signal(syscall.SIGHUP)
	server.line("the deny list stays as it was")
	write("192.0.2.0/24\n127.0.0.0/8\n")
	server.signal(syscall.SIGHUP)
	server.line(`"deny list read again"`)
	refuses(t, bot, exitFailed, "The operator of this server does not admit your address.")
	refuses(t, start(t, "bot", at.Link), exitFailed, "the operator of this server does not admit your address")
	server.signal(syscall.SIGTERM)
	server.end(exitDone)
}
