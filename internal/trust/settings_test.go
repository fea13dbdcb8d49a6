//go:build unix && !darwin

package trust

import (
	"os/user"
	"path/filepath"
	"testing"
)

// The test of this file needs Unix: Windows names the folder of settings in AppData, and without HOME.

// TestSettingsDir_IsFoundWithoutAHome has the environment of services, containers and wrong settings.
func TestSettingsDir_IsFoundWithoutAHome(t *testing.T) {
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	for _, test := range []struct{ home, config, want string }{
		{home, "", home + "/.config/pong"},
		{home, "/elsewhere", "/elsewhere/pong"},
		{home, "relative", home + "/.config/pong"},
		{"", "", filepath.Join(u.HomeDir, ".config/pong")},
		{"", "relative", filepath.Join(u.HomeDir, ".config/pong")},
		{"relative", "", filepath.Join(u.HomeDir, ".config/pong")},
	} {
		t.Setenv("HOME", test.home)
		t.Setenv("XDG_CONFIG_HOME", test.config)
		if dir, err := settingsDir(); err != nil || dir != test.want {
			t.Errorf("HOME=%q XDG_CONFIG_HOME=%q: got %q, error %v; want %q", test.home, test.config, dir, err,
				test.want)
		}
	}
}
