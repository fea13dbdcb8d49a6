package main

import (
	"context"
	"log/slog"
	"time"

	"pong/internal/trust"
)

// lookEvery is how often a server looks at the folder of its identity for the operator's log. A handshake looks for
// itself, so no player waits for this.
const identityInterval = 5 * time.Second

// watchIdentity logs once what changes about the server's identity and certificates, until ctx is done.
func watchIdentity(ctx context.Context, s *trust.Server, log *slog.Logger, link func(trust.Fingerprint) string) {
	look := time.NewTicker(identityInterval)
	defer look.Stop()
	for {
		changes := s.Changes(time.Now())
		if changes.Rotated {
			key := s.Fingerprint()
			log.Info("the server shows another identity from now on", "fingerprint", key.String(), "link", link(key))
		}
		switch {
		case changes.Warning != nil:
			log.Warn(oneLine(changes.Warning.Error()))
		case changes.Resolved:
			log.Info("the server's identity and certificates are all right again")
		}
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
	}
}
