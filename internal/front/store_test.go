package front

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/names"
)

func TestStore_KeepsNameAndSettings(t *testing.T) {
	s := Store{Dir: filepath.Join(t.TempDir(), "pong")}
	none, err := s.Settings()
	if name := s.Name(); names.Display(name) != name || none != (Settings{}) || err != nil {
		t.Errorf("with nothing kept the name is %q and the settings %+v, %v; want a name that can be used and none",
			name, none, err)
	}
	want := Settings{
		Width: 640, Height: 480, Place: Place{Monitor: "DP-1", Index: 1, X: 30, Y: -20}, Maximized: true,
		Fullscreen: true, Mute: true, View: client.ViewInterp,
	}
	first := s.Name()
	if err := s.KeepName(first); string(s.read("name")) != first+"\n" || err != nil {
		t.Errorf("the first name is kept as %q, error %v; want %q", s.read("name"), err, first)
	}
	if err := errors.Join(s.KeepName("Grace H"), s.KeepSettings(want)); err != nil {
		t.Fatal(err)
	}
	if got := s.Name(); got != "Grace H" {
		t.Errorf("the name is %q, want the one that was kept", got)
	}
	if got, err := s.Settings(); got != want || err != nil {
		t.Errorf("the settings are %+v, %v; want %+v", got, err, want)
	}
	for _, file := range []string{"Grace H\r\n", "\xef\xbb\xbfGrace H\r\n",
		"\xff\xfeG\x00r\x00a\x00c\x00e\x00 \x00H\x00"} {
		if err := s.write("name", []byte(file)); err != nil {
			t.Fatal(err)
		}
		if got := s.Name(); got != "Grace H" {
			t.Errorf("of the file %q, as an editor writes it, the name is %q, want Grace H", file, got)
		}
	}
}

func TestStore_OriginalIsNotKept(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	if err := s.KeepSettings(Settings{View: client.ViewOriginal, Mute: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Settings(); got != (Settings{Mute: true}) || err != nil {
		t.Errorf("the settings are %+v, %v, want the filter", got, err)
	}
}

func TestStore_SpoiledFilesAreNoError(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	spoil := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(s.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]Settings{
		`{"width": -5, "height": 480}`:             {},
		`{"width": 99999999, "height": 1}`:         {},
		`{"view": "upside down", "mute": true}`:    {Mute: true},
		`{"place": {"monitor": "a", "x": 100000}}`: {},
		`{"width": 800, "height": 600, "new": 1}`:  {Width: 800, Height: 600},
	} {
		spoil("settings.json", text)
		if got, err := s.Settings(); got != want || err != nil {
			t.Errorf("the file %.40q gives the settings %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "\x00\xff", `{"mute": "yes"}`, `{"mute": true`,
		strings.Repeat(" ", maxStored) + `{"mute": true}`} {
		spoil("settings.json", text)
		got, err := s.Settings()
		if got != (Settings{}) || err == nil || !strings.Contains(err.Error(), "settings.json") {
			t.Errorf("the file %.40q gives the settings %+v and the error %v; want none, and an error with its name",
				text, got, err)
		}
		if err := s.KeepSettings(Settings{Mute: true}); err != nil {
			t.Errorf("the file %.40q is not replaced: %v", text, err)
		}
	}
	login := Store{}.Name()
	for _, text := range []string{"", "\x1b[31mred\n", "two\nlines\n", "much too long for a name\n"} {
		if spoil("name", text); s.Name() != login {
			t.Errorf("the file %q gives the name %q, want a first name", text, s.Name())
		}
	}
}

// TestStore_WithoutAPlaceForFiles keeps nothing. It is an error where there should be one.
func TestStore_WithoutAPlaceForFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Store{{}, {Dir: filepath.Join(file, "below")}, {Dir: "/proc/none"}} {
		named, set := s.KeepName("Grace"), s.KeepSettings(Settings{Mute: true})
		if (named == nil) != (s.Dir == "") || (set == nil) != (s.Dir == "") {
			t.Errorf("%q: got the errors %v and %v", s.Dir, named, set)
		}
		if err := s.KeepSettings(Settings{}); err != nil {
			t.Errorf("%q: got %v, want no error: the settings have not changed", s.Dir, err)
		}
		if kept, _ := s.Settings(); s.Name() == "Grace" || kept != (Settings{}) {
			t.Errorf("%q: kept %q and %+v", s.Dir, s.Name(), kept)
		}
	}
}
