//go:build !linux

package udp

import "net"

// Listen opens a socket. With port 0 the system chooses a free port.
func Listen(host string, port int) (Socket, error) {
	conn, err := listenUDP(host, port)
	if err != nil {
		return nil, err
	}
	return NewSocket(conn), nil
}

// ListenIPv4 opens an IPv4 socket on all addresses of the machine, on a free port, with receive and send buffers of the
// given size, or as much of it as the system allows.
func ListenIPv4(buffer int) (Socket, error) {
	conn, err := net.ListenUDP("udp4", nil)
	if err != nil {
		return nil, err
	}
	_ = conn.SetReadBuffer(buffer)
	_ = conn.SetWriteBuffer(buffer)
	return NewSocket(conn), nil
}
