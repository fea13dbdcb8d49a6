//go:build !linux && !darwin && !windows

package udp

import "net"

// newRoutedConn returns nil: on this system, nothing is known of the addresses that datagrams were sent to.
func newRoutedConn(*net.UDPConn) routedConn { return nil }
