//go:build !nogui

package gui

import (
	"context"
	"sync"
	"time"

	"pong/internal/front"
)

// pasteTime bounds the access to the clipboard, because the program that owns it may hang.
const pasteTime = 2 * time.Second

// writeClipboard puts a text in the clipboard and sends the result to out. It does not block.
func writeClipboard(ctx context.Context, work *sync.WaitGroup, text string, out chan<- front.CopyResult) {
	work.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, pasteTime)
		defer cancel()
		result := copyText(ctx, text)
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
		p := pasteText(ctx)
		select {
		case out <- p:
		default:
		}
	})
}
