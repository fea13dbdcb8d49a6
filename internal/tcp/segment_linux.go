package tcp

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// beforeOpening limits the segments of a socket that will connect or listen. Connections that are accepted inherit the
// limit. A system that refuses the option leaves segments as they are, which suffices on most paths.
func beforeOpening(_, _ string, c syscall.RawConn) error {
	return setRawOption(c, unix.TCP_MAXSEG, MaxSegment)
}

// afterOpening does nothing: the limit has been set before.
func afterOpening(net.Conn) {}
