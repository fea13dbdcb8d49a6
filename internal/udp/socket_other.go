//go:build !linux

package udp

// Listen opens a socket; port 0 is any that is free.
func Listen(host string, port int) (Socket, error) {
	conn, err := listenUDP(host, port)
	if err != nil {
		return nil, err
	}
	return OneByOne(conn), nil
}
