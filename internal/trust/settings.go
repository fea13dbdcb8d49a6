package trust

import (
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
)

// settingsDir returns the folder in which the player's files are kept, which may not exist yet.
func settingsDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil || !filepath.IsAbs(dir) {
		// HOME is not set, as for some services and containers, or XDG_CONFIG_HOME is relative, which its
		// specification tells programs to ignore.
		home, err := homeDir()
		if err != nil {
			return "", err
		}
		if dir = filepath.Join(home, ".config"); runtime.GOOS == "darwin" {
			dir = filepath.Join(home, "Library", "Application Support")
		}
	}
	return filepath.Join(dir, "pong"), nil
}

// homeDir returns the user's home folder: that of the environment, or of the user database.
func homeDir() (string, error) {
	if home, err := os.UserHomeDir(); err == nil && filepath.IsAbs(home) {
		return home, nil
	}
	if u, err := user.Current(); err == nil && filepath.IsAbs(u.HomeDir) {
		if info, err := os.Stat(u.HomeDir); err == nil && info.IsDir() {
			return u.HomeDir, nil
		}
	}
	return "", errors.New("find the settings folder: there is no home folder")
}
