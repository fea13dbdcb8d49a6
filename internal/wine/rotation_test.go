//go:build wine && linux

package wine

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pong/internal/trust"
)

// TestWine_PinsFollowRotations rotates the identity of a running server while two programs ask it for its matches
// again and again. Both move the pin of the server in the same file. Every program succeeds, and the pin is the last
// identity.
func TestWine_PinsFollowRotations(t *testing.T) {
	const rotations = 8 // as many as an identity vouches for, so that a slow client follows too
	certs := windowsPath(filepath.Join(t.TempDir(), "certs"))
	s := serve(t, "--certs", certs)
	address := strings.TrimPrefix(s.Link[:strings.Index(s.Link, "/#")], "pong://")
	pins := trust.NewPins(filepath.Join(settingsFolder(t), "known_servers"))
	must(t, pins.Store(trust.Pin{Address: address, Key: fingerprintOf(t, s.with("fingerprint")[0]), Date: time.Now()}))
	ask := func() bool { return output(t, pong(t, "watch", "--list", address)) != "" }

	var asking sync.WaitGroup
	done := make(chan struct{})
	stop := sync.OnceFunc(func() { close(done); asking.Wait() })
	defer stop()
	var asked [2]int
	for i := range asked {
		asking.Go(func() {
			for ask() {
				asked[i]++
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	newest := ""
	for range rotations {
		_, after, _ := strings.Cut(output(t, pong(t, "trust", "rotate", "--certs", certs)), "new fingerprint  ")
		newest, _, _ = strings.Cut(after, "\n")
	}
	stop()
	figure("wine_asked_during_rotations", float64(asked[0]+asked[1]), "times")

	if want := fingerprintOf(t, s.wait(newest)); ask() {
		if got, err := pins.Lookup(address); err != nil || *got != want {
			t.Errorf("after %d rotations the pin is %v, %v; want %v", rotations, got, err, want)
		}
	}
}

// output runs a program to its end, which must be good, and returns what it printed.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %v\n%s", cmd.Args[1:], err, out)
		return ""
	}
	return string(out)
}

// settingsFolder returns the folder in which pong keeps what it knows.
func settingsFolder(t *testing.T) string {
	t.Helper()
	out := output(t, command(t, "cmd.exe", "/c", "echo", "%APPDATA%"))
	path, ok := strings.CutPrefix(strings.TrimSpace(out), `C:\`)
	if !ok {
		t.Fatalf(`APPDATA is %q, want a folder of C:\`, out)
	}
	return filepath.Join(prefix, "drive_c", strings.ReplaceAll(path, `\`, "/"), "pong")
}

// fingerprintOf returns the fingerprint in a line of a JSON log.
func fingerprintOf(t *testing.T, line string) trust.Fingerprint {
	t.Helper()
	var fields struct{ Fingerprint string }
	must(t, json.Unmarshal([]byte(line), &fields))
	f, err := trust.ParseFingerprint(fields.Fingerprint)
	must(t, err)
	return f
}
