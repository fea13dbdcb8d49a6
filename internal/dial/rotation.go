package dial

import (
	"crypto/tls"
	"time"

	"pong/internal/client"
	"pong/internal/trust"
)

// followRotation moves the pin of a server that has rotated its identity, and reports it to cfg.Rotated. A pin that
// cannot be moved does not keep anyone from playing: the server proves the same thing the next time.
func followRotation(now time.Time, cfg Config, address string, conn *tls.Conn) {
	if cfg.PinFile == "" {
		return
	}
	moved, err := trust.NewPins(cfg.PinFile).Follow(now, address, conn.ConnectionState().PeerCertificates)
	if moved && cfg.Rotated != nil {
		cfg.Rotated(client.Rotation{Address: address, Err: err})
	}
}
