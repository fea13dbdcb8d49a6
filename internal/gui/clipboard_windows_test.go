//go:build !nogui

package gui

import (
	"testing"

	"pong/internal/front"
)

// A text that was put in the clipboard is read from it again.
func TestClipboard_KeepsEveryCharacter(t *testing.T) {
	for _, text := range []string{
		"pong play \"pong://[2001:db8::1]:5555/#k=qXB151fx\"", "Grüße, Привет, 你好 😀", "one\r\ntwo",
	} {
		if got := copyText(t.Context(), text); got != front.CopyDone {
			t.Fatalf("copying %q: result %v, want it done", text, got)
		}
		if got := pasteText(t.Context()); got.text != text || got.result != front.PasteDone {
			t.Errorf("pasted %q, result %v; want %q", got.text, got.result, text)
		}
	}
}
