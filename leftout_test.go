package pong

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWindows_PageNamesWhatIsLeftOut compares the test files of Linux that are not built for Windows with the table in
// docs/windows.md. Each gives its reason in a comment.
func TestWindows_PageNamesWhatIsLeftOut(t *testing.T) {
	page := documents(t)["docs/windows.md"]
	var named []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+_test\\.go)` \\|").FindAllStringSubmatch(page, -1) {
		named = append(named, m[1])
	}
	found := leftOut(t)
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`(?m)^// .*needs? (?:Unix|Linux)\b`).Match(text) {
			t.Errorf("%s is not built for Windows, and no comment says why it needs Unix or Linux", file)
		}
		if !slices.Contains(named, file) {
			t.Errorf("%s is not built for Windows, and docs/windows.md does not name it", file)
		}
	}
	for _, file := range named {
		if !slices.Contains(found, file) {
			t.Errorf("docs/windows.md names %s, which is built for Windows or does not exist", file)
		}
	}
}

// leftOut returns the test files that are built for Linux without further tags, and not for Windows.
func leftOut(t *testing.T) (files []string) {
	t.Helper()
	linux, windows := build.Default, build.Default
	linux.GOOS, windows.GOOS = "linux", "windows"
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata" || entry.Name() == "bench") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		dir, name := filepath.Split(path)
		onLinux, err := linux.MatchFile(dir, name)
		if err != nil {
			return err
		}
		if onWindows, err := windows.MatchFile(dir, name); err != nil || onWindows || !onLinux {
			return err
		}
		files = append(files, filepath.ToSlash(path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
