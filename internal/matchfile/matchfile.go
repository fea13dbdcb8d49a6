// Package matchfile keeps the matches of a server in a file, so that a server that is started again after it was killed
// can continue them. It knows nothing of a match but its name; a record is the business of package shard.
//
// Records are written with plain writes, which the system completes after the process has been killed. They are not
// forced to the disk: after a loss of power the newest may be missing.
package matchfile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"pong/internal/trust"
)

// ErrInUse is the error of Open if another process uses the file.
var ErrInUse = errors.New("another server keeps its matches in this file")

// Config says how a File is opened.
type Config struct {
	Path   string
	MaxAge time.Duration // older records are removed. If zero, they are kept.

	// Failed is called by Run when writing begins to fail, for example because the disk is full, and with nil when it
	// succeeds again. The records that could not be written are tried again. May be nil.
	Failed func(error)
}

// retryAfter is how long after a write has failed it is tried again.
const retryAfter = time.Second

// A File has a record for each match. Put can be called by several goroutines; Run writes.
type File struct {
	cfg   Config
	lock  *flock.Flock
	slots slots // of Run, once it has started

	mu      sync.Mutex        // guards waiting
	waiting map[string][]byte // records to write, by match; nil to remove one
	wake    chan struct{}     // has capacity 1
}

// Found is what was in a file.
type Found struct {
	Records map[string][]byte // by match
	Expired int               // records that were too old
	Damaged int               // records that could not be read: the process, or the machine, ended while it wrote
	Aside   string            // to where a file with other content was renamed; else empty
}

// Open opens a file, or creates it, and returns what is in it. A file that is not one of this package is renamed, and
// replaced by an empty one. The caller must call Close.
func Open(now time.Time, cfg Config) (*File, Found, error) {
	if err := os.MkdirAll(filepath.Dir(cfg.Path), 0o700); err != nil {
		return nil, Found{}, err
	}
	lock := flock.New(cfg.Path+".lock", flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, Found{}, fmt.Errorf("lock the matches: %w", err)
	}
	if !held {
		return nil, Found{}, fmt.Errorf("%s: %w", cfg.Path, ErrInUse)
	}
	f := &File{cfg: cfg, lock: lock, waiting: make(map[string][]byte), wake: make(chan struct{}, 1)}
	found, err := f.open(now)
	if err != nil {
		f.Close()
		return nil, Found{}, err
	}
	return f, found, nil
}

// open opens the file, whose lock is held.
func (f *File) open(now time.Time) (found Found, err error) {
	if f.slots.file, err = openFile(f.cfg.Path); err != nil {
		return found, err
	}
	found, err = f.slots.read(now, f.cfg.MaxAge)
	if !errors.Is(err, errForeign) {
		return found, err
	}
	f.slots.file.Close()
	aside := f.cfg.Path + ".bad"
	if err := os.Rename(f.cfg.Path, aside); err != nil {
		return found, fmt.Errorf("set aside a file that has no matches: %w", err)
	}
	if f.slots.file, err = openFile(f.cfg.Path); err != nil {
		return found, err
	}
	found, err = f.slots.read(now, f.cfg.MaxAge)
	found.Aside = aside
	return found, err
}

// openFile opens a file that only this user can read: a room's code lets its reader join the room. It refuses a file
// that others could change or have placed.
func openFile(path string) (*os.File, error) {
	if at, err := os.Lstat(path); err == nil && !at.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if at, err := os.Lstat(path); err != nil || !isFile(file, at) { // since the check before
		file.Close()
		return nil, fmt.Errorf("%s was replaced while it was opened: try again", path)
	}
	_ = trust.Narrow(file) // a file system without permissions is no reason not to keep matches
	if err := trust.CheckSecret(file, path); err != nil && !errors.Is(err, trust.ErrFixedModes) {
		file.Close()
		return nil, err
	}
	return file, nil
}

// isFile reports whether an open file is the one that info is about.
func isFile(file *os.File, info os.FileInfo) bool {
	open, err := file.Stat()
	return err == nil && os.SameFile(open, info)
}

// Put has a record written for a match, or removed if it is nil. It does not block. If a record of the same match
// still waits, that is not written any more.
func (f *File) Put(match string, record []byte) {
	if record != nil {
		record = append(make([]byte, 0, len(record)), record...)
	}
	f.mu.Lock()
	f.waiting[match] = record
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Run writes records until ctx is done, and then those that wait.
func (f *File) Run(ctx context.Context) {
	var failing error
	for ended := false; !ended; {
		if failing == nil {
			select {
			case <-f.wake:
			case <-ctx.Done():
			}
		} else {
			select {
			case <-time.After(retryAfter):
			case <-ctx.Done():
			}
		}
		ended = ctx.Err() != nil
		err := f.flush(time.Now())
		if f.cfg.Failed != nil && (err == nil) != (failing == nil) {
			f.cfg.Failed(err)
		}
		failing = err
	}
}

// flush writes all records that wait. Those that fail wait again, unless newer ones do.
func (f *File) flush(now time.Time) (failed error) {
	f.mu.Lock()
	batch := f.waiting
	f.waiting = make(map[string][]byte, len(batch))
	f.mu.Unlock()
	for match, record := range batch {
		err := f.slots.write(now, match, record)
		if err == nil {
			continue
		}
		failed = err
		f.mu.Lock()
		if _, newer := f.waiting[match]; !newer {
			f.waiting[match] = record
		}
		f.mu.Unlock()
	}
	return failed
}

// Close closes the file after Run has ended, and lets other processes use it.
func (f *File) Close() error {
	var err error
	if f.slots.file != nil {
		err = f.slots.file.Close()
	}
	return errors.Join(err, f.lock.Close())
}
