package front

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pong/internal/client"
	"pong/internal/files"
	"pong/internal/names"
	"pong/internal/trust"
)

// Settings describe how the player left the game.
type Settings struct {
	Width, Height int // of the window, in device-independent pixels; 0 for the default
	Place         Place
	Maximized     bool
	Fullscreen    bool
	Mute          bool
	View          client.View
}

// A Place is where a window is. The zero value means that this is not known.
type Place struct {
	Monitor string `json:"monitor"` // its name
	Index   int    `json:"index"`   // its number; several monitors may have the same name
	X       int    `json:"x"`       // in device-independent pixels from the corner of the monitor
	Y       int    `json:"y"`
}

// A Store keeps a player's name and settings, and the servers that were used, in files. If a file cannot be read,
// written or parsed, the game goes on without it.
type Store struct {
	Dir  string // If empty, nothing is kept.
	Pins string // the file of the servers that were accepted, see trust.Pins. If empty, there is none.
}

// DefaultStore returns the Store in the directory of the pins, or an empty one if there is no home directory.
func DefaultStore() Store {
	pins, err := trust.DefaultPinFile()
	if err != nil {
		return Store{}
	}
	return Store{Dir: filepath.Dir(pins), Pins: pins}
}

// Name returns the name that the player used last. If there is none, it returns a name that was drawn for this process.
// A login name is not used: strangers would read it, and on Windows it is that of an account of the machine or domain.
func (s Store) Name() string {
	if name, ok := s.keptName(); ok {
		return name
	}
	return firstName()
}

// keptName returns the name in the file.
func (s Store) keptName() (name string, ok bool) {
	name, err := names.Parse(strings.TrimRight(string(s.read("name")), "\r\n"))
	return name, err == nil
}

// KeepName stores the name if it has changed.
func (s Store) KeepName(name string) error {
	if kept, ok := s.keptName(); ok && name == kept {
		return nil
	}
	return s.write("name", []byte(name+"\n"))
}

// savedSettings is the format of the file with Settings.
type savedSettings struct {
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	Place      Place  `json:"place,omitzero"`
	Maximized  bool   `json:"maximized"`
	Fullscreen bool   `json:"fullscreen"`
	Mute       bool   `json:"mute"`
	View       string `json:"view"`
}

// maxWindow bounds the size of the window in the file. Monitors are smaller.
const maxWindow = 1 << 15

// Settings returns the stored settings, and the default for values that are missing or not valid. If there is a file
// that is no settings, Settings returns the default and an error.
func (s Store) Settings() (kept Settings, err error) {
	text, err := s.load("settings.json")
	if err != nil || text == nil {
		return kept, err
	}
	var saved savedSettings
	if err := json.Unmarshal(text, &saved); err != nil {
		return kept, fmt.Errorf("read %s: %w", filepath.Join(s.Dir, "settings.json"), err)
	}
	kept.Maximized, kept.Fullscreen, kept.Mute = saved.Maximized, saved.Fullscreen, saved.Mute
	if w, h := saved.Width, saved.Height; w > 0 && w <= maxWindow && h > 0 && h <= maxWindow {
		kept.Width, kept.Height = w, h
	}
	if p := saved.Place; max(p.X, -p.X, p.Y, -p.Y) <= maxWindow && p.Index >= 0 {
		kept.Place = p
	}
	if view, err := client.ParseView(saved.View); err == nil {
		kept.View = view
	}
	return kept, nil
}

// KeepSettings stores the settings if they have changed. The original is no view to begin with the next time.
func (s Store) KeepSettings(k Settings) error {
	if k.View == client.ViewOriginal {
		k.View = client.ViewFilter
	}
	if old, _ := s.Settings(); k == old {
		return nil
	}
	text, err := json.Marshal(savedSettings{
		k.Width, k.Height, k.Place, k.Maximized, k.Fullscreen, k.Mute, k.View.String(),
	})
	if err != nil {
		return err
	}
	return s.write("settings.json", append(text, '\n'))
}

// maxStored is the greatest size of a file that is read.
const maxStored = 4 << 10

// read returns the content of a file, or nil if it cannot be read.
func (s Store) read(name string) []byte {
	text, _ := s.load(name)
	return text
}

// load returns the content of a file, or nil if there is none.
func (s Store) load(name string) ([]byte, error) {
	if s.Dir == "" {
		return nil, nil
	}
	path := filepath.Join(s.Dir, name)
	text, err := files.Read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case len(text) > maxStored:
		return nil, fmt.Errorf("read %s: it has more than %d bytes", path, maxStored)
	}
	return text, nil
}

// write replaces a file as a whole, so that a crash leaves the old file or the new one.
func (s Store) write(name string, text []byte) error {
	if s.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(s.Dir, name)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		_ = os.Remove(path + ".new") // of which a full disk may have kept a part
		return err
	}
	return files.Rename(path+".new", path)
}
