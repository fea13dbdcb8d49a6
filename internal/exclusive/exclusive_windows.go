// Package exclusive keeps the port of a socket that will listen from other programs.
package exclusive

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// Option is SO_EXCLUSIVEADDRUSE, which golang.org/x/sys does not name: the complement of SO_REUSEADDR.
const Option = ^windows.SO_REUSEADDR

// Control is for net.ListenConfig. Without it Windows lets one program listen on all addresses and another one on the
// same port of a single address.
func Control(_, _ string, c syscall.RawConn) (err error) {
	if failed := c.Control(func(fd uintptr) {
		err = windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, Option, 1)
	}); failed != nil {
		return failed
	}
	return err
}
