package udp

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The constants that macOS has otherwise: see packetinfo_unix.go.
const (
	controlWord     = strconv.IntSize / 8
	requestInetInfo = unix.IP_PKTINFO
)

// sourceIsGone reports whether a datagram may have failed because of the address that it was to be sent from: the
// machine does not have that address any more, or not at that interface. For IPv4, older kernels say EINVAL and newer
// ones ENETUNREACH.
func sourceIsGone(errno syscall.Errno) bool {
	switch errno {
	case unix.EINVAL, unix.EADDRNOTAVAIL, unix.ENODEV, unix.ENETUNREACH:
		return true
	}
	return false
}
