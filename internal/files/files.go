// Package files reads and replaces small files that several processes, and people with an editor, use at the same time.
//
// On Windows a file cannot be replaced while another process has it open, and cannot be opened while it is replaced.
// Processes of this program exclude each other, and wait a moment for others.
package files

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The times of a file that is busy.
const (
	busyWithin = 500 * time.Millisecond // such files are small, and open for a moment
	busyPause  = 2 * time.Millisecond
)

// Use opens a file for reading and calls f with it.
func Use(path string, f func(*os.File) error) error {
	return exclusively(func() error {
		var file *os.File
		if err := whileBusy(isBusy, func() (err error) { file, err = os.Open(path); return err }); err != nil {
			return err
		}
		defer file.Close()
		return f(file)
	})
}

// Read returns the content of a file, see Decode.
func Read(path string) (text []byte, err error) {
	err = Use(path, func(f *os.File) (err error) { text, err = io.ReadAll(f); return err })
	return Decode(text), err
}

// Replace replaces a file atomically by one with another content and a mode: a reader sees the former content or the
// new one, also after a power failure.
func Replace(path string, text []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the rename
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Chmod(f.Name(), mode)
	}
	if err == nil {
		err = Rename(f.Name(), path)
	}
	return err
}

// Rename renames a file, and replaces another one by it.
func Rename(from, to string) error {
	return exclusively(func() error {
		return whileBusy(isBusy, func() error { return os.Rename(from, to) })
	})
}

// whileBusy calls f again while it returns an error that is busy, for busyWithin at most.
func whileBusy(busy func(error) bool, f func() error) error {
	for start := time.Now(); ; time.Sleep(busyPause) {
		if err := f(); err == nil || !busy(err) || time.Since(start) >= busyWithin {
			return err
		}
	}
}
