package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func readLines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// TestKeyLog_BothEndsWriteTheSameLine checks the lines, the warnings and the permissions of the files.
func TestKeyLog_BothEndsWriteTheSameLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := func(name string) string { return filepath.Join(folder, name) }
	server := serve(t, "--start", "auto", "--points", "1", "--keylog", path("server"))
	one := start(t, "bot", server.Link, "--level", "easy", "--keylog", path("one"))
	two := start(t, "bot", server.Link, "--level", "easy", "--keylog", path("two"))
	one.end(exitDone)
	two.end(exitDone)
	server.interrupt()
	said := strings.Join(server.end(exitDone), "\n")

	want := append(readLines(t, path("one")), readLines(t, path("two"))...)
	got := readLines(t, path("server"))
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) || len(got) != 2 || got[0] == got[1] {
		t.Errorf("the server's key log has\n%s\nwant the lines of the players'\n%s", strings.Join(got, "\n"),
			strings.Join(want, "\n"))
	}
	form := regexp.MustCompile(`^PONG-UDP-V1 [0-9a-f]{16} 130[123] [0-9a-f]{64}$`)
	for _, line := range got {
		if !form.MatchString(line) {
			t.Errorf("invalid line in the key log: %q", line)
		}
	}
	for who, text := range map[string]string{"server": said, "one": one.stderr.String(), "two": two.stderr.String()} {
		if n := strings.Count(text, "KEY LOG"); n != 1 {
			t.Errorf("%s warned %d times, want once:\n%s", who, n, text)
		}
		if info, err := os.Stat(path(who)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v; want 0600", path(who), info.Mode(), err)
		}
	}
}

func TestKeyLog_IsOffByDefault(t *testing.T) {
	t.Parallel()
	w, err := openKeyLog("", func(text string) { t.Errorf("warning without a key log: %s", text) })
	if w != nil || err != nil {
		t.Errorf("without a path: got key log %v, error %v; want none", w, err)
	}
	for _, args := range [][]string{{"serve", "--help"}, {"play", "--help"}, {"bot", "--help"}} {
		help := strings.Join(start(t, args...).end(exitDone), "\n")
		if !strings.Contains(help, "--keylog string") || strings.Contains(help, "(default \"/") {
			t.Errorf("pong %s --help lacks --keylog without a default:\n%s", args[0], help)
		}
	}
}

// TestKeyLog_UnwritableFileIsRefused at the start, before any port is opened or any server dialled.
func TestKeyLog_UnwritableFileIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, args := range [][]string{
		{"serve", "--listen", "127.0.0.1", "--certs", filepath.Join(folder, "certs"), "--control-port", "0"},
		{"bot", "127.0.0.1:1"},
		{"play", "--tty", "127.0.0.1:1"},
	} {
		refuses(t, start(t, append(args, "--keylog", folder)...), exitFailed, "key log",
			"choose a file that you can write")
	}
	if _, err := os.Stat(filepath.Join(folder, "certs")); err == nil {
		t.Error("the server made an identity")
	}
}

func TestKeyLog_IsAppendedAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	for _, line := range []string{"one\n", "two\n"} {
		warned := 0
		w, err := openKeyLog(path, func(text string) {
			if warned++; !strings.Contains(text, path) {
				t.Errorf("the warning does not name the file: %s", text)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(line)); err != nil || warned != 0 {
			t.Errorf("write: error %v and %d warnings, want none", err, warned)
		}
		w.(*keyLog).file.Close()
		for range 2 { // as with a full disk
			_, _ = w.Write([]byte(line))
		}
		if warned != 1 {
			t.Errorf("%d warnings about failed writes, want one", warned)
		}
	}
	if got := readLines(t, path); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("the file has %q, want both lines", got)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := openKeyLog(path, func(string) { t.Error("warning about a file that was refused") })
	if err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others can read: got error %v, want one with chmod 600", err)
	}
}
