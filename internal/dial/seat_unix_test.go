//go:build unix

package dial

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pong/internal/trust"
)

// The tests of this file need Unix: files of Windows have no modes, and there are no FIFOs among them.

// TestSeatNote_DoesNotWaitForALock has locks that are not granted, as on a network home folder: a FIFO blocks a process
// that opens it until another one writes to it.
func TestSeatNote_DoesNotWaitForALock(t *testing.T) {
	cfg := Config{Address: "h", Name: "ada", SeatDir: t.TempDir()}
	note, err := noteSeatWithin(time.Minute, cfg, []trust.Fingerprint{{1}})
	if err != nil || note == nil {
		t.Fatalf("in an empty folder: note %v, error %v", note, err)
	}
	path := note.lock.Path()
	note.forget()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	late, err := noteSeatWithin(time.Millisecond, cfg, []trust.Fingerprint{{1}})
	if late != nil || err == nil || !strings.Contains(err.Error(), filepath.Dir(path)) {
		t.Errorf("without a lock: note %v, error %v; want none, and an error with the folder", late, err)
	}
	writer, err := os.OpenFile(path, os.O_WRONLY, 0) // now the lock is granted
	if err != nil {
		t.Fatal(err)
	}
	writer.Close()
}

// TestSeatNote_IsNotForOthers has a lock that others can read, as on a file system with fixed modes.
func TestSeatNote_IsNotForOthers(t *testing.T) {
	cfg := Config{Address: "h", Name: "ada", SeatDir: t.TempDir()}
	note, err := noteSeat(cfg, []trust.Fingerprint{{1}})
	if err != nil {
		t.Fatal(err)
	}
	path := note.lock.Path()
	note.release()
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	note, err = noteSeat(cfg, []trust.Fingerprint{{1}})
	if note != nil || err == nil || !strings.Contains(err.Error(), "other users") {
		t.Errorf("note %v, error %v; want none, because other users could read it", note, err)
	}
	if left, err := os.ReadDir(cfg.SeatDir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
