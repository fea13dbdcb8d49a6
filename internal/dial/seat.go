package dial

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"pong/internal/crash"
	"pong/internal/files"
	"pong/internal/trust"
	"pong/internal/wire"
)

// maxSeatNotes is how many processes of one player can note their seats at one server at a time.
const maxSeatNotes = 8

// A seatNote is a file with the resume secrets of a seat, for a process that is started again after it was killed. A
// process holds a lock on its note for as long as it lives: a note that can be locked belongs to nobody, and a second
// player on the same machine does not take the seat of the first. If a seat cannot be noted, it is played without. A
// nil note does nothing.
type seatNote struct {
	path    string
	lock    *flock.Flock
	secrets []string // of the previous process, newest first; none if the server confirmed its LEAVE
}

// seatNoteTime bounds the time for a note. Locks of a home folder on a network may take long, or never be granted.
const seatNoteTime = 2 * time.Second

// noteSeatWithin is noteSeat, and returns an error if that takes longer than some time. A note that comes later is not
// used.
func noteSeatWithin(most time.Duration, cfg Config, server []trust.Fingerprint) (*seatNote, error) {
	type result struct {
		note *seatNote
		err  error
	}
	done, late := make(chan result), make(chan struct{})
	go crash.Guarded(func() {
		note, err := noteSeat(cfg, server)
		select {
		case done <- result{note, err}:
		case <-late:
			note.release()
		}
	})()
	select {
	case r := <-done:
		return r.note, r.err
	case <-time.After(most):
		close(late)
		return nil, fmt.Errorf("note the seat: no lock of a file in %s within %v", cfg.SeatDir, most)
	}
}

// noteSeat returns a note for a server, room and name that no running process holds. It returns nil if there is none,
// and an error if none can be made, or other users could read it. The identities are those of the server, the present
// one first: a note is for one of them, because another server at the same address must not get its secrets.
func noteSeat(cfg Config, server []trust.Fingerprint) (*seatNote, error) {
	if err := os.MkdirAll(cfg.SeatDir, 0o700); err != nil {
		return nil, fmt.Errorf("note the seat: %w", err)
	}
	var failed error
	address := cfg.Address
	if link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort); err == nil {
		address = link.Address // the same one for all ways to write it
	}
	base := ""
	for i, id := range server {
		digest := sha256.Sum256([]byte(id.String() + "\x00" + address + "\x00" + cfg.Room + "\x00" + cfg.Name))
		former := filepath.Join(cfg.SeatDir, hex.EncodeToString(digest[:8]))
		if _, err := os.Stat(former + "-0"); i == 0 || err == nil {
			base = former // the last one is the oldest, from before a rotation
		}
	}
	for n := range maxSeatNotes {
		path := base + "-" + strconv.Itoa(n)
		lock := flock.New(path+".lock", flock.SetPermissions(0o600))
		if held, err := lock.TryLock(); err != nil || !held {
			failed = errors.Join(failed, err)
			continue
		}
		note := &seatNote{path: path, lock: lock, secrets: readSecrets(path)}
		if err := checkLock(lock.Path()); err != nil {
			note.forget()
			return nil, fmt.Errorf("note the seat: %w", err)
		}
		return note, nil
	}
	if failed != nil {
		return nil, fmt.Errorf("note the seat: %w", failed)
	}
	return nil, nil
}

// checkLock returns an error if other users can read the file of a lock. They could read its note, too.
func checkLock(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_ = trust.Narrow(f) // what could not be done is seen next
	return trust.CheckSecret(f, path)
}

// readSecrets returns the secrets of a note, which has one a line. A line that is not a secret, as after a full disk,
// is left out: the server would refuse it, and every start after this one would fail.
func readSecrets(path string) (secrets []string) {
	note, _ := files.Read(path)
	for secret := range strings.FieldsSeq(string(note)) {
		if _, ok := wire.ParseSecret(secret); ok {
			secrets = append(secrets, secret)
		}
	}
	return secrets[:min(len(secrets), maxSecrets)]
}

// noted returns the secrets of the previous process.
func (n *seatNote) noted() []string {
	if n == nil {
		return nil
	}
	return n.secrets
}

// keep writes the secrets with which the seat can be taken again. If the process is killed meanwhile, the former note
// stays.
func (n *seatNote) keep(secrets []string) {
	if n == nil {
		return
	}
	fresh := n.path + ".new"
	if writeNote(fresh, strings.Join(secrets, "\n")+"\n") == nil {
		_ = files.Rename(fresh, n.path)
	}
}

// writeNote writes a file for the user of this process alone, as far as the file system has that.
func writeNote(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_ = trust.Narrow(f)
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// forget removes the note of a seat that was given up.
func (n *seatNote) forget() {
	if n != nil && n.lock.Locked() {
		_ = os.Remove(n.path)
		removeLock(n.lock)
	}
}

// release unlocks the note and leaves it as it is, for the next process.
func (n *seatNote) release() {
	if n != nil {
		_ = n.lock.Close()
	}
}
