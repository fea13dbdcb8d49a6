//go:build !linux && !darwin && !dragonfly && !freebsd && !netbsd && !openbsd

package tcp

import (
	"net"
	"syscall"
)

// beforeOpening does nothing: Windows has no limit that can be set. The limit of the other end holds for both
// directions.
func beforeOpening(_, _ string, _ syscall.RawConn) error { return nil }

// afterOpening does nothing.
func afterOpening(net.Conn) {}
