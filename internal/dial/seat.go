package dial

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"pong/internal/trust"
	"pong/internal/wire"
)

// seatNotes is how many processes of one player may hold seats at one server at once and still note them.
const seatNotes = 8

// A seatNote is a file with the resume secret of a seat, so that a process which was killed finds it when it is started
// again. The process holds a lock on it for as long as it lives: a note that can be locked belongs to nobody any more, and
// a second player on the same machine does not take the seat of the first. To note a seat is a service: where it cannot be
// done, play goes on without. A nil note does nothing.
type seatNote struct {
	path    string
	lock    *flock.Flock
	secrets []string // of the process before, newest first; none if it left in good order
}

// noteSeat finds a note that no living process holds, for the same server, room and name.
func noteSeat(cfg Config) *seatNote {
	if err := os.MkdirAll(cfg.SeatDir, 0o700); err != nil {
		return nil
	}
	address := cfg.Address
	if link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort); err == nil {
		address = link.Address // however it was written
	}
	digest := sha256.Sum256([]byte(address + "\x00" + cfg.Room + "\x00" + cfg.Name))
	for n := range seatNotes {
		path := filepath.Join(cfg.SeatDir, hex.EncodeToString(digest[:8])+"-"+strconv.Itoa(n))
		lock := flock.New(path+".lock", flock.SetPermissions(0o600))
		if held, err := lock.TryLock(); err != nil || !held {
			continue
		}
		return &seatNote{path: path, lock: lock, secrets: readSecrets(path)}
	}
	return nil
}

// readSecrets returns the secrets of a note, a line each. What is no secret, as after a full disk, is left out: the server
// would refuse it, and every start after this one would fail on it.
func readSecrets(path string) (secrets []string) {
	note, _ := os.ReadFile(path)
	for secret := range strings.FieldsSeq(string(note)) {
		if b, err := base64.RawURLEncoding.DecodeString(secret); err == nil && len(b) == wire.TokenLen {
			secrets = append(secrets, secret)
		}
	}
	return secrets[:min(len(secrets), maxSecrets)]
}

// noted returns the secrets of the process before.
func (n *seatNote) noted() []string {
	if n == nil {
		return nil
	}
	return n.secrets
}

// keep notes the secrets with one of which the seat can be taken again. A process that is killed meanwhile leaves the note
// before.
func (n *seatNote) keep(secrets []string) {
	if n == nil {
		return
	}
	fresh := n.path + ".new"
	if os.WriteFile(fresh, []byte(strings.Join(secrets, "\n")+"\n"), 0o600) == nil {
		_ = os.Rename(fresh, n.path)
	}
}

// forget removes the note of a seat that was given up.
func (n *seatNote) forget() {
	if n != nil && n.lock.Locked() {
		_ = os.Remove(n.path)
		_ = os.Remove(n.lock.Path())
		n.release()
	}
}

// release lets the note go as it is.
func (n *seatNote) release() {
	if n != nil {
		_ = n.lock.Close()
	}
}
