//go:build unix && !nogui

package gui

import (
	"slices"
	"strings"
	"testing"

	"pong/internal/front"
)

// The tests of this file need Unix: on Windows the clipboard belongs to the system, and no program is needed.

func TestApp_PasteWithoutAProgramIsExplained(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	sit(t, front.Want{}, func(p *person) {
		p.do(controls{commands: cmdPaste})
		if c := p.card(); !slices.ContainsFunc(c.Lines, func(l front.Line) bool {
			return l.Style == front.Wrong && strings.Contains(l.Text, "no program for the clipboard")
		}) {
			t.Errorf("after Ctrl+V without a program for the clipboard the card has %+v", c.Lines)
		}
		p.do(controls{typed: "h"})
		if c := p.card(); slices.ContainsFunc(c.Lines, func(l front.Line) bool { return l.Style == front.Wrong }) {
			t.Errorf("after typing the card still has %+v", c.Lines)
		}
	})
}

func TestClipboardTools_EverySystemHasSome(t *testing.T) {
	for _, goos := range []string{"linux", "freebsd", "darwin"} {
		if len(clipboardTools(goos)) == 0 || len(copyTools(goos)) == 0 {
			t.Errorf("%s has no way to paste or to copy", goos)
		}
	}
}
