package server

import (
	"crypto/tls"
	"io"
	"time"
)

// The limits for delivering the last line to a client.
const (
	lingerWithin = time.Second
	lingerBytes  = 64 << 10
)

// linger ends a connection after the last line, and for a moment discards what still arrives. If the connection were
// closed with unread bytes the system would reset it, and a reset can overtake the line. No other goroutine may read
// from the connection.
func linger(conn *tls.Conn) {
	raw := conn.NetConn()
	_ = conn.CloseWrite()
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = raw.SetReadDeadline(time.Now().Add(lingerWithin))
	_, _ = io.CopyN(io.Discard, raw, lingerBytes)
}

// awaitReader waits until the lines of a client that cannot be written to have been read. Lines that arrived before the
// connection was reset can still be read, and a LEAVE among them frees the seat at once instead of after a minute.
func awaitReader(read <-chan struct{}) {
	limit := time.NewTimer(lingerWithin)
	defer limit.Stop()
	select {
	case <-read:
	case <-limit.C:
	}
}
