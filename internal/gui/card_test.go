//go:build !nogui

package gui

import (
	"strings"
	"testing"

	"pong/internal/front"
)

func TestVisible_HasTheCaret(t *testing.T) {
	width := func(s string) float64 { return 10 * float64(len([]rune(s))) }
	text := strings.Repeat("ä1", 40)
	for caret := len(text); caret > 0; {
		part, at := visible(text, caret, 105, width)
		if n := len([]rune(part)); n > 10 || at > len(part) {
			t.Fatalf("with the caret at byte %d of the line %q is shown, with the caret at byte %d", caret, part, at)
		}
		caret = len(string([]rune(text[:caret])[:len([]rune(text[:caret]))-1]))
	}
	if part, at := visible(text, 0, 105, width); part != strings.Repeat("ä1", 5) || at != 0 {
		t.Errorf("with the caret at the start %q is shown, with the caret at byte %d", part, at)
	}
}

func TestLayText_ShrinksBeforeItIsCut(t *testing.T) {
	text := []front.Line{{Text: strings.Repeat("some words ", 60)}}
	lines, height := layText(text, 260)
	if got := lines[0].size; got >= 17 || height > 260 {
		t.Errorf("a long text is drawn in size %v, %.0f high, want it smaller and at most 260 high", got, height)
	}
	if last := lines[len(lines)-1].text; strings.HasSuffix(last, "…") {
		t.Errorf("a text that fits in small print is cut: %q", last)
	}
}

func TestKeysOf_NamesEachKey(t *testing.T) {
	for actions, want := range map[front.Action]string{
		front.Enter:                         "Enter",
		front.Back | front.Enter:            "Enter or Esc",
		front.No | front.Back | front.Enter: "Enter, N or Esc",
		front.Again | front.Enter:           "Enter or R",
		front.Copy:                          "C",
		0:                                   "",
	} {
		if got := keysOf(actions); got != want {
			t.Errorf("the keys of %b are %q, want %q", actions, got, want)
		}
	}
}
