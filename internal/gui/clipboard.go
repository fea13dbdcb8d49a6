//go:build !nogui

package gui

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"pong/internal/front"
)

// pasteTime bounds the access to the clipboard, because the program that owns it may hang.
const pasteTime = 2 * time.Second

// clipboardTools returns the programs that print the clipboard, in the order in which to try them. Ebitengine has no
// clipboard, and the libraries for Linux need a C compiler.
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

// copyTools returns the programs that put their input in the clipboard.
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

// writeClipboard puts a text in the clipboard and sends the result to out. It does not block. The programs keep running
// as owners of the clipboard, so it waits only until one has read the text.
func writeClipboard(ctx context.Context, work *sync.WaitGroup, text string, out chan<- front.CopyResult) {
	work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, pasteTime)
		defer cancel()
		result := front.CopyNoProgram
		for _, tool := range copyTools(runtime.GOOS) {
			copies := exec.CommandContext(ctx, tool[0], tool[1:]...)
			copies.Stdin = strings.NewReader(text)
			err := copies.Run()
			if err == nil {
				result = front.CopyDone
				break
			}
			if !errors.Is(err, exec.ErrNotFound) {
				result = front.CopyFailed
			}
		}
		select {
		case out <- result:
		default:
		}
	})
}

// A paste is the text of the clipboard, or the reason why there is none.
type paste struct {
	text   string
	result front.PasteResult
}

// readClipboard sends the text of the clipboard to out. It does not block. If out is full, it sends nothing.
func readClipboard(ctx context.Context, work *sync.WaitGroup, out chan<- paste) {
	work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, pasteTime)
		defer cancel()
		p := paste{result: front.PasteNoProgram}
		for _, tool := range clipboardTools(runtime.GOOS) {
			text, err := exec.CommandContext(ctx, tool[0], tool[1:]...).Output()
			if err == nil && len(text) > 0 {
				p = paste{string(text), front.PasteDone}
				break
			}
			if !errors.Is(err, exec.ErrNotFound) {
				p.result = front.PasteEmpty
			}
		}
		select {
		case out <- p:
		default:
		}
	})
}
