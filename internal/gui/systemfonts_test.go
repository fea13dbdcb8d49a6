//go:build !nogui

package gui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/fontscan"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
)

// TestSystemFonts_AnswersQueries lists a font that does not exist, which is the better one by its name, and one that
// does.
func TestSystemFonts_AnswersQueries(t *testing.T) {
	var lines []string
	s := &systemFonts{queries: make(chan fontQuery, 4), answers: make(chan fontAnswer, 4)}
	done, ended := make(chan struct{}), make(chan struct{})
	list := func() ([]fontscan.Footprint, error) {
		file := func(name string) func(*fontscan.Footprint) {
			return func(f *fontscan.Footprint) { f.Location.File = testFont(name) }
		}
		return []fontscan.Footprint{
			listed("notosanshebrew", "דוה", file("none")), listed("hebrew", "דוה", file("hebrew")),
		}, nil
	}
	go func() {
		s.serve(done, list, func(line string) { lines = append(lines, line) })
		close(ended)
	}()
	for _, cluster := range []string{"ד", "ו", "田"} {
		if !s.ask(fontQuery{cluster: cluster}) {
			t.Fatal("there is no room for a query")
		}
	}
	var found []bool
	for range 3 {
		found = append(found, (<-s.answers).source != nil)
	}
	close(done)
	<-ended
	if want := []bool{true, true, false}; !slices.Equal(found, want) {
		t.Errorf("fonts were found: %v, want %v", found, want)
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{"2 fonts of the system", "none.ttf", "for ד (" + testFont("hebrew"),
		"no font has 田 (U+7530)"} {
		if !strings.Contains(all, want) {
			t.Errorf("the lines about fonts lack %q:\n%s", want, all)
		}
	}
	if len(lines) != 4 {
		t.Errorf("%d lines about fonts, want 4: a font is named once\n%s", len(lines), all)
	}
}

// TestFontShelf_ReadsABoundedNumberOfFonts asks for characters each of which is in another font, as a server with many
// names can make a window do, and for characters that no font has.
func TestFontShelf_ReadsABoundedNumberOfFonts(t *testing.T) {
	reads, lines := 0, 0
	s := fontShelf{
		load: func(string, int) (*text.GoTextFaceSource, error) {
			reads++
			return goFonts()[regular], nil
		},
		note: func(string) { lines++ },
	}
	const first = '\u4e00'
	for i := range rune(2 * maxFonts) {
		s.fonts = append(s.fonts, listed(fmt.Sprint("font", i), string(first+i), nil))
	}
	found := 0
	for i := range rune(3 * maxFonts) {
		if s.find(fontQuery{cluster: string(first + i)}) != nil {
			found++
		}
	}
	if reads != maxFonts || found != maxFonts {
		t.Errorf("%d fonts were read and %d found, want %d", reads, found, maxFonts)
	}
	if want := maxFonts + maxMissing; lines != want {
		t.Errorf("%d lines about fonts, want %d", lines, want)
	}
}

func TestSystemFonts_QueriesNeverBlock(t *testing.T) {
	s := &systemFonts{queries: make(chan fontQuery, 1), answers: make(chan fontAnswer, 1)}
	if !s.ask(fontQuery{}) || s.ask(fontQuery{}) {
		t.Error("one query must fit, and the second must be refused")
	}
	if _, ok := s.found(); ok {
		t.Error("there is an answer without a goroutine")
	}
}

func TestCacheFolder_IsWhereFilesCanBeMade(t *testing.T) {
	home := t.TempDir()
	dir, remove, err := cacheFolder(func() (string, error) { return home, nil })
	if err != nil || dir != filepath.Join(home, "pong") {
		t.Errorf("got the folder %q, %v; want one in the user's cache folder", dir, err)
	}
	if remove(); !writable(dir) {
		t.Errorf("%s is removed after its use", dir)
	}
	file := filepath.Join(home, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for about, user := range map[string]func() (string, error){
		"a folder that cannot be written": func() (string, error) { return file, nil },
		"no home":                         func() (string, error) { return "", errors.New("HOME is not defined") },
	} {
		dir, remove, err := cacheFolder(user)
		if err != nil || !writable(dir) || strings.HasPrefix(dir, home) {
			t.Errorf("%s: got the folder %q, %v; want a temporary one", about, dir, err)
			continue
		}
		if remove(); dirExists(dir) {
			t.Errorf("%s: %s is left behind", about, dir)
		}
	}
}

func dirExists(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}
