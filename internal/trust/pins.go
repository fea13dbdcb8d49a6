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
)

// A Pin is one server that a player has accepted.
type Pin struct {
	Address string // host:port, as ParseAddress returns it
	Key     Fingerprint
	Date    time.Time // the day it was accepted, UTC
}

// pinDate is the form of a pin's date.
const pinDate = time.DateOnly

// String returns the pin as a line of the file, without its end.
func (p Pin) String() string {
	return p.Address + " " + p.Key.String() + " " + p.Date.UTC().Format(pinDate)
}

// Pins is the file of servers that a player has accepted, a line each:
//
//	192.168.1.7:5555 4f1c:09a2:...:77d0 2026-11-23
//
// Empty lines and lines that begin with # are left alone. The file is read anew
// at every call, so that a line removed in an editor is gone at once. One that
// cannot be read or understood is an error and never the same as an empty one:
// what it says would be lost without a word. A file that is not there has no
// pins.
//
// Two programs that store at the same moment may lose one of the two pins: the
// person is then asked once more.
type Pins struct {
	path string
}

// NewPins returns the pins in a file, which need not exist.
func NewPins(path string) *Pins { return &Pins{path: path} }

// Path returns where the file is, or will be.
func (p *Pins) Path() string { return p.path }

// DefaultPinFile returns where the user's pins are kept.
func DefaultPinFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for settings: %w", err)
	}
	return filepath.Join(dir, "pong", "known_servers"), nil
}

// Decide is the function Decide with the pin stored for the address and the
// roots of the system. A file that cannot be read is a refusal.
func (p *Pins) Decide(now time.Time, address string, want *Fingerprint, peer []*x509.Certificate) (Verdict, Fingerprint, error) {
	pin, err := p.Lookup(address)
	if err != nil {
		return Refused, Fingerprint{}, err
	}
	return Decide(now, address, want, pin, peer, nil)
}

// Follow moves the pin of host:port to the identity that a server shows, if it
// has rotated from the one that is stored, and reports whether it has. It is for
// a handshake that has finished: see ClientTLS.
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

// Store adds a pin. One that is there already stays as it is, and one with
// another fingerprint is an error: a changed identity is never accepted by the
// way, it takes a Forget.
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
			return fmt.Errorf("%s: %s is known with another fingerprint, %v: pong trust forget %[2]s comes first", p.path, address, old.Key)
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

// edit replaces the line of host:port by another pin, or by nothing. All else in
// the file stays as it is.
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

// read returns the file's text and what it says.
func (p *Pins) read() ([]byte, []Pin, error) {
	text, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the known servers: %w", err)
	}
	pins, err := ParsePins(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: mend or remove the line", p.path, err)
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

// ParsePins reads the text of a pin file. It is strict, and an error names the
// line: a pin that is skipped is a server that is trusted anew.
func ParsePins(text []byte) ([]Pin, error) {
	var pins []Pin
	lines := make(map[string]int) // where each address stands
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
			return nil, fmt.Errorf("line %d: %s stands on line %d already", n, pin.Address, first)
		}
		lines[pin.Address] = n
		pins = append(pins, pin)
	}
	return pins, nil
}

// isPinLine reports whether a line is more than a comment or nothing.
func isPinLine(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && line[0] != '#'
}

// parsePin reads one line: host:port fingerprint date.
func parsePin(line string) (Pin, error) {
	fields := strings.Fields(line)
	if len(fields) != 3 {
		return Pin{}, fmt.Errorf("it has %d words instead of three: host:port fingerprint date", len(fields))
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
