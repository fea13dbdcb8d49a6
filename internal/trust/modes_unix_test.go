//go:build unix

package trust

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of this file need Unix: files of Windows have no modes.

// wantMode checks the type and the permissions of a file.
func wantMode(t testing.TB, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != want {
		t.Errorf("%s has mode %v, want %v", path, info.Mode(), want)
	}
}

// TestOpenIdentity_RefusesKeysThatOthersRead leaves the file as it is.
func TestOpenIdentity_RefusesKeysThatOthersRead(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, day0)
	path := filepath.Join(dir, identityFile)
	good := read(t, path)
	for _, mode := range []fs.FileMode{0o644, 0o640} {
		write(t, path, good, mode)
		wantOpenError(t, dir, "chmod 600 "+path)
		if _, _, err := Rotate(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("rotated a file of mode %v: error %v, want one with chmod 600", mode, err)
		}
		if string(read(t, path)) != string(good) {
			t.Errorf("a file of mode %v was modified", mode)
		}
	}
	write(t, path, good, 0o600)
	open(t, dir, day0)
}

func TestOperator_RefusesKeysThatOthersRead(t *testing.T) {
	dir := t.TempDir()
	good, _ := selfSigned(t, site("pong.example"))
	install(t, dir, good)
	write(t, filepath.Join(dir, operatorKey), read(t, filepath.Join(dir, operatorKey)), 0o644)
	wantOpenError(t, dir, "chmod 600", "operator")
}

// TestLeaf_ReplacedIfOthersRead makes another leaf, whose key no one has read.
func TestLeaf_ReplacedIfOthersRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, leafFile)
	first := chainOf(t, open(t, dir, day0), day0)[0]
	write(t, path, read(t, path), 0o644)
	if leaf := chainOf(t, open(t, dir, day0), day0)[0]; leaf.Equal(first) {
		t.Error("a leaf that others could read is still used")
	}
	wantMode(t, path, 0o600)
}

// TestChanges_IdentityThatOthersReadIsIgnored reports once that the file of a running server can be read by others.
func TestChanges_IdentityThatOthersReadIsIgnored(t *testing.T) {
	dir, now := t.TempDir(), day0
	s := open(t, dir, now)
	path, key := filepath.Join(dir, identityFile), s.Fingerprint()
	s.Changes(now)
	write(t, path, read(t, path), 0o644)
	if chain := chainOf(t, s, now); fingerprintOf(chain[1]) != key || s.Fingerprint() != key {
		t.Error("the running server changed its identity")
	}
	if n := s.Changes(now); n.Warning == nil || !strings.Contains(n.Warning.Error(), "chmod 600") ||
		!strings.Contains(n.Warning.Error(), "stays in use") {
		t.Errorf("changes %+v, want a warning with chmod 600", n)
	}
	if again := s.Changes(now); again != (Changes{}) {
		t.Errorf("the second call returned %+v, want no changes", again)
	}
	write(t, path, read(t, path), 0o600)
	if n := s.Changes(now); n != (Changes{Resolved: true}) {
		t.Errorf("after the repair: changes %+v, want resolved", n)
	}
}

// TestChanges_UnsavedLeafIsReportedOnce renews a leaf that cannot be stored. It needs Unix, where the error for a
// folder in the way differs from that for a folder that cannot be written.
func TestChanges_UnsavedLeafIsReportedOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, day0)
	s.Changes(day0)
	path := filepath.Join(dir, leafFile)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := day0.Add(7 * day)
	if n := s.Changes(now); n.Warning == nil || !strings.Contains(n.Warning.Error(), "could not be stored") {
		t.Errorf("got %+v, want a warning that the leaf could not be stored", n)
	}
	if n := s.Changes(now); n != (Changes{}) {
		t.Errorf("the second call returned %+v, want no changes", n)
	}
}
