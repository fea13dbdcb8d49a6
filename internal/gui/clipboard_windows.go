//go:build !nogui

package gui

import (
	"context"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"pong/internal/front"
)

// The clipboard of Windows is reached by system calls. Its programs, PowerShell and clip.exe, take seconds to start,
// may be forbidden, and know no characters beyond those of the console's code page.
var (
	user32           = windows.NewLazySystemDLL("user32.dll")
	kernel32         = windows.NewLazySystemDLL("kernel32.dll")
	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	getClipboardData = user32.NewProc("GetClipboardData")
	setClipboardData = user32.NewProc("SetClipboardData")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
	globalSize       = kernel32.NewProc("GlobalSize")
	moveMemory       = kernel32.NewProc("RtlMoveMemory")
)

const (
	formatUnicodeText = 13     // CF_UNICODETEXT
	memoryMoveable    = 0x0002 // GMEM_MOVEABLE
	clipboardPause    = 10 * time.Millisecond
)

// withClipboard calls f with the clipboard open, and reports whether it was opened before ctx was done. Other programs
// may have it open for a moment.
func withClipboard(ctx context.Context, f func()) bool {
	runtime.LockOSThread() // a thread has it open
	defer runtime.UnlockOSThread()
	for {
		if ok, _, _ := openClipboard.Call(0); ok != 0 {
			break
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(clipboardPause):
		}
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	f()
	return true
}

// pasteText returns the text of the clipboard, or the reason why there is none.
func pasteText(ctx context.Context) paste {
	p := paste{result: front.PasteEmpty}
	withClipboard(ctx, func() {
		memory, _, _ := getClipboardData.Call(formatUnicodeText)
		if memory == 0 {
			return
		}
		at, _, _ := globalLock.Call(memory)
		if at == 0 {
			return
		}
		defer func() { _, _, _ = globalUnlock.Call(memory) }()
		size, _, _ := globalSize.Call(memory)
		units := make([]uint16, size/2+1)
		_, _, _ = moveMemory.Call(uintptr(unsafe.Pointer(&units[0])), at, size/2*2)
		if text := windows.UTF16ToString(units); text != "" {
			p = paste{text, front.PasteDone}
		}
	})
	return p
}

// copyText puts a text in the clipboard.
func copyText(ctx context.Context, text string) front.CopyResult {
	units, err := windows.UTF16FromString(text)
	if err != nil {
		return front.CopyFailed
	}
	result := front.CopyFailed
	withClipboard(ctx, func() {
		_, _, _ = emptyClipboard.Call()
		size := uintptr(2 * len(units))
		memory, _, _ := globalAlloc.Call(memoryMoveable, size)
		if memory == 0 {
			return
		}
		at, _, _ := globalLock.Call(memory)
		if at != 0 {
			_, _, _ = moveMemory.Call(at, uintptr(unsafe.Pointer(&units[0])), size)
			_, _, _ = globalUnlock.Call(memory)
		}
		if set, _, _ := setClipboardData.Call(formatUnicodeText, memory); at == 0 || set == 0 {
			_, _, _ = globalFree.Call(memory) // otherwise the clipboard owns it
			return
		}
		result = front.CopyDone
	})
	return result
}
