package dial

import (
	"context"
	"fmt"
	"net"
	"strconv"
)

// A Transport carries a client's bytes to a server, below TLS and below sealed datagrams: the keys of both always come
// from the TLS connection that runs on its stream, whatever the Transport is.
type Transport interface {
	// DialStream opens the byte stream on which TLS runs, to an address of the form HOST:PORT.
	DialStream(ctx context.Context, address string) (net.Conn, error)

	// DialDatagrams opens the game channel that belongs to a stream: each Write sends one datagram and each Read
	// receives one. The port is the one that WELCOME names. It is called again for a new channel when nothing arrives
	// any more, for instance because the address of this machine has changed.
	DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error)
}

// System is the Transport of the operating system: TCP and UDP.
type System struct {
	Via string // HOST:PORT to send game traffic to. If empty, the server's IP address and the port that WELCOME names.
}

// DialStream opens a TCP connection.
func (System) DialStream(ctx context.Context, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

// DialDatagrams opens a UDP socket.
func (s System) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	address := s.Via
	if address == "" {
		host, _, err := net.SplitHostPort(stream.RemoteAddr().String())
		if err != nil {
			return nil, err
		}
		address = net.JoinHostPort(host, strconv.Itoa(port))
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", address)
	if err != nil {
		return nil, fmt.Errorf("to %s: %w", address, err)
	}
	return conn, nil
}
