package server

import (
	"crypto/tls"
	"errors"
	"io"
	"os"
	"time"
)

// How long and for how many bytes the last word to a refused one is kept from being cut off.
const (
	lingerWithin = time.Second
	lingerBytes  = 64 << 10
)

// linger ends a connection on which nothing more will be said, and throws away what still comes for a moment. To close
// it with bytes unread would make the system reset it, and a reset can overtake the ERROR that says why. Nobody else
// may read from the connection.
func linger(conn *tls.Conn) {
	raw := conn.NetConn()
	_ = conn.CloseWrite()
	if half, ok := raw.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = raw.SetReadDeadline(time.Now().Add(lingerWithin))
	_, _ = io.CopyN(io.Discard, raw, lingerBytes)
}

// awaitReader waits until the lines of a player who cannot be written to any more have been read: what was sent before the
// connection was reset is still there, and a LEAVE among it frees the seat at once instead of after a minute.
func awaitReader(read <-chan struct{}) {
	limit := time.NewTimer(lingerWithin)
	defer limit.Stop()
	select {
	case <-read:
	case <-limit.C:
	}
}

// closeReason says in a report, and to the other player, why a control connection has ended.
func closeReason(err error) string {
	switch {
	case errors.Is(err, errLine):
		return "broke the rules of the control channel"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "said nothing on the control channel for too long"
	}
	return "closed the connection"
}
