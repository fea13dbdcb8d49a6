package main

import (
	"context"
	"fmt"
	"log/slog"

	"pong/internal/admin"
	"pong/internal/server"
)

// startAdmin serves metrics, health and profiles until stop is called, which is when the server has ended: while it
// ends, it says so there. Beyond this machine there are no profiles, and a warning: that address has neither
// encryption nor a password. It is not refused, because the probes of a container come from outside of it.
func startAdmin(address string, monitor *server.Monitor, log *slog.Logger) (stop func(), err error) {
	listener, private, err := admin.Listen(address)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another with --admin, such as 127.0.0.1:9555", err)
	}
	if !private {
		log.Warn("the admin address can be reached from other machines, without a password: let only your own through, or say --admin 127.0.0.1:9555. Profiles are not served there",
			"address", listener.Addr().String())
	}
	log.Info("admin", "metrics", "http://"+listener.Addr().String()+"/metrics")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := admin.Serve(ctx, listener, monitor, private); err != nil {
			log.Error(err.Error())
		}
	}()
	return func() { cancel(); <-ended }, nil
}
