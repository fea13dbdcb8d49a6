package dial

import (
	"context"
	"net"
)

// A Transport carries a client's bytes to a server, below TLS and below sealed datagrams: the keys of both always come
// from the TLS connection that runs on its stream, whatever the Transport is.
type Transport interface {
	// Resolve returns the addresses that a HOST:PORT has, for DialStream, in the order in which to try them.
	Resolve(ctx context.Context, address string) ([]string, error)

	// DialStream opens the byte stream on which TLS runs, to one of these addresses.
	DialStream(ctx context.Context, address string) (net.Conn, error)

	// DialDatagrams opens the game channel that belongs to a stream: each Write sends one datagram and each Read
	// receives one. The port is the one that WELCOME names. It is called again for a new channel when nothing arrives
	// any more, for instance because the address of this machine has changed.
	DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error)
}
