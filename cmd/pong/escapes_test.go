package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestColoured_NotWithoutAPersonWhoWantsThem(t *testing.T) {
	for _, test := range []struct {
		terminal    bool
		name, value string
		want        bool
	}{
		{true, "", "", true}, {true, "TERM", "xterm", true}, {false, "", "", false}, {true, "NO_COLOR", "1", false},
		{true, "TERM", "dumb", false},
	} {
		getenv := func(name string) string {
			if name == test.name {
				return test.value
			}
			return ""
		}
		if got := wantsColours(test.terminal, getenv); got != test.want {
			t.Errorf("terminal %v, %s=%s: colours are %v, want %v", test.terminal, test.name, test.value, got,
				test.want)
		}
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if coloured(f) {
		t.Error("a file gets colours")
	}
}
