// Package replaydir keeps recordings of games in a folder, a file for each game. It bounds the bytes that they have
// together: the oldest files are removed first. It knows nothing of what is in a recording.
//
// Put is called by loops that must not wait for a disk, so it only queues; Run writes. A recording of which a piece
// could not be queued or written is not continued. Its file then ends without an end, as that of a process that was
// killed, and has everything up to there.
package replaydir

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Suffix is the end of the name of each file.
const Suffix = ".pongrec"

// DefaultMaxBytes is how many bytes the files have together if Config does not say: some 20 000 games.
const DefaultMaxBytes = 100 << 20

// maxQueued bounds the bytes that wait for the disk. They are those of a server with 10 000 matches in ten seconds.
const maxQueued = 4 << 20

// Config says how a Dir is opened.
type Config struct {
	Path string

	// MaxBytes is how many bytes the files in the folder have together. If zero, DefaultMaxBytes.
	MaxBytes int64

	// Failed is called by Run when recordings begin to fail, for example because the disk is full, and with nil when
	// one has succeeded again. May be nil.
	Failed func(error)
}

// A Dir is a folder with recordings.
type Dir struct {
	cfg Config

	// Of Run, once it has started.
	done   []file              // those that are not being written, oldest first
	open   map[string]*writing // by name
	bytes  int64               // of all files
	failed bool

	mu      sync.Mutex // guards what follows
	waiting []piece
	queued  int             // bytes in waiting
	dropped map[string]bool // the recordings whose next pieces are not taken any more
	wake    chan struct{}   // has capacity 1
}

// A file is a recording in the folder.
type file struct {
	name  string
	bytes int64
	at    time.Time // when it was written last
}

// A writing is a file that is being written.
type writing struct {
	*os.File
	bytes int64
}

// A piece is a part of a recording that waits for the disk.
type piece struct {
	name    string
	bytes   []byte
	last    bool
	dropped bool // it could not be queued
}

// Open opens a folder, and creates it if there is none. The files that are in it count.
func Open(cfg Config) (*Dir, error) {
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = DefaultMaxBytes
	}
	if err := os.MkdirAll(cfg.Path, 0o755); err != nil {
		return nil, err
	}
	d := &Dir{
		cfg: cfg, open: make(map[string]*writing), dropped: make(map[string]bool), wake: make(chan struct{}, 1),
	}
	entries, err := os.ReadDir(cfg.Path)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && strings.HasSuffix(e.Name(), Suffix) {
			d.done = append(d.done, file{e.Name(), info.Size(), info.ModTime()})
			d.bytes += info.Size()
		}
	}
	slices.SortFunc(d.done, func(a, b file) int {
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.name, b.name))
	})
	probe, err := os.CreateTemp(cfg.Path, ".probe-*")
	if err != nil {
		return nil, err
	}
	probe.Close()
	return d, os.Remove(probe.Name())
}

// Put queues the next piece of a recording for the file with a name, to which Suffix is added. It copies the piece and
// never blocks.
func (d *Dir) Put(name string, bytes []byte, last bool) {
	if len(bytes) == 0 && !last {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dropped[name] {
		if last {
			delete(d.dropped, name)
		}
		return
	}
	p := piece{name: name, bytes: slices.Clone(bytes), last: last}
	if d.queued+len(bytes) > maxQueued {
		p.bytes, p.dropped = nil, true
		d.drop(p)
	}
	d.queued += len(p.bytes)
	d.waiting = append(d.waiting, p)
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// drop has the following pieces of a recording dropped. The lock is held.
func (d *Dir) drop(p piece) {
	if !p.last {
		d.dropped[p.name] = true
	}
}

// Run writes what Put has queued, until ctx ends, and then the rest.
func (d *Dir) Run(ctx context.Context) {
	defer func() {
		for _, w := range d.open {
			w.Close()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			d.writeAll()
			return
		case <-d.wake:
			d.writeAll()
		}
	}
}

// writeAll writes what waits.
func (d *Dir) writeAll() {
	d.mu.Lock()
	pieces := d.waiting
	d.waiting, d.queued = nil, 0
	d.mu.Unlock()
	for _, p := range pieces {
		err := errTooSlow
		if !p.dropped {
			err = d.write(p)
		}
		d.note(p, err)
	}
}

// errTooSlow is the error of a recording that is given up because too much waits for the disk.
var errTooSlow = errors.New("the disk is too slow")

// write writes a piece.
func (d *Dir) write(p piece) error {
	w := d.open[p.name]
	if w == nil {
		path := filepath.Join(d.cfg.Path, p.name+Suffix)
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
		if err != nil {
			return err
		}
		w = &writing{File: f}
		d.open[p.name] = w
	}
	n, err := w.Write(p.bytes)
	w.bytes += int64(n)
	d.bytes += int64(n)
	if p.last && err == nil {
		err = d.close(p.name)
	}
	d.shrink()
	return err
}

// close closes the file of a recording.
func (d *Dir) close(name string) error {
	w := d.open[name]
	delete(d.open, name)
	d.done = append(d.done, file{name + Suffix, w.bytes, time.Now()})
	return w.Close()
}

// shrink removes the oldest files if there are too many bytes. Those that are being written stay.
func (d *Dir) shrink() {
	for d.bytes > d.cfg.MaxBytes && len(d.done) > 0 {
		oldest := d.done[0]
		d.done = d.done[1:]
		d.bytes -= oldest.bytes
		_ = os.Remove(filepath.Join(d.cfg.Path, oldest.name)) // somebody else may have removed it
	}
}

// note drops a recording that has failed, and reports the first failure and the first success after it.
func (d *Dir) note(p piece, err error) {
	if err == nil {
		if d.failed && p.last {
			d.failed = false
			d.report(nil)
		}
		return
	}
	if d.open[p.name] != nil {
		_ = d.close(p.name)
	}
	d.mu.Lock()
	d.drop(p)
	d.mu.Unlock()
	if !d.failed {
		d.failed = true
		d.report(fmt.Errorf("record %s: %w", p.name, err))
	}
}

func (d *Dir) report(err error) {
	if d.cfg.Failed != nil {
		d.cfg.Failed(err)
	}
}
