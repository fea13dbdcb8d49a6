//go:build !linux

package server

// listenGame opens the socket of a shard.
func listenGame(host string, port int) (Socket, error) {
	conn, err := listenUDP(host, port)
	if err != nil {
		return nil, err
	}
	return OneByOne(conn), nil
}
