//go:build unix

package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The tests of this file need Unix: links and owners are checked in another way on Windows.

// A ownedFile is the information about a file of a user.
type ownedFile struct {
	fs.FileInfo
	uid uint32
}

func (f ownedFile) Sys() any { return &syscall.Stat_t{Uid: f.uid, Nlink: 1} }

func TestHasTrustedOwner(t *testing.T) {
	own := uint32(os.Geteuid())
	for _, test := range []struct {
		uid  uint32
		want bool
	}{{own, true}, {0, true}, {own + 1, false}} {
		if got := hasTrustedOwner(ownedFile{uid: test.uid}); got != test.want {
			t.Errorf("user %d trusts a file of user %d: %v, want %v", own, test.uid, got, test.want)
		}
	}
}

// asOther gives a file to another user, which only root can do. It reports whether it has.
func asOther(t *testing.T, path string) bool {
	t.Helper()
	err := os.Lchown(path, 12345, 12345)
	if err != nil && !errors.Is(err, fs.ErrPermission) {
		t.Fatal(err)
	}
	return err == nil
}

// TestOpenIdentity_RefusesFilesOfOthers that another user may have placed where root reads them: a key, and a link to
// one. Links of root's own, as those of Kubernetes and certbot, are followed.
func TestOpenIdentity_RefusesFilesOfOthers(t *testing.T) {
	dir := t.TempDir()
	key := open(t, dir, day0).Fingerprint()
	path, kept := filepath.Join(dir, identityFile), filepath.Join(dir, "kept.pem")
	if err := os.Rename(path, kept); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("kept.pem", path); err != nil {
		t.Fatal(err)
	}
	if got := open(t, dir, day0).Fingerprint(); got != key {
		t.Errorf("through a link of its own, a server has the identity %v, want %v", got, key)
	}
	if asOther(t, path) {
		wantOpenError(t, dir, path, "link", "another user", "chown -h root "+path)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(kept, path); err != nil {
		t.Fatal(err)
	}
	if asOther(t, path) {
		wantOpenError(t, dir, "another user", "chown root "+path)
	}
}

func TestOpenSecretLog_RefusesWhatOthersHavePlaced(t *testing.T) {
	dir := t.TempDir()
	opens := func(name string) error {
		f, err := OpenSecretLog(filepath.Join(dir, name))
		if err == nil {
			f.Close()
		}
		return err
	}
	if err := opens("keys"); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("keys", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := opens("link"); err != nil {
		t.Errorf("a link of the process's own user: %v", err)
	}
	if asOther(t, filepath.Join(dir, "link")) {
		if err := opens("link"); err == nil || !strings.Contains(err.Error(), "link that another user has placed") {
			t.Errorf("a link of another user: got error %v, want one that names the link", err)
		}
	}
	if err := os.Link(filepath.Join(dir, "keys"), filepath.Join(dir, "other name")); err != nil {
		t.Fatal(err)
	}
	if err := opens("other name"); err == nil || !strings.Contains(err.Error(), "choose a new file") {
		t.Errorf("a file with two names: got error %v, want one that says to choose a new file", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "theirs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if asOther(t, filepath.Join(dir, "theirs")) {
		if err := opens("theirs"); err == nil || !strings.Contains(err.Error(), "chown root") {
			t.Errorf("a file of another user: got error %v, want one with chown root", err)
		}
	}
	if f, err := OpenSecretLog(os.DevNull); err != nil {
		t.Errorf("%s: %v", os.DevNull, err)
	} else {
		f.Close()
	}
}

// TestChanges_WarnsOfAFolderThatOthersCanWrite warns once, and serves.
func TestChanges_WarnsOfAFolderThatOthersCanWrite(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		mode fs.FileMode
		want string
	}{{0o700, ""}, {0o755, ""}, {0o775, ""}, {0o777, "chmod 700 " + dir}, {0o703, "chmod 700 " + dir}} {
		if err := os.Chmod(dir, test.mode); err != nil {
			t.Fatal(err)
		}
		s := open(t, dir, day0)
		warning := s.Changes(day0).Warning
		if (warning == nil) != (test.want == "") || warning != nil && !strings.Contains(warning.Error(), test.want) {
			t.Errorf("mode %#o: got the warning %v, want one with %q", test.mode, warning, test.want)
		}
		if again := s.Changes(day0.Add(day)).Warning; again != nil {
			t.Errorf("mode %#o: warned again: %v", test.mode, again)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if asOther(t, dir) {
		if err := checkFolder(dir); err == nil || !strings.Contains(err.Error(), "chown root "+dir) {
			t.Errorf("a folder of another user: got the warning %v, want one with chown", err)
		}
	}
}
