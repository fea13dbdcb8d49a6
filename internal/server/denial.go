package server

import (
	"net"
	"time"

	"golang.org/x/sync/semaphore"
)

// The limits on connections that are closed because their addresses are not admitted.
const (
	maxDenials   = 64
	denialWithin = time.Second
)

// accessDenied is a TLS record with the alert access_denied, by which a client knows why it is not admitted.
var accessDenied = []byte{21, 3, 3, 0, 2, 2, 49}

// denials close connections from addresses that are not admitted. Nothing is read from them or computed for them.
type denials struct{ open *semaphore.Weighted }

func newDenials() denials { return denials{semaphore.NewWeighted(maxDenials)} }

// close sends a client why it is not admitted, and closes the connection a moment later: the first bytes of the client
// would make the system reset a connection that is closed, and the reset can overtake the alert. If there are too many
// such connections it is closed at once.
func (d denials) close(conn net.Conn) {
	_ = conn.SetWriteDeadline(time.Now().Add(time.Millisecond)) // an empty send buffer takes it without a wait
	_, _ = conn.Write(accessDenied)
	if !d.open.TryAcquire(1) {
		conn.Close()
		return
	}
	time.AfterFunc(denialWithin, func() {
		conn.Close()
		d.open.Release(1)
	})
}
