package server

import (
	"net"

	"golang.org/x/sys/unix"
)

// setUserTimeout has the system end a TCP connection if the client does not acknowledge what was sent to it for
// ackWithin (RFC 5482). Otherwise a line to a client that is gone would be repeated for a quarter of an hour.
func setUserTimeout(conn net.Conn) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(ackWithin.Milliseconds()))
	})
}
