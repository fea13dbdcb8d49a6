package trust

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pong/internal/files"
)

// A Pin is a server that a player has accepted.
type Pin struct {
	Address string // host:port, as ParseAddress returns it
	Key     Fingerprint
	Date    time.Time // the day it was accepted, UTC
}

// pinDate is the format of a pin's date.
const pinDate = time.DateOnly

// String returns the pin as a line of the file, without the newline.
func (p Pin) String() string {
	return p.Address + " " + p.Key.String() + " " + p.Date.UTC().Format(pinDate)
}

// Pins is the file of servers that a player has accepted, a line each:
//
//	192.168.1.7:5555 4f1c:09a2:...:77d0 2026-11-23
//
// Empty lines and lines that begin with # are preserved. The file is read again at every call, so that a line removed
// in an editor is gone at once. A file that cannot be read or parsed is an error, never an empty file: its pins would
// be lost silently. A file that does not exist has no pins.
//
// If two programs store at the same moment, one of the two pins may be lost. The person is then asked once more.
type Pins struct {
	path string
}

// NewPins returns the pins in a file, which need not exist.
func NewPins(path string) *Pins { return &Pins{path: path} }

// Path returns the path of the file, which may not exist yet.
func (p *Pins) Path() string { return p.path }

// DefaultPinFile returns the path of the user's pins.
func DefaultPinFile() (string, error) {
	dir, err := settingsDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "known_servers"), nil
}

// Decide calls the function Decide with the pin stored for the address and the system's roots. A file that cannot be
// read is a refusal. Nil Pins have no pin.
func (p *Pins) Decide(now time.Time, address string, want *Fingerprint, peer []*x509.Certificate) (Verdict, Fingerprint,
	error) {
	if p == nil {
		return Decide(now, address, want, nil, peer, nil)
	}
	pin, err := p.Lookup(address)
	if err != nil {
		return Refused, Fingerprint{}, err
	}
	return Decide(now, address, want, pin, peer, nil)
}

// Follow moves the pin of host:port to the identity that a server shows, if the stored identity was rotated to it,
// and reports whether it has. Call it only after the handshake has succeeded, see ClientTLS.
func (p *Pins) Follow(now time.Time, address string, peer []*x509.Certificate) (moved bool, err error) {
	pin, err := p.Lookup(address)
	if err != nil || pin == nil {
		return false, err
	}
	found, err := identify(now, peer)
	if err != nil || found.key == *pin || !found.is(*pin) {
		return false, err
	}
	return true, p.edit(address, &Pin{Key: found.key, Date: now})
}

// Differ reports whether another identity than that of a server is stored for host:port. Call it only after the
// handshake has succeeded, see ClientTLS. A file that cannot be read has no other identity.
func (p *Pins) Differ(now time.Time, address string, peer []*x509.Certificate) bool {
	pin, err := p.Lookup(address)
	if err != nil || pin == nil {
		return false
	}
	found, err := identify(now, peer)
	return err == nil && !found.is(*pin)
}

// Identities returns the identity of a server whose handshake has succeeded and its former ones, newest first.
func Identities(now time.Time, peer []*x509.Certificate) ([]Fingerprint, error) {
	found, err := identify(now, peer)
	if err != nil {
		return nil, err
	}
	return append([]Fingerprint{found.key}, found.former...), nil
}

// Identity returns the identity of a server whose handshake has succeeded. ok is false if it has a certificate of its
// operator instead, which is replaced by others and must not get into links.
func Identity(now time.Time, peer []*x509.Certificate) (key Fingerprint, ok bool) {
	found, err := identify(now, peer)
	return found.key, err == nil && found.own
}

// Replace stores a pin instead of another one for the same address, because the person has decided between the two.
func (p *Pins) Replace(pin Pin) error { return p.edit(pin.Address, &pin) }

// Lookup returns the fingerprint stored for host:port, or nil if there is none.
func (p *Pins) Lookup(address string) (*Fingerprint, error) {
	address, err := parseHostPort(address, DefaultPort)
	if err != nil {
		return nil, err
	}
	pins, err := p.List()
	if err != nil {
		return nil, err
	}
	for _, pin := range pins {
		if pin.Address == address {
			return &pin.Key, nil
		}
	}
	return nil, nil
}

