package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pong/internal/replay"
	"pong/internal/replay/replaytest"
)

// recordingFile returns the path of a file with bytes.
func recordingFile(t testing.TB, bytes []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "game.pongrec")
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReplay_Verify(t *testing.T) {
	t.Parallel()
	_, bytes := replaytest.Game(t)
	altered := append([]byte(nil), bytes...)
	altered[len(altered)/2] ^= 1
	for name, test := range map[string]struct {
		bytes []byte
		code  int
		want  string
	}{
		"whole":          {bytes, exitDone, "all checks are right"},
		"without an end": {bytes[:len(bytes)-9], exitFailed, "ends before the game does"},
		"cut":            {bytes[:len(bytes)/2], exitFailed, "is cut off after"},
		"altered":        {altered, exitFailed, "is damaged or was altered after"},
		"something else": {[]byte("hello"), exitFailed, "no recording of Pong"},
	} {
		p := start(t, "replay", recordingFile(t, test.bytes), "--verify")
		lines := p.end(test.code)
		if all := strings.Join(lines, "\n") + p.stderr.String(); !strings.Contains(all, test.want) {
			t.Errorf("%s: %q, want %q", name, all, test.want)
		}
	}
	if p := start(t, "replay", "no-such-file"); true {
		p.end(exitFailed)
		if !strings.Contains(p.stderr.String(), "there is no file no-such-file") {
			t.Errorf("a file that does not exist: %q", p.stderr.String())
		}
	}
}

func TestReplay_WritesPicturesAndLinks(t *testing.T) {
	t.Parallel()
	_, bytes := replaytest.Game(t)
	path, folder := recordingFile(t, bytes), t.TempDir()
	for file, args := range map[string][]string{
		"a.gif":  {"--gif", "--from", "0:03", "--to", "0:05.5"},
		"a.cast": {"--cast", "--to", "200"},
		"a.png":  {"--png", "0:04"},
	} {
		out := filepath.Join(folder, file)
		start(t, append([]string{"replay", path, "--out", out}, args...)...).end(exitDone)
		if info, err := os.Stat(out); err != nil || info.Size() < 500 {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	link := start(t, "replay", path, "--link", "https://pong.example:5555").end(exitDone)[0]
	if lines := start(t, "replay", link, "--verify").end(exitDone); lines[len(lines)-1] != "all checks are right" {
		t.Errorf("the link %.60s...: %q", link, lines)
	}
	p := start(t, "replay", link[:len(link)-30], "--verify")
	p.end(exitFailed)
	if !strings.Contains(p.stderr.String(), replay.ErrCut.Error()) {
		t.Errorf("a link that was cut: %q", p.stderr.String())
	}
}

func TestReplay_RefusesImpossibleTimes(t *testing.T) {
	t.Parallel()
	_, bytes := replaytest.Game(t)
	path := recordingFile(t, bytes)
	for _, args := range [][]string{
		{"--png", "99:00"}, {"--png", "-1"}, {"--png", "1:2:3"}, {"--png", "0:75"}, {"--gif", "--from", "x"},
		{"--gif", "--from", "0:05", "--to", "0:03"}, {"--link", "pong.example"}, {"--gif", "--cast"},
		{"--page", "here"},
	} {
		start(t, append([]string{"replay", path}, args...)...).end(exitUsage)
	}
}
