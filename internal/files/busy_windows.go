package files

import (
	"errors"
	"runtime"

	"golang.org/x/sys/windows"
)

// isBusy reports whether an error may be about a file that another process has open, or has just deleted. Windows
// denies access to such a file; missing permissions have the same error.
func isBusy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) ||
		errors.Is(err, windows.ERROR_ACCESS_DENIED)
}

// exclusively calls f while no other goroutine or process of this user does so. If that cannot be had in time, it calls
// f nevertheless.
func exclusively(f func() error) error {
	runtime.LockOSThread() // a thread owns the mutex
	defer runtime.UnlockOSThread()
	name, _ := windows.UTF16PtrFromString(`Local\pong-files`)
	mutex, _ := windows.CreateMutex(nil, false, name)
	if mutex == 0 {
		return f()
	}
	defer windows.CloseHandle(mutex)
	event, err := windows.WaitForSingleObject(mutex, uint32(busyWithin.Milliseconds()))
	if err == nil && (event == windows.WAIT_OBJECT_0 || event == windows.WAIT_ABANDONED) {
		defer windows.ReleaseMutex(mutex)
	}
	return f()
}
