package dial

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"pong/internal/trust"
)

// errNoFolder is the reason why nothing is kept if the Config has no PinFile.
var errNoFolder = errors.New("there is no home folder")

// unkept reports that something could not be kept for the next time, if err is not nil. The player plays without it.
func (cfg Config) unkept(err error) {
	if err != nil && cfg.Unkept != nil {
		cfg.Unkept(err)
	}
}

// withPins returns the Config without a PinFile if the system does not let that file be read, as when the folder
// belongs to another user after a run with sudo. The person is then asked about each server. A file that can be
// read and not parsed is an error, with the line: its pins must not be lost.
func (cfg Config) withPins() Config {
	if cfg.PinFile == "" {
		return cfg
	}
	var unreadable *fs.PathError
	if _, err := trust.NewPins(cfg.PinFile).List(); errors.As(err, &unreadable) {
		cfg.unkept(err)
		cfg.PinFile = ""
	}
	return cfg
}

// keepPin stores the identity of a server that the person has accepted. A pin that cannot be stored, as with a full
// disk or a read-only home folder, keeps nobody from playing.
func (cfg Config) keepPin(now time.Time, address string, key trust.Fingerprint) {
	if cfg.PinFile == "" {
		cfg.unkept(errNoFolder)
		return
	}
	pins, pin := trust.NewPins(cfg.PinFile), trust.Pin{Address: address, Key: key, Date: now}
	store := pins.Store
	if cfg.Agreed {
		store = pins.Replace
	}
	if err := store(pin); err != nil {
		cfg.unkept(fmt.Errorf("store the server's identity: %w", err))
	}
}
