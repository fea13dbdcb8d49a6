//go:build unix

package trust

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpenToken_ChecksModeOwnerAndLinks needs Unix: files of Windows have no modes.
func TestOpenToken_ChecksModeOwnerAndLinks(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, TokenFile)
	if _, err := OpenToken(path); err != nil {
		t.Fatal(err)
	}
	wantMode(t, path, 0o600)
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o602} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		for name, open := range map[string]func(string) (string, error){
			"OpenToken": OpenToken, "ReadToken": ReadToken,
		} {
			if _, err := open(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
				t.Errorf("%s of a file with mode %v: %v, want chmod 600", name, mode, err)
			}
		}
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "planted"), dangling); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{link, dangling, dir} {
		if _, err := OpenToken(name); err == nil || !strings.Contains(err.Error(), "is a link, or no file") {
			t.Errorf("OpenToken(%s): %v, want it refused", name, err)
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "planted")); err == nil {
		t.Error("a token was written to where a link leads")
	}
	if os.Geteuid() != 0 {
		return // only root can give a file away
	}
	if err := os.Chown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenToken(path); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("OpenToken of a file of another user: %v, want it refused", err)
	}
}
