//go:build unix

package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// hasTrustedOwner reports whether a file belongs to the user of this process or to root.
func hasTrustedOwner(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || stat.Uid == 0 || int(stat.Uid) == os.Geteuid()
}

// ownedByProcess reports whether a file belongs to the user of this process, who can change its mode.
func ownedByProcess(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(stat.Uid) == os.Geteuid()
}

// processUser returns the user of this process in the form that chown takes.
func processUser() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return strconv.Itoa(os.Geteuid())
}

// openAppend opens a file for appending, and creates it for its owner alone. A link must belong to the user of this
// process or to root: in a folder that several users can write, such as /tmp, another user may have placed it.
func openAppend(path string) (*os.File, error) {
	const flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	f, err := os.OpenFile(path, flags|syscall.O_NOFOLLOW, 0o600)
	if !errors.Is(err, syscall.ELOOP) {
		return f, err
	}
	if err := checkLink(path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, flags, 0o600)
}

// checkLink returns an error if a path is a symbolic link of another user.
func checkLink(path string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 || hasTrustedOwner(info) {
		return nil
	}
	return fmt.Errorf("%s is a link that another user has placed: name the file itself, or run %s", path,
		Command("chown", "-h", processUser(), path))
}

// otherNames reports whether a file has another name: by a hard link, another user may give a file of this process a
// name that this process is then made to use.
func otherNames(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.Mode().IsRegular() && stat.Nlink > 1
}