// List returns all pins in the order of the file.
func (p *Pins) List() ([]Pin, error) {
	_, pins, err := p.read()
	return pins, err
}

// Store adds a pin. If the same pin exists, Store changes nothing. If the address has another fingerprint, Store
// returns an error: a changed identity is accepted only after Forget.
func (p *Pins) Store(pin Pin) error {
	address, err := parseHostPort(pin.Address, DefaultPort)
	if err != nil {
		return err
	}
	pin.Address = address
	text, pins, err := p.read()
	if err != nil {
		return err
	}
	for _, old := range pins {
		switch {
		case old.Address == address && old.Key == pin.Key:
			return nil
		case old.Address == address:
			return fmt.Errorf("%s: %s is known with another fingerprint, %v: first run %s", p.path,
				address, old.Key, Command("pong", "trust", "forget", address))
		}
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	return p.write(append(text, pin.String()+"\n"...))
}

// Forget removes the pin of host:port, and reports whether there was one.
func (p *Pins) Forget(address string) (bool, error) {
	pin, err := p.Lookup(address)
	if err != nil || pin == nil {
		return false, err
	}
	return true, p.edit(address, nil)
}

// edit replaces the line of host:port by another pin, or removes it if by is nil. All other lines stay as they are.
func (p *Pins) edit(address string, by *Pin) error {
	address, err := parseHostPort(address, DefaultPort)
	if err != nil {
		return err
	}
	text, pins, err := p.read()
	if err != nil {
		return err
	}
	var kept []byte
	for line := range bytes.Lines(text) {
		if isPinLine(string(line)) {
			pin := pins[0]
			pins = pins[1:]
			if pin.Address == address {
				if by != nil {
					pin.Key, pin.Date = by.Key, by.Date
					kept = append(kept, pin.String()+"\n"...)
				}
				continue
			}
		}
		kept = append(kept, line...)
	}
	return p.write(kept)
}

// read returns the file's text and its pins.
func (p *Pins) read() ([]byte, []Pin, error) {
	text, err := files.Read(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the known servers: %w", err)
	}
	pins, err := ParsePins(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: correct or remove the line", p.path, err)
	}
	return text, pins, nil
}

// write replaces the file.
func (p *Pins) write(text []byte) error {
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return fmt.Errorf("store the known servers: %w", err)
	}
	if err := replaceFile(p.path, text); err != nil {
		return fmt.Errorf("store the known servers: %w", err)
	}
	return nil
}

// ParsePins parses the text of a pin file. It is strict, and an error names the line: if a pin were skipped, another
// identity could be accepted for its server.
func ParsePins(text []byte) ([]Pin, error) {
	var pins []Pin
	lines := make(map[string]int) // line of each address
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		if !isPinLine(line) {
			continue
		}
		pin, err := parsePin(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if first, twice := lines[pin.Address]; twice {
			return nil, fmt.Errorf("line %d: %s is already on line %d", n, pin.Address, first)
		}
		lines[pin.Address] = n
		pins = append(pins, pin)
	}
	return pins, nil
}

// isPinLine reports whether a line is neither empty nor a comment.
func isPinLine(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line[0] != '#'
}

// parsePin parses one line: host:port fingerprint date.
func parsePin(line string) (Pin, error) {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return Pin{}, fmt.Errorf("it has %d fields instead of three: host:port fingerprint date", len(fields))
	}
	address, err := parseHostPort(fields[0], DefaultPort)
	if err != nil {
		return Pin{}, err
	}
	key, err := ParseFingerprint(fields[1])
	if err != nil {
		return Pin{}, fmt.Errorf("%q is %w", fields[1], err)
	}
	date, err := time.Parse(pinDate, fields[2])
	if err != nil {
		return Pin{}, fmt.Errorf("%q is not a date like 2026-11-23", fields[2])
	}
	return Pin{Address: address, Key: key, Date: date}, nil
}
