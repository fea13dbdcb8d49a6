//go:build !nogui && !windows

package gui

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"

	"pong/internal/front"
)

// clipboardTools returns the programs that print the clipboard, in the order in which to try them. Ebitengine has no
// clipboard, and the libraries for Linux need a C compiler.
func clipboardTools(goos string) [][]string {
	if goos == "darwin" {
		return [][]string{{"pbpaste"}}
	}
	return [][]string{
		{"wl-paste", "--no-newline", "--type", "text"},
		{"xclip", "-selection", "clipboard", "-out"},
		{"xsel", "--clipboard", "--output"},
	}
}

// copyTools returns the programs that put their input in the clipboard.
func copyTools(goos string) [][]string {
	if goos == "darwin" {
		return [][]string{{"pbcopy"}}
	}
	return [][]string{
		{"wl-copy"},
		{"xclip", "-selection", "clipboard", "-in"},
		{"xsel", "--clipboard", "--input"},
	}
}

// copyText puts a text in the clipboard. The programs keep running as owners of the clipboard, so it waits only until
// one has read the text.
func copyText(ctx context.Context, text string) front.CopyResult {
	result := front.CopyNoProgram
	for _, tool := range copyTools(runtime.GOOS) {
		copies := exec.CommandContext(ctx, tool[0], tool[1:]...)
		copies.Stdin = strings.NewReader(text)
		err := copies.Run()
		if err == nil {
			return front.CopyDone
		}
		if !errors.Is(err, exec.ErrNotFound) {
			result = front.CopyFailed
		}
	}
	return result
}

// pasteText returns the text of the clipboard, or the reason why there is none.
func pasteText(ctx context.Context) paste {
	result := front.PasteNoProgram
	for _, tool := range clipboardTools(runtime.GOOS) {
		text, err := exec.CommandContext(ctx, tool[0], tool[1:]...).Output()
		if err == nil && len(text) > 0 {
			return paste{string(text), front.PasteDone}
		}
		if !errors.Is(err, exec.ErrNotFound) {
			result = front.PasteEmpty
		}
	}
	return paste{result: result}
}
