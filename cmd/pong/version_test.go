package main

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersion_NamesReleaseCommitAndGo(t *testing.T) {
	info := &debug.BuildInfo{
		Main: debug.Module{Version: "v0.1.0"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "459fb9456789abcdef"},
			{Key: "vcs.time", Value: "2026-11-30T21:40:05Z"}, {Key: "vcs.modified", Value: "true"}},
	}
	for name, c := range map[string]struct {
		info *debug.BuildInfo
		want string
	}{
		"a release": {info, "v0.1.0, commit 459fb9456789 of 2026-11-30 with changes, protocol pong/"},
		"no commit": {&debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}}, "v0.1.0, unknown commit, "},
		"nothing":   {nil, "(devel), unknown commit, "},
	} {
		if got := version(c.info); !strings.HasPrefix(got, c.want) || !strings.Contains(got, runtime.Version()) {
			t.Errorf("%s: got %q, want it to begin with %q and to contain %s", name, got, c.want, runtime.Version())
		}
	}
}

// TestVersion_LinkerComesFirst sets what the linker sets in a release.
func TestVersion_LinkerComesFirst(t *testing.T) {
	release, commit, committed = "v9.8.7", "0123456789abcdef", "2026-12-01T00:00:00Z"
	defer func() { release, commit, committed = "", "", "" }()
	info := &debug.BuildInfo{
		Main: debug.Module{Version: "v0.1.0"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "459fb9456789abcdef"},
			{Key: "vcs.modified", Value: "true"}},
	}
	for name, info := range map[string]*debug.BuildInfo{"a repository": info, "no repository": nil} {
		want := "v9.8.7, commit 0123456789ab of 2026-12-01, protocol pong/"
		if got := version(info); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want it to begin with %q", name, got, want)
		}
	}
}

// TestVersion_CommandAndFlag expects the same line from both.
func TestVersion_CommandAndFlag(t *testing.T) {
	var said [2]string
	for i, arg := range []string{"version", "--version"} {
		var out bytes.Buffer
		cmd := newRoot()
		cmd.SetOut(&out)
		cmd.SetArgs([]string{arg})
		if err := cmd.Execute(); err != nil {
			t.Fatal(err)
		}
		said[i] = out.String()
	}
	if said[0] != said[1] || !strings.HasPrefix(said[0], "pong ") || strings.Count(said[0], "\n") != 1 {
		t.Errorf("pong version printed %q and pong --version %q, want the same line", said[0], said[1])
	}
}
