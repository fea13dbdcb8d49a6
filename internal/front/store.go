package front

import (
	"encoding/json"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"pong/internal/client"
	"pong/internal/trust"
	"pong/internal/wire"
)

// Settings are how a player left the game the last time.
type Settings struct {
	Width, Height int // of the window, in the desktop's pixels; 0 for the usual size
	Fullscreen    bool
	Mute          bool
	View          client.View
}

// A Store keeps a player's name and settings in files, for the next time. Nothing in it is an error: where a file cannot
// be read, written or understood, the game goes on without it.
type Store struct {
	Dir string // If empty, nothing is kept.
}

// DefaultStore returns the Store beside the identities of servers, or an empty one where there is no home.
func DefaultStore() Store {
	pins, err := trust.DefaultPinFile()
	if err != nil {
		return Store{}
	}
	return Store{Dir: filepath.Dir(pins)}
}

// Name returns the name that the player used last, or else the login name, if others can be shown it.
func (s Store) Name() string {
	if name := strings.TrimSuffix(string(s.read("name")), "\n"); wire.CheckName(name) == nil {
		return name
	}
	if u, err := user.Current(); err == nil && wire.CheckName(u.Username) == nil {
		return u.Username
	}
	return "player"
}

// KeepName keeps the name, if it is another than before.
func (s Store) KeepName(name string) {
	if name != s.Name() {
		s.write("name", []byte(name+"\n"))
	}
}

// savedSettings are Settings in the file.
type savedSettings struct {
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	Fullscreen bool   `json:"fullscreen"`
	Mute       bool   `json:"mute"`
	View       string `json:"view"`
}

// The largest window that a file can ask for. A monitor is smaller.
const maxWindow = 1 << 15

// Settings returns what was kept last. What makes no sense in the file is left as it is by default.
func (s Store) Settings() (kept Settings) {
	var saved savedSettings
	if json.Unmarshal(s.read("settings.json"), &saved) != nil {
		return kept
	}
	kept.Fullscreen, kept.Mute = saved.Fullscreen, saved.Mute
	if w, h := saved.Width, saved.Height; w > 0 && w <= maxWindow && h > 0 && h <= maxWindow {
		kept.Width, kept.Height = w, h
	}
	if view, err := client.ParseView(saved.View); err == nil {
		kept.View = view
	}
	return kept
}

// KeepSettings keeps the settings.
func (s Store) KeepSettings(k Settings) {
	text, err := json.Marshal(savedSettings{k.Width, k.Height, k.Fullscreen, k.Mute, k.View.String()})
	if err == nil {
		s.write("settings.json", append(text, '\n'))
	}
}

// mostStored is how much of a file is read.
const mostStored = 4 << 10

func (s Store) read(name string) []byte {
	if s.Dir == "" {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil || len(text) > mostStored {
		return nil
	}
	return text
}

// write writes a file as a whole, so that one that is cut short never takes its place.
func (s Store) write(name string, text []byte) {
	if s.Dir == "" || os.MkdirAll(s.Dir, 0o700) != nil {
		return
	}
	path := filepath.Join(s.Dir, name)
	if os.WriteFile(path+".new", text, 0o600) == nil {
		_ = os.Rename(path+".new", path)
	}
}
