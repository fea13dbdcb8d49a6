package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"pong/internal/admin"
	"pong/internal/crash"
	"pong/internal/server"
)

// An adminPort is the open port of --admin. It is opened before the server prints its join link, so that a port in use
// is an error before a friend gets the link.
type adminPort struct {
	listener net.Listener
	private  bool // only this machine can reach it
}

func openAdmin(address string) (*adminPort, error) {
	listener, private, err := admin.Listen(address)
	if err != nil {
		return nil, fmt.Errorf("%w: choose another with --admin, such as 127.0.0.1:9555", err)
	}
	return &adminPort{listener, private}, nil
}

// start serves metrics, health and profiles until stop is called, so that the endpoint still answers while the
// server ends. At an address that other machines can reach it serves no profiles and logs a warning, because the
// endpoint has neither encryption nor a password. It is allowed, because the health checks of a container come from
// outside.
func (p *adminPort) start(monitor *server.Monitor, log *slog.Logger) (stop func()) {
	if !p.private {
		log.Warn("other machines can reach the admin address without a password: restrict it with a firewall, or "+
			"use --admin 127.0.0.1:9555. Profiles are not served",
			"address", p.listener.Addr().String())
	}
	log.Info("admin", "metrics", "http://"+p.listener.Addr().String()+"/metrics")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go crash.Guarded(func() {
		defer close(ended)
		if err := admin.Serve(ctx, p.listener, monitor, p.private); err != nil {
			log.Error(err.Error())
		}
	})()
	return func() { cancel(); <-ended }
}
