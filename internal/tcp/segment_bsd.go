//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package tcp

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// beforeOpening does nothing: these systems refuse a limit above their default of 512 bytes on a socket that is not
// connected, and announce the segments of their interface whatever the limit is.
func beforeOpening(_, _ string, _ syscall.RawConn) error { return nil }

// afterOpening limits the segments that a connection sends. Those that it receives are limited by the other end.
func afterOpening(conn net.Conn) { setOption(conn, unix.TCP_MAXSEG, MaxSegment) }
