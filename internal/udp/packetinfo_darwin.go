package udp

import "golang.org/x/sys/unix"

// What differs from Linux: see packetinfo_unix.go.
const (
	controlWord     = 4
	requestInetInfo = unix.IP_RECVPKTINFO
)
