package ownconsole

import (
	"syscall"
	"unsafe"
)

// given is whether this process was the only one of its console, and wrote to it, when the package was initialized. A
// program that runs pong, such as a service, may give it a console that nobody sees, with a file or a pipe for the
// output.
var given = processes() == 1 && isConsole(syscall.Stdout)

// processes returns how many processes use the console of this one; 0 means that there is no console.
func processes() uintptr {
	var list [2]uint32
	n, _, _ := syscall.NewLazyDLL("kernel32.dll").NewProc("GetConsoleProcessList").Call(
		uintptr(unsafe.Pointer(&list[0])), uintptr(len(list)))
	return n
}

func isConsole(h syscall.Handle) bool {
	var mode uint32
	return syscall.GetConsoleMode(h, &mode) == nil
}
