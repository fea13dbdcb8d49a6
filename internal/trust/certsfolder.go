package trust

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// localCerts is the folder in the working directory that former releases used.
const localCerts = "certs"

// DefaultCerts returns the folder of a server's identity if the operator names none. It must not depend on the working
// directory: the same server, started elsewhere, would have another identity, which all players refuse. But a folder
// certs in the working directory that has an identity stays in use; local is then true, as it is if no other folder is
// known.
func DefaultCerts() (dir string, local bool) {
	for _, name := range []string{identityFile, operatorCert, operatorKey} {
		if _, err := os.Lstat(filepath.Join(localCerts, name)); err == nil {
			return localCerts, true
		}
	}
	state, err := stateDir()
	if err != nil {
		return localCerts, true
	}
	return filepath.Join(state, "certs"), false
}

// stateDir returns the folder in which a program keeps its state, which may not exist yet: that of the systemd unit, or
// the one that is usual on the system.
func stateDir() (string, error) {
	// With StateDirectory=pong, systemd sets this, for several folders separated by colons.
	if dirs := filepath.SplitList(os.Getenv("STATE_DIRECTORY")); len(dirs) > 0 && filepath.IsAbs(dirs[0]) {
		return dirs[0], nil
	}
	switch runtime.GOOS {
	case "darwin":
		return settingsDir()
	case "windows":
		dir, err := os.UserCacheDir() // %LocalAppData%: the identity belongs to the machine
		if err == nil && !filepath.IsAbs(dir) {
			err = errors.New("%LocalAppData% is relative")
		}
		return filepath.Join(dir, "pong"), err
	}
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) { // its specification tells programs to ignore a relative one
		home, err := homeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "pong"), nil
}
