//go:build unix

package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of this file need Unix: files of Windows have no modes.

func TestCheckMode(t *testing.T) {
	own := surroundings{owned: true}
	for _, test := range []struct {
		mode fs.FileMode
		at   surroundings
		want string // in the error; empty if the file is accepted
	}{
		{0o640, own, "run chmod 600 key"},
		{0o604, own, "run chmod 600 key"},
		{0o777, own, "run chmod 600 key"},
		{0o777, surroundings{owned: true, fixed: true}, "keeps no other mode"},
		{0o770, surroundings{owned: true, fixed: true}, "keeps no other mode"},
		{0o440, surroundings{owned: true, readOnly: true}, ""}, // a secret of Kubernetes with fsGroup
		{0o640, surroundings{}, ""},                            // root:ssl-cert
		{0o440, surroundings{}, ""},
		{0o660, surroundings{}, "run chmod 600 key"},
		{0o644, surroundings{}, "run chmod 600 key"},
		{0o444, surroundings{owned: true, readOnly: true}, "defaultMode"},
		{0o644, surroundings{readOnly: true}, "defaultMode"},
		{0o640, surroundings{other: true}, ""}, // of a user who renews certificates, for its group
		{0o600, surroundings{other: true, root: true}, "chown root key"},
		{0o640, surroundings{other: true, root: true}, "chown root key"},
		{0o400, surroundings{other: true, root: true, readOnly: true}, ""}, // a mounted secret
	} {
		err := checkMode("key", test.mode, test.at)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("mode %#o, %+v: got the error %v, want one with %q", test.mode, test.at, err, test.want)
		}
		if fixed := errors.Is(err, ErrFixedModes); fixed != (test.at.fixed && err != nil) {
			t.Errorf("mode %#o, %+v: the error %v is ErrFixedModes: %v", test.mode, test.at, err, fixed)
		}
	}
}

func TestModesAreFixed_NotHere(t *testing.T) {
	dir := t.TempDir()
	if modesAreFixed(dir) {
		t.Errorf("the file system of %s is said to have fixed modes", dir)
	}
	if left, err := os.ReadDir(dir); len(left) > 0 || err != nil {
		t.Errorf("the check left %v, error %v", left, err)
	}
}

func TestElsewhere_NamesAFolder(t *testing.T) {
	t.Setenv("STATE_DIRECTORY", "")
	t.Setenv("XDG_STATE_HOME", filepath.Join(t.TempDir(), "not", "there"))
	err := withAdvice(errors.Join(ErrFixedModes), "certs")
	if want := os.Getenv("XDG_STATE_HOME") + "/pong/certs"; !strings.HasSuffix(err.Error(), "--certs, such as "+want) {
		t.Errorf("got %q, want the folder %s", err, want)
	}
	if err := withAdvice(err, os.Getenv("XDG_STATE_HOME")+"/pong/certs"); strings.Count(err.Error(), "such as") != 1 {
		t.Errorf("got %q, want no advice to use the same folder", err)
	}
}
