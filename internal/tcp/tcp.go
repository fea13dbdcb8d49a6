// Package tcp opens the TCP connections of the control channel, at either end, with segments that pass every path on
// which the game can be played.
//
// The first message of TLS, with a post-quantum key share, is longer than one segment. There are routers and tunnels
// that drop the segments that are too long for them and send no ICMP message about it, so that TCP repeats the same
// segment until it gives up (RFC 2923 section 2.1). Either end announces the longest segment that it takes when the
// connection is opened, and the other end sends no longer one. A limit at one end thus holds for both directions, and
// players with another program are helped by the server's limit.
package tcp

import (
	"context"
	"net"
	"syscall"

	"pong/internal/exclusive"
)

// MaxSegment is the most bytes that a segment carries, with its TCP options. With the headers of IPv6 and TCP that is
// a packet of 1280 bytes, which every link that carries IPv6 must pass (RFC 8200 section 5).
const MaxSegment = 1220

// Dial opens a connection to a HOST:PORT.
func Dial(ctx context.Context, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Control: beforeOpening}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	afterOpening(conn)
	return conn, nil
}

// Listen listens on a HOST:PORT of a network: tcp, tcp4 or tcp6. The connections send no keep-alives of TCP: the
// control channel has messages of its own for that.
func Listen(ctx context.Context, network, address string) (net.Listener, error) {
	config := net.ListenConfig{KeepAlive: -1, Control: beforeListening}
	config.SetMultipathTCP(false) // its sockets refuse the limit before Linux 6.17
	l, err := config.Listen(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return listener{l}, nil
}

// beforeListening limits the segments of a socket that will listen, and keeps its port from other programs.
func beforeListening(network, address string, c syscall.RawConn) error {
	if err := beforeOpening(network, address, c); err != nil {
		return err
	}
	return exclusive.Control(network, address, c)
}

// A listener limits the segments of the connections that it accepts, where the socket that listens cannot do that.
type listener struct{ net.Listener }

// Accept waits for the next connection.
func (l listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	afterOpening(conn)
	return conn, nil
}
