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
	endWrites(conn)
	raw := conn.NetConn()
	_ = raw.SetReadDeadline(time.Now().Add(lingerWithin))
	_, _ = io.CopyN(io.Discard, raw, lingerBytes)
}

// endWrites ends what is written to a client. The client can still send.
func endWrites(conn *tls.Conn) {
	_ = conn.CloseWrite()
	if half, ok := conn.NetConn().(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
}

// awaitReader waits until the lines of a client that cannot be written to have been read. Lines that arrived before the
// connection was reset can still be read, and a LEAVE among them frees the seat at once instead of after a minute. It
// returns false if the reader takes too long.
func awaitReader(read <-chan struct{}) bool {
	limit := time.NewTimer(lingerWithin)
	defer limit.Stop()
	select {
	case <-read:
		return true
	case <-limit.C:
		return false
	}
}
