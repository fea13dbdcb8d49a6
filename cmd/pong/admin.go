package main

import (
	"context"
	"fmt"
	"log/slog"

	"pong/internal/admin"
	"pong/internal/server"
)

// startAdmin serves metrics, health and profiles until stop is called, so that the endpoint still answers while the
// server ends. At an address that other machines can reach it serves no profiles and logs a warning, because the
// endpoint has neither encryption nor a password. It is allowed, because the health checks of a container come from
// outside.
func startAdmin(address string, monitor *server.Monitor, log *slog.Logger) (stop func(), err error) {
	listener, private, err := admin.Listen(address)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another with --admin, such as 127.0.0.1:9555", err)
	}
	if !private {
		log.Warn("other machines can reach the admin address without a password: restrict it with a firewall, or "+
			"use --admin 127.0.0.1:9555. Profiles are not served",
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
