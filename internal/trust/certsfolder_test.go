//go:build unix && !darwin

package trust

import (
	"os"
	"os/user"
	"path/filepath"
	"testing"
)

// The test of this file needs Unix, for the names of the folders.

// TestDefaultCerts_DoesNotDependOnTheWorkingDirectory has the environment of persons, services and containers.
func TestDefaultCerts_DoesNotDependOnTheWorkingDirectory(t *testing.T) {
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, test := range []struct{ unit, state, home, want string }{
		{"", "", "/home/ann", "/home/ann/.local/state/pong/certs"},
		{"", "/state", "/home/ann", "/state/pong/certs"},
		{"", "relative", "/home/ann", "/home/ann/.local/state/pong/certs"},
		{"", "", "", filepath.Join(u.HomeDir, ".local/state/pong/certs")},
		{"/var/lib/pong", "/state", "/home/ann", "/var/lib/pong/certs"},
		{"/var/lib/pong:/var/lib/other", "", "", "/var/lib/pong/certs"},
		{"relative", "", "/home/ann", "/home/ann/.local/state/pong/certs"},
	} {
		t.Setenv("STATE_DIRECTORY", test.unit)
		t.Setenv("XDG_STATE_HOME", test.state)
		t.Setenv("HOME", test.home)
		if dir, local := DefaultCerts(); dir != test.want || local {
			t.Errorf("%+v: got %q, in the working directory: %v; want %q", test, dir, local, test.want)
		}
	}
	if err := os.Mkdir(localCerts, 0o700); err != nil {
		t.Fatal(err)
	}
	if dir, local := DefaultCerts(); local {
		t.Errorf("an empty folder certs: got %q, want another folder", dir)
	}
	for _, name := range []string{identityFile, operatorCert, operatorKey} {
		write(t, filepath.Join(localCerts, name), nil, 0o600)
		if dir, local := DefaultCerts(); dir != localCerts || !local {
			t.Errorf("with %s in the folder certs: got %q, want that folder", name, dir)
		}
		if err := os.Remove(filepath.Join(localCerts, name)); err != nil {
			t.Fatal(err)
		}
	}
}
