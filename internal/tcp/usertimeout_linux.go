package tcp

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// SetUserTimeout has the system end a connection if the other end does not acknowledge what was sent to it within a
// time (RFC 5482). Otherwise a line to a client that is gone would be repeated for a quarter of an hour.
func SetUserTimeout(conn net.Conn, within time.Duration) {
	setOption(conn, unix.TCP_USER_TIMEOUT, int(within.Milliseconds()))
}
