package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pong/internal/admin"
	"pong/internal/crash"
	"pong/internal/server"
	"pong/internal/trust"
)

// defaultAdmin is the address of --admin in examples, and the one that pong admin uses by default.
const defaultAdmin = "127.0.0.1:9555"

// adminFlags are the flags of pong serve about its admin address.
type adminFlags struct {
	address string
	hosts   []string
	token   string
	pprof   bool
}

func (f *adminFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.address, "admin", "",
		"HOST:PORT for metrics, health and pong admin over HTTP, such as "+defaultAdmin+" (default none)")
	fl.StringSliceVar(&f.hosts, "admin-host", nil,
		"a name under which --admin can be used, besides IP addresses and localhost; can be repeated")
	fl.StringVar(&f.token, "admin-token", "",
		"file of the token for pong admin, made if missing (default "+trust.TokenFile+" in the folder of --certs)")
	fl.BoolVar(&f.pprof, "pprof", false, "serve profiles at --admin, to this machine alone")
}

// check refuses invalid flags.
func (f *adminFlags) check(cmd *cobra.Command) error {
	if f.address == "" {
		for _, name := range []string{"admin-host", "admin-token", "pprof"} {
			if cmd.Flags().Changed(name) {
				return usage(cmd, "--%s needs --admin, such as --admin %s", name, defaultAdmin)
			}
		}
		return nil
	}
	if _, port, err := net.SplitHostPort(f.address); err != nil || port == "" {
		return usage(cmd, "--admin %q: must be HOST:PORT, such as %s", f.address, defaultAdmin)
	}
	return nil
}

// An adminPort is the open port of --admin. It is opened before the server prints its join link, so that a port in use
// is an error before a friend gets the link.
type adminPort struct {
	listener net.Listener
	private  bool // only this machine can reach it
	cfg      admin.Config
	token    string // the file of the token
	missing  error  // why there is no token, and so there are no actions
}

// open opens the port of --admin, and the file of the token. A token that others could read is an error. If the file
// cannot be made, as in a read-only folder, there are metrics and no actions.
func (f *adminFlags) open(certs string) (*adminPort, error) {
	p := &adminPort{token: f.token, cfg: admin.Config{Hosts: f.hosts, Profiles: f.pprof}}
	if p.token == "" {
		p.token = filepath.Join(certs, trust.TokenFile)
	}
	token, err := trust.OpenToken(p.token)
	switch {
	case errors.Is(err, trust.ErrNoToken):
		p.missing = err
	case err != nil:
		return nil, fmt.Errorf("admin token: %w", err)
	}
	p.cfg.Token = token
	if p.listener, p.private, err = admin.Listen(f.address); err != nil {
		return nil, fmt.Errorf("%w: choose another with --admin, such as %s", err, defaultAdmin)
	}
	return p, nil
}

// start serves metrics, health and actions until stop is called, so that the endpoint still answers while the server
// ends. At an address that other machines can reach it logs a warning, because the endpoint has no encryption. It is
// allowed, because the health checks of a container come from outside.
func (p *adminPort) start(monitor *server.Monitor, log *slog.Logger) (stop func()) {
	if !p.private {
		log.Warn("other machines can reach the metrics without a password: restrict the address with a firewall, or "+
			"use --admin "+defaultAdmin+". Profiles and pong admin are for this machine alone",
			"address", p.listener.Addr().String())
	}
	if p.missing != nil {
		log.Warn("pong admin cannot be used, because there is no token", "err", p.missing.Error())
	}
	log.Info("admin", "metrics", "http://"+p.listener.Addr().String()+"/metrics", "token", p.token)
	p.cfg.Monitor, p.cfg.Log = monitor, log
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go crash.Guarded(func() {
		defer close(ended)
		if err := admin.Serve(ctx, p.listener, p.cfg); err != nil {
			log.Error(err.Error())
		}
	})()
	return func() { cancel(); <-ended }
}
