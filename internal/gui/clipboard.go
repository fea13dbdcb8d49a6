//go:build !nogui

package gui

import (
	"context"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"pong/internal/front"
)

// pasteTime is how long a clipboard may take. Its owner is another program, which may hang.
const pasteTime = 2 * time.Second

// clipboardTools returns the programs that print the clipboard, in the order in which to try them. Ebitengine has
// no clipboard, and the libraries that have one on Linux want a C compiler; a join link is too long to type.
func clipboardTools(goos string) [][]string {
	switch goos {
	case "darwin":
		return [][]string{{"pbpaste"}}
	case "windows":
		return [][]string{{"powershell.exe", "-NoProfile", "-NonInteractive", "-Command", "Get-Clipboard"}}
	}
	return [][]string{
		{"wl-paste", "--no-newline", "--type", "text"},
		{"xclip", "-selection", "clipboard", "-out"},
		{"xsel", "--clipboard", "--output"},
	}
}

// copyTools returns the programs that fill the clipboard with what they read.
func copyTools(goos string) [][]string {
	switch goos {
	case "darwin":
		return [][]string{{"pbcopy"}}
	case "windows":
		return [][]string{{"clip.exe"}}
	}
	return [][]string{
		{"wl-copy"},
		{"xclip", "-selection", "clipboard", "-in"},
		{"xsel", "--clipboard", "--input"},
	}
}

// writeClipboard fills the clipboard, later, and sends what has come of it. The programs stay behind as the owners of
// what was copied, so all that can be waited for is that they have taken it.
func writeClipboard(ctx context.Context, work *sync.WaitGroup, text string, out chan<- front.CopyResult) {
	work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, pasteTime)
		defer cancel()
		result := front.CopyFailed
		for _, tool := range copyTools(runtime.GOOS) {
			copies := exec.CommandContext(ctx, tool[0], tool[1:]...)
			copies.Stdin = strings.NewReader(text)
			if copies.Run() == nil {
				result = front.CopyDone
				break
			}
		}
		select {
		case out <- result:
		default:
		}
	})
}

// readClipboard sends the clipboard's text to out, later. Where there is none, nothing happens; while an answer is
// on its way, further ones are dropped.
func readClipboard(ctx context.Context, work *sync.WaitGroup, out chan<- string) {
	work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, pasteTime)
		defer cancel()
		for _, tool := range clipboardTools(runtime.GOOS) {
			text, err := exec.CommandContext(ctx, tool[0], tool[1:]...).Output()
			if err != nil || len(text) == 0 {
				continue
			}
			select {
			case out <- string(text):
			default:
			}
			return
		}
	})
}
