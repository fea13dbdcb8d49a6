package portmap

import (
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"pong/internal/files"
)

// A note on disk has the mappings that a process has made, so that the next one can remove them if it was killed. Each
// process has its own, and holds its lock as long as it lives.
type note struct {
	path string
	lock *flock.Flock
	last []byte
}

// A noted mapping is what is needed to remove it.
type noted struct {
	Protocol        string
	Gateway, Own    netip.Addr
	UDP             bool   `json:",omitempty"`
	Inside, Outside uint16 // ports
	Nonce           string `json:",omitempty"` // of PCP
	Service         string `json:",omitempty"` // of UPnP
	Control         string `json:",omitempty"`
}

// The bounds of notes, which are written by this program and may be damaged.
const (
	maxNote   = 64 << 10
	mostNotes = 16
	mostNoted = 128
)

// notePrefix begins the names of notes; a number follows.
const notePrefix = "router-ports-"

// openNote opens a note in a folder that no other process uses, and returns what processes before this one have left.
// Their notes are removed, and what they had is in the new one until it is replaced. Without a folder, or if all notes
// are in use, it returns nil: the mappings end with their leases.
func openNote(dir string) (n *note, left []noted) {
	if dir == "" || os.MkdirAll(dir, 0o700) != nil {
		return nil, nil
	}
	for i := range mostNotes {
		path := filepath.Join(dir, notePrefix+string('a'+rune(i)))
		if _, err := os.Stat(path); err != nil && n != nil {
			continue
		}
		lock := flock.New(path+".lock", flock.SetPermissions(0o600))
		if held, err := lock.TryLock(); err != nil || !held {
			continue
		}
		left = append(left, readNote(path)...)
		if n == nil {
			n = &note{path: path, lock: lock}
			continue
		}
		_ = os.Remove(path)
		_ = lock.Close()
	}
	if n != nil && len(left) > 0 {
		n.write(left)
	}
	return n, left
}

// readNote returns the mappings in a note, or none if it is damaged.
func readNote(path string) []noted {
	if info, err := os.Stat(path); err != nil || info.Size() > maxNote {
		return nil
	}
	text, err := files.Read(path)
	if err != nil {
		return nil
	}
	return parseNote(text)
}

// parseNote parses a note.
func parseNote(text []byte) (all []noted) {
	if json.Unmarshal(text, &all) != nil || len(all) > mostNoted {
		return nil
	}
	return slices.DeleteFunc(all, func(n noted) bool {
		return !n.Gateway.Is4() || !n.Own.Is4() || n.Inside == 0 || n.protocol() == None
	})
}

func (n noted) protocol() Protocol {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		if n.Protocol == p.String() {
			return p
		}
	}
	return None
}

func (n noted) nonce() (id nonce) {
	_, _ = hex.Decode(id[:], []byte(n.Nonce[:min(len(n.Nonce), 2*len(id))])) // else it removes nothing
	return id
}

// write replaces the note. If that fails, the mappings end with their leases.
func (n *note) write(all []noted) {
	if n == nil {
		return
	}
	if len(all) == 0 {
		n.last = nil
		_ = os.Remove(n.path)
		return
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil || string(text) == string(n.last) {
		return
	}
	if files.Replace(n.path, text, 0o600) == nil {
		n.last = text
	}
}

// close gives the note up.
func (n *note) close() {
	if n != nil {
		_ = n.lock.Close()
	}
}
