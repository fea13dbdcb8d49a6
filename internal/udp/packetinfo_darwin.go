package udp

import "golang.org/x/sys/unix"

// The constants that Linux has otherwise: see packetinfo_unix.go.
const (
	controlWord     = 4
	requestInetInfo = unix.IP_RECVPKTINFO
)
