//go:build unix

package matchfile

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"
)

// The test of this file needs Unix: Windows has access control lists instead of modes.

// TestFile_OfOthersIsRefused opens a file that others can read, and one that another user has placed, which only root
// can try.
func TestFile_OfOthersIsRefused(t *testing.T) {
	cfg := Config{Path: t.TempDir() + "/matches-5555", MaxAge: time.Minute}
	if err := os.WriteFile(cfg.Path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused := func(want string) {
		t.Helper()
		if f, _, err := Open(time.Now(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got the file %v, error %v; want an error with %q", f, err, want)
		}
	}
	if err := os.Chmod(cfg.Path, 0o644); err != nil {
		t.Fatal(err)
	}
	refused("chmod 600")
	if err := os.Chmod(cfg.Path, 0o600); err != nil {
		t.Fatal(err)
	}
	switch err := os.Chown(cfg.Path, 12345, 12345); {
	case err == nil:
		refused("chown root")
	case !errors.Is(err, fs.ErrPermission):
		t.Fatal(err)
	}
}
