//go:build unix

package tcp

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// setOption sets an option of TCP on an open connection. It does nothing to a connection that is not one of the system,
// or if the system refuses the option.
func setOption(conn net.Conn, option, value int) {
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			_ = setRawOption(raw, option, value)
		}
	}
}

// setRawOption is setOption for a socket that may not be open yet. Its error is that of the socket.
func setRawOption(raw syscall.RawConn, option, value int) error {
	return raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, option, value) })
}
