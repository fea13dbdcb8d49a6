package tcp

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// soExclusiveAddrUse is SO_EXCLUSIVEADDRUSE, which golang.org/x/sys does not name: the complement of SO_REUSEADDR.
const soExclusiveAddrUse = ^windows.SO_REUSEADDR

// beforeListening keeps the port of a socket that will listen from other programs. Otherwise Windows lets one program
// listen on all addresses and another one on the same port of a single address.
func beforeListening(_, _ string, c syscall.RawConn) (err error) {
	if failed := c.Control(func(fd uintptr) {
		err = windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, soExclusiveAddrUse, 1)
	}); failed != nil {
		return failed
	}
	return err
}
