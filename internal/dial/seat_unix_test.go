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

// TestSeatNote_IsForOneServer: the secrets of a seat are not for another server at the same address, but for the same
// one with a new identity.
func TestSeatNote_IsForOneServer(t *testing.T) {
	cfg := Config{Address: "192.168.1.20", Name: "ada", SeatDir: t.TempDir()}
	secret := strings.Repeat("A", 22) // 16 bytes in base64url
	one, other, next := trust.Fingerprint{1}, trust.Fingerprint{2}, trust.Fingerprint{3}
	note, err := noteSeat(cfg, []trust.Fingerprint{one})
	if err != nil {
		t.Fatal(err)
	}
	note.keep([]string{secret})
	note.release()
	for _, test := range []struct {
		server []trust.Fingerprint
		want   int
	}{
		{[]trust.Fingerprint{one}, 1},
		{[]trust.Fingerprint{other}, 0},
		{[]trust.Fingerprint{next, one}, 1},
		{[]trust.Fingerprint{next, other}, 0},
	} {
		note, err := noteSeat(cfg, test.server)
		if err != nil {
			t.Fatal(err)
		}
		if got := note.noted(); len(got) != test.want {
			t.Errorf("a server with the identities %v gets %d secrets, want %d", test.server, len(got), test.want)
		}
		note.release()
	}
}
