//go:build !windows

package trust

import (
	"errors"
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

// checkAccess is CheckSecret for a regular file.
func checkAccess(f *os.File, info fs.FileInfo, name string) error {
	if info.Mode().Perm()&othersMask == 0 {
		return nil
	}
	return checkMode(name, info.Mode().Perm(), surroundings{
		owned: ownedByProcess(info), readOnly: onReadOnly(f.Name()), fixed: modesAreFixed(filepath.Dir(f.Name())),
	})
}

// onReadOnly reports whether a file is on a read-only file system. It does not change the file.
func onReadOnly(path string) bool {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, syscall.EROFS)
}
