//go:build !nogui

package gui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-text/typesetting/fontscan"
	"github.com/hajimehoshi/ebiten/v2/text/v2"
)

// systemFonts finds fonts of the system. A goroutine lists them, which takes seconds at first and milliseconds with a
// list of an earlier run, and then reads files: of all fonts only those that are needed.
type systemFonts struct {
	queries chan fontQuery
	answers chan fontAnswer
}

// maxQueries bounds the queries and answers that wait. maxFonts bounds the fonts that are read.
const (
	maxQueries = 256
	maxFonts   = 120
)

// startSystemFonts starts the goroutine, which ends when done is closed. note is called there with lines about the
// fonts; it may be nil.
func startSystemFonts(done <-chan struct{}, note func(string)) *systemFonts {
	if note == nil {
		note = func(string) {}
	}
	s := &systemFonts{queries: make(chan fontQuery, maxQueries), answers: make(chan fontAnswer, maxQueries)}
	go s.serve(done, listFonts, note)
	return s
}

func (s *systemFonts) ask(q fontQuery) bool {
	select {
	case s.queries <- q:
		return true
	default:
		return false
	}
}

func (s *systemFonts) found() (fontAnswer, bool) {
	select {
	case a := <-s.answers:
		return a, true
	default:
		return fontAnswer{}, false
	}
}

// serve answers queries about the listed fonts until done is closed.
func (s *systemFonts) serve(done <-chan struct{}, list func() ([]fontscan.Footprint, error), note func(string)) {
	start := time.Now()
	fonts, err := list()
	if err != nil {
		note(fmt.Sprintf("fonts: the fonts of the system cannot be used: %v", err))
	} else {
		note(fmt.Sprintf("fonts: %d fonts of the system, found in %.2f s", len(fonts), time.Since(start).Seconds()))
	}
	shelf := fontShelf{fonts: fonts, locale: localeHan(os.Getenv), load: loadFont, note: note}
	for {
		select {
		case <-done:
			return
		case q := <-s.queries:
			select {
			case <-done:
				return
			case s.answers <- fontAnswer{q, shelf.find(q)}:
			}
		}
	}
}

// listFonts lists the fonts of the system. The list is kept in the user's cache folder, or nowhere if that cannot be
// written.
func listFonts() (fonts []fontscan.Footprint, err error) {
	defer func() { // a font that is damaged must not end the game
		if reason := recover(); reason != nil {
			fonts, err = nil, fmt.Errorf("a font is damaged: %v", reason)
		}
	}()
	dir, remove, err := cacheFolder(os.UserCacheDir)
	if err != nil {
		return nil, err
	}
	defer remove()
	return fontscan.SystemFonts(noLog{}, dir)
}

// cacheFolder returns a folder for the list of fonts, and a function to call after its use. fontscan fails if it cannot
// write there, so the folder is a temporary one where the user's cannot be written.
func cacheFolder(user func() (string, error)) (dir string, remove func(), err error) {
	if dir, err = user(); err == nil {
		dir = filepath.Join(dir, "pong")
		if writable(dir) {
			return dir, func() {}, nil
		}
	}
	dir, err = os.MkdirTemp("", "pong-fonts-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

// writable reports whether files can be made in a folder, which it makes if necessary.
func writable(dir string) bool {
	if os.MkdirAll(dir, 0o700) != nil {
		return false
	}
	file, err := os.CreateTemp(dir, "try-")
	if err != nil {
		return false
	}
	_ = file.Close()
	return os.Remove(file.Name()) == nil
}

// noLog drops what fontscan logs about single files.
type noLog struct{}

func (noLog) Printf(string, ...any) {}

// A fontShelf finds fonts in a list and reads them. One goroutine owns it.
type fontShelf struct {
	fonts  []fontscan.Footprint
	locale string
	load   func(path string, index int) (*text.GoTextFaceSource, error)
	note   func(string)

	loaded  map[fontscan.Location]*text.GoTextFaceSource // nil for those that cannot be read
	missing int                                          // lines about missing fonts
}

// maxMissing bounds the number of lines about characters without a font.
const maxMissing = 50

// find returns the font of a cluster, or nil. A font that cannot be read is not tried again.
func (s *fontShelf) find(q fontQuery) *text.GoTextFaceSource {
	for {
		f := chooseFont(s.fonts, q, s.locale)
		if f == nil {
			break
		}
		source, ok := s.loaded[f.Location]
		if !ok {
			if len(s.loaded) >= maxFonts {
				break
			}
			source = s.read(f, q)
		}
		if source != nil {
			return source
		}
		f.Runes = nil // so that another font is chosen
	}
	if s.missing++; s.missing <= maxMissing {
		s.note(fmt.Sprintf("fonts: no font has %s (%s); it is drawn as its number", q.cluster, codePoints(q.cluster)))
	}
	return nil
}

// read reads a font.
func (s *fontShelf) read(f *fontscan.Footprint, q fontQuery) *text.GoTextFaceSource {
	source, err := s.load(f.Location.File, int(f.Location.Index))
	if err != nil {
		s.note(fmt.Sprintf("fonts: %v", err))
	} else {
		s.note(fmt.Sprintf("fonts: %s for %s (%s)", source.Metadata().Family, q.cluster, f.Location.File))
	}
	if s.loaded == nil {
		s.loaded = make(map[fontscan.Location]*text.GoTextFaceSource)
	}
	s.loaded[f.Location] = source
	return source
}

// codePoints returns the numbers of the characters of a cluster.
func codePoints(cluster string) string {
	var numbers []string
	for _, r := range cluster {
		numbers = append(numbers, fmt.Sprintf("%U", r))
	}
	return strings.Join(numbers, " ")
}
