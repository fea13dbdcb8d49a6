package main

import (
	"context"
	"time"

	"pong/internal/crash"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
)

// embedded runs a server in this process, on free loopback ports. Clients reach it through sockets like any other
// server; the link names its identity, so they need not ask the person. The server outlives ctx until stop is called:
// on Ctrl-C its players must leave first, or they would report that the server has gone.
func embedded(ctx context.Context, rules game.Rules, seed uint64) (link string, stop func(), err error) {
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		return "", nil, err
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		return "", nil, err
	}
	cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Rules: rules, Auto: true, Seed: seed}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go crash.Guarded(func() {
		defer close(ended)
		_ = server.Serve(ctx, cfg, control, sockets) // it tells its players why it ends
	})()
	link = trust.JoinLink{Address: control.Addr().String(), Key: identity.Fingerprint(), HasKey: true}.String()
	return link, func() { cancel(); <-ended }, nil
}
