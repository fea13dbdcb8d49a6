package main

import (
	"context"
	"log/slog"
	"time"

	"pong/internal/trust"
)

// identityInterval is how often a server checks the folder of its identity for the log. A handshake checks by itself,
// so players do not wait for this.
const identityInterval = 5 * time.Second

// watchIdentity logs each change of the server's identity and certificates once, until ctx is done. A value from reload
// makes it check them at once, and log that.
func watchIdentity(ctx context.Context, s *trust.Server, log *slog.Logger, link func(trust.Fingerprint) string,
	reload <-chan struct{}) {
	look := time.NewTicker(identityInterval)
	defer look.Stop()
	for {
		changes := s.Changes(time.Now())
		if changes.Rotated {
			key := s.Fingerprint()
			log.Info("the server's identity has changed", "fingerprint", key.String(), "link", link(key))
		}
		switch {
		case changes.Warning != nil:
			log.Warn(oneLine(changes.Warning.Error()))
		case changes.Resolved:
			log.Info("the problem with the server's identity or certificates is over")
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		case <-reload:
			log.Info("SIGHUP: the certificates are read again")
		}
	}
}
