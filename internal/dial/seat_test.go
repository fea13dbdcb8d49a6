package dial

import (
	"os"
	"strings"
	"testing"

	"pong/internal/trust"
)

// A seat that was given up leaves no file, and the next process can note one.
func TestSeatNote_ForgottenLeavesNoFile(t *testing.T) {
	cfg := Config{Address: "h.example", Name: "Ann", SeatDir: t.TempDir()}
	for range 2 {
		note, err := noteSeat(cfg, []trust.Fingerprint{{1}})
		if err != nil {
			t.Fatal(err)
		}
		note.keep([]string{"AAAAAAAAAAAAAAAAAAAAAA"})
		if made, err := os.ReadDir(cfg.SeatDir); err != nil || len(made) != 2 {
			t.Fatalf("the folder has %v, error %v; want the note and its lock", made, err)
		}
		note.forget()
		left, err := os.ReadDir(cfg.SeatDir)
		if err != nil || len(left) > 0 {
			t.Fatalf("after a seat was given up the folder has %v, error %v; want nothing", left, err)
		}
	}
}

// The secrets of a seat are for the user alone.
func TestSeatNote_IsForItsUserAlone(t *testing.T) {
	cfg := Config{Address: "h.example", Name: "Ann", SeatDir: t.TempDir()}
	note, err := noteSeat(cfg, []trust.Fingerprint{{1}})
	if err != nil {
		t.Fatal(err)
	}
	defer note.forget()
	note.keep([]string{"AAAAAAAAAAAAAAAAAAAAAA"})
	for _, path := range []string{note.path, note.lock.Path()} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := trust.CheckSecret(f, path); err != nil {
			t.Error(err)
		}
		f.Close()
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
