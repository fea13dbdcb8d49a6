//go:build !windows

package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Narrow does nothing: files that are made for their owner alone have such a mode from the beginning.
func Narrow(*os.File) error { return nil }

// isOpenToOthers reports whether other users can read or change a file.
func isOpenToOthers(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().Perm()&othersMask != 0
}

// checkAccess is CheckSecret for a file that has a mode.
func checkAccess(f *os.File, info fs.FileInfo, name string) error {
	if info.Mode().Perm()&othersMask == 0 && hasTrustedOwner(info) {
		return nil
	}
	return checkMode(name, info.Mode().Perm(), surroundings{
		owned: ownedByProcess(info), other: !hasTrustedOwner(info), root: os.Geteuid() == 0,
		readOnly: onReadOnly(f.Name()), fixed: modesAreFixed(filepath.Dir(f.Name())),
	})
}

// checkFolder returns a warning if other users can put files of their own into the folder of the server's identity, or
// remove those of the server.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	if err != nil || onReadOnly(dir) {
		return nil
	}
	switch {
	case !hasTrustedOwner(info):
		return fmt.Errorf("the folder %s belongs to another user, who can remove the server's identity: run %s", dir,
			Command("chown", processUser(), dir))
	case info.Mode().Perm()&0o002 != 0:
		return fmt.Errorf("other users can write to the folder %s (mode %#o) and remove the server's identity: run %s",
			dir, info.Mode().Perm(), Command("chmod", "700", dir))
	}
	return nil
}

// onReadOnly reports whether a file is on a read-only file system. It does not change the file.
func onReadOnly(path string) bool {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, syscall.EROFS)
}
