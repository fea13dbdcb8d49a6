package trust

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"pong/internal/files"
)

// ErrFixedModes is the error of a secret on a file system on which no file can be kept from other users, such as a
// Windows drive in WSL, exFAT or a shared folder of a virtual machine.
var ErrFixedModes = errors.New("its file system keeps no other mode")

// othersMask is the mode bits of a file that give it to other users. groupMask is those of them that a group may have
// where the server is not the owner.
const (
	othersMask = 0o077
	groupMask  = 0o040
)

// CheckSecret returns an error if other users can read or change an open file, which the error calls name, or if it
// belongs to another user, who may have placed it there. Root may own any file. A file that its group may read is
// accepted if the process could not have made it narrower: if another user owns it, as with Debian's group ssl-cert, or
// if it is on a read-only file system, as with a secret of Kubernetes. On Windows the access control list counts, and
// administrators do not: they can read every file.
func CheckSecret(f *os.File, name string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0 {
		return nil
	}
	return checkAccess(f, info, name)
}

// surroundings are the reasons for which the mode of a file may be out of the hands of this process.
type surroundings struct {
	owned    bool // the file belongs to the user of the process
	other    bool // it belongs to a user who is neither that of the process nor root
	root     bool // the process is root's, and can read files that nobody has given to it
	readOnly bool // its file system is read-only
	fixed    bool // its file system gives new files to other users
}

// checkMode is CheckSecret for a file that belongs to another user, or with a mode that gives it to other users.
func checkMode(name string, mode fs.FileMode, at surroundings) error {
	switch {
	case at.other && at.root && !at.readOnly:
		return fmt.Errorf("%s belongs to another user, who may have placed it: run %s", name,
			Command("chown", "root", name))
	case mode&othersMask == groupMask && (!at.owned || at.readOnly), mode&othersMask == 0:
		return nil
	case at.fixed:
		return fmt.Errorf("%s can be read by other users (mode %#o), and %w", name, mode, ErrFixedModes)
	case at.readOnly:
		return fmt.Errorf("%s can be read by other users (mode %#o) and is on a read-only file system: mount it with "+
			"mode 0440 or 0400 (in Kubernetes: defaultMode)", name, mode)
	}
	return fmt.Errorf("%s can be read or changed by other users (mode %#o): run %s", name, mode,
		Command("chmod", "600", name))
}

// modesAreFixed reports whether a new file in a folder can be read by other users in spite of the mode with which it is
// made.
func modesAreFixed(dir string) bool {
	f, err := os.CreateTemp(dir, ".mode-*")
	if err != nil {
		return false
	}
	defer os.Remove(f.Name())
	defer f.Close()
	_ = Narrow(f) // what could not be done is seen next
	return isOpenToOthers(f)
}

// withAdvice adds to an error about the folder dir what to do, if no mode can help.
func withAdvice(err error, dir string) error {
	if errors.Is(err, ErrFixedModes) {
		return fmt.Errorf("%w: %s", err, elsewhere(dir))
	}
	return err
}

// elsewhere returns the advice to keep a server's identity in a folder on another file system than dir.
func elsewhere(dir string) string {
	const advice = "choose a folder on another file system with --certs"
	state, err := stateDir()
	if err != nil {
		return advice
	}
	other := filepath.Join(state, "certs")
	for existing := other; ; existing = filepath.Dir(existing) {
		if _, err := os.Stat(existing); err == nil || existing == filepath.Dir(existing) {
			if same, err := filepath.Abs(dir); err != nil || same == other || modesAreFixed(existing) {
				return advice
			}
			return advice + ", such as " + other
		}
	}
}

// OpenSecretLog opens a file to which secrets are appended, and creates it if there is none. It checks the open file as
// CheckSecret does.
func OpenSecretLog(path string) (*os.File, error) {
	f, err := openAppend(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() == 0 {
		_ = Narrow(f) // what could not be done is seen next
	}
	if err == nil && otherNames(info) {
		err = fmt.Errorf("%s has other names, which another user may have given it: choose a new file", path)
	}
	if err == nil {
		err = CheckSecret(f, path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// ReadSecret reads a file that other users must not be able to read. It checks the open file rather than the name,
// which may refer to another file a moment later.
func ReadSecret(path string) ([]byte, error) { return readSecretFile(path, nil) }

// readSecretFile is ReadSecret for the file that info is about, unless info is nil.
func readSecretFile(path string, info fs.FileInfo) ([]byte, error) {
	if err := checkLink(path); err != nil {
		return nil, err
	}
	var text []byte
	opened := false
	err := files.Use(path, func(f *os.File) error {
		opened = true
		if now, err := f.Stat(); info != nil && (err != nil || !os.SameFile(now, info)) {
			return fmt.Errorf("%s was replaced while it was read: try again", path)
		}
		if err := CheckSecret(f, path); err != nil {
			return err
		}
		all, err := io.ReadAll(f)
		if err != nil {
			return fmt.Errorf("%w: it must be a file that the user of this program can read", err)
		}
		text = files.Decode(all)
		return nil
	})
	if err != nil && !opened && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: the user of this program must be able to read it", err)
	}
	return text, err
}
