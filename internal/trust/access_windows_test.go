package trust

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// openToAll gives a file to all users of the machine.
func openToAll(t *testing.T, path string) {
	t.Helper()
	own, err := ownUser()
	if err == nil {
		err = setAccess(path, "D:P(A;OICI;FA;;;"+own.String()+")(A;OICI;FR;;;WD)")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The keys of a server are for its user alone, whatever their folder gives to others.
func TestAccess_KeysAreForTheirUserAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "certs")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	openToAll(t, dir)
	s, err := OpenIdentity(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if warning := s.Warning(time.Now()); warning != nil {
		t.Errorf("a folder that all users can read: got the warning %v, want none", warning)
	}
	for _, name := range []string{identityFile, leafFile} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if others, err := otherUsers(f, readOrChange); err != nil || len(others) > 0 {
			t.Errorf("%s can be read by %v, error %v; want nobody else", name, others, err)
		}
		f.Close()
	}
}

// A folder that others can write gives a warning, with a command that helps.
func TestAccess_FolderThatOthersWriteIsReported(t *testing.T) {
	dir := t.TempDir()
	if err := setAccess(dir, "D:(A;OICI;FA;;;WD)"); err != nil {
		t.Fatal(err)
	}
	s, err := OpenIdentity(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if warning := s.Warning(time.Now()); warning == nil || !strings.Contains(warning.Error(), "run icacls ") {
		t.Errorf("a folder that all users can write: got the warning %v, want one with icacls", warning)
	}
}

// A key that others could read is refused, with a command that helps.
func TestAccess_KeyThatOthersReadIsRefused(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenIdentity(dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, identityFile)
	openToAll(t, path)
	_, err := OpenIdentity(dir, time.Now())
	if err == nil || !strings.Contains(err.Error(), "run icacls ") || !strings.Contains(err.Error(), "*S-1-1-0") {
		t.Errorf("a key that all users can read: error %v, want a command that takes it from them", err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Narrow(f); err != nil {
		t.Fatal(err)
	}
	if err := CheckSecret(f, path); err != nil {
		t.Errorf("after it was narrowed: %v", err)
	}
}
