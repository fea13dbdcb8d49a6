package ownconsole

import (
	"syscall"
	"unsafe"
)

// given is whether this process was the only one of its console when the package was initialized.
var given = processes() == 1

// processes returns how many processes use the console of this one; 0 means that there is no console.
func processes() uintptr {
	var list [2]uint32
	n, _, _ := syscall.NewLazyDLL("kernel32.dll").NewProc("GetConsoleProcessList").Call(
		uintptr(unsafe.Pointer(&list[0])), uintptr(len(list)))
	return n
}
