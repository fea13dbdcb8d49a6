package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"pong/internal/crash"
)

// announceEnding calls announce when Windows is about to end this process, until ctx is done: its console is closed,
// the user logs off or the machine shuts down.
func announceEnding(ctx context.Context, announce func()) {
	console := make(chan os.Signal, 1)
	signal.Notify(console, syscall.SIGTERM) // a console that is closed; the handler of the Go runtime does not return
	go crash.Guarded(func() {
		defer signal.Stop(console)
		select {
		case <-console:
			announce()
		case <-ctx.Done():
		}
	})()
	go crash.Guarded(func() { watchSession(ctx, announce) })()
}

// The messages of a window about the end of a session, and the one that ends a thread's loop of messages.
const (
	wmQuit       = 0x0012
	wmEndSession = 0x0016
)

// sessionEndWithin is how long the end of a session is held up for a server that ends.
const sessionEndWithin = 4500 * time.Millisecond

var (
	user32            = windows.NewLazySystemDLL("user32.dll")
	registerClass     = user32.NewProc("RegisterClassExW")
	createWindow      = user32.NewProc("CreateWindowExW")
	destroyWindow     = user32.NewProc("DestroyWindow")
	defWindowProc     = user32.NewProc("DefWindowProcW")
	getMessage        = user32.NewProc("GetMessageW")
	dispatchMessage   = user32.NewProc("DispatchMessageW")
	postThreadMessage = user32.NewProc("PostThreadMessageW")
)

// A windowClass is WNDCLASSEXW.
type windowClass struct {
	size, style                        uint32
	proc                               uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

// A windowMessage is MSG.
type windowMessage struct {
	window  uintptr
	message uint32
	wParam  uintptr
	lParam  uintptr
	time    uint32
	x, y    int32
	private uint32
}

// sessionWindow is the procedure of the window of watchSession, of which there is one in a process.
var sessionWindow struct {
	sync.Mutex
	announce func()
	done     <-chan struct{}
}

// watchSession calls announce when the session of the user ends, until ctx is done. Windows sends a process that has
// loaded user32.dll no signal about that, but only messages to its windows, so it has one that is never shown. When its
// procedure returns from the last message the process is ended.
func watchSession(ctx context.Context, announce func()) {
	runtime.LockOSThread() // the messages are for the thread, which ends with the goroutine
	sessionWindow.Lock()
	sessionWindow.announce, sessionWindow.done = announce, ctx.Done()
	sessionWindow.Unlock()
	name, _ := windows.UTF16PtrFromString("pong session")
	class := windowClass{name: name, proc: windows.NewCallback(sessionMessage)}
	class.size = uint32(unsafe.Sizeof(class))
	if ok, _, _ := registerClass.Call(uintptr(unsafe.Pointer(&class))); ok == 0 {
		return
	}
	window, _, _ := createWindow.Call(0, uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(name)),
		0, 0, 0, 0, 0, 0, 0, 0, 0)
	if window == 0 {
		return
	}
	thread := windows.GetCurrentThreadId()
	defer context.AfterFunc(ctx, func() { _, _, _ = postThreadMessage.Call(uintptr(thread), wmQuit, 0, 0) })()
	var m windowMessage
	for {
		more, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		if int32(more) <= 0 {
			break
		}
		_, _, _ = dispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
	}
	_, _, _ = destroyWindow.Call(window)
}

// sessionMessage handles a message to the window.
func sessionMessage(window, message, wParam, lParam uintptr) uintptr {
	if message != wmEndSession || wParam == 0 {
		result, _, _ := defWindowProc.Call(window, message, wParam, lParam)
		return result
	}
	sessionWindow.Lock()
	announce, done := sessionWindow.announce, sessionWindow.done
	sessionWindow.Unlock()
	announce()
	select {
	case <-done:
	case <-time.After(sessionEndWithin):
	}
	return 0
}
