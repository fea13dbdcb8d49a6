package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/acme"
	"pong/internal/crash"
	"pong/internal/files"
	"pong/internal/server"
)

// acmeFlags are the flags of pong serve for a certificate from a public authority.
type acmeFlags struct {
	host      string
	email     string
	directory string
	ca        string
	port      int
}

func (f *acmeFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.host, "acme", "",
		"public host name for a certificate from Let's Encrypt, whose terms of service you accept")
	fl.StringVar(&f.email, "acme-email", "", "email address for messages from the authority")
	fl.StringVar(&f.directory, "acme-directory", "", "https URL of another authority's ACME directory")
	fl.StringVar(&f.ca, "acme-ca", "",
		"file of root certificates (PEM) for that directory, if the system does not trust it")
	fl.IntVar(&f.port, "acme-port", 443,
		"TCP port for the authority's validation, which it must reach at port 443 of the host")
}

// check refuses invalid flags.
func (f *acmeFlags) check(cmd *cobra.Command) error {
	if f.host == "" {
		if f.email+f.directory+f.ca != "" || cmd.Flags().Changed("acme-port") {
			return usage(cmd, "--acme is missing: it names the host of the certificate")
		}
		return nil
	}
	host, err := parseHost(f.host)
	if err != nil {
		return usage(cmd, "--acme: %w", err)
	}
	f.host = host
	if net.ParseIP(host) != nil || !strings.Contains(host, ".") {
		return usage(cmd, "--acme %q: must be a public host name, such as pong.example.org", host)
	}
	if u, err := url.Parse(f.directory); f.directory != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return usage(cmd, "--acme-directory %q: must be an https URL", f.directory)
	}
	if f.port < 0 || f.port > 65535 {
		return usage(cmd, "port %d: must be from 1 to 65535, or 0 for a free port", f.port)
	}
	return nil
}

// firstCertificateTimeout is how long a server waits for its first certificate.
const firstCertificateTimeout = 2 * time.Minute

// renewInterval is how often a server checks for a renewed certificate.
const renewInterval = 15 * time.Second

// enable obtains the certificate and makes the server show it. It is renewed until ctx is done.
func (f *acmeFlags) enable(ctx context.Context, listen, certs string, config *tls.Config, log *slog.Logger) error {
	if f.host == "" {
		return nil
	}
	cfg := acme.Config{Host: f.host, Dir: filepath.Join(certs, "acme"), Email: f.email, Directory: f.directory}
	if f.ca != "" {
		text, err := files.Read(f.ca)
		if err != nil {
			return fmt.Errorf("--acme-ca: %w", err)
		}
		if cfg.Roots = x509.NewCertPool(); !cfg.Roots.AppendCertsFromPEM(text) {
			return fmt.Errorf("--acme-ca: %s contains no certificate in PEM", f.ca)
		}
	}
	port, err := server.ListenTCP(net.JoinHostPort(listen, strconv.Itoa(f.port)))
	if err != nil {
		return fmt.Errorf("port for the certificate authority: %w: choose another with --acme-port, and forward "+
			"port 443 of %s to it", err, f.host)
	}
	cert := acme.New(cfg)
	go crash.Guarded(func() { cert.Answer(ctx, port) })()
	fmt.Fprintf(os.Stderr, "pong: obtaining the certificate for %s, which may take a minute\n", f.host)
	first, cancel := context.WithTimeoutCause(ctx, firstCertificateTimeout,
		fmt.Errorf("no certificate within %v", firstCertificateTimeout))
	defer cancel()
	if err := cert.Get(first); err != nil {
		if ctx.Err() != nil {
			return err
		}
		return fmt.Errorf("%w: the authority must be able to reach this machine at port 443 of %s, and this "+
			"machine the authority", err, f.host)
	}
	cert.Show(config)
	go crash.Guarded(func() { renew(ctx, cert, log) })()
	return nil
}

// renew loads renewed certificates, and warns the operator once if renewal fails.
func renew(ctx context.Context, cert *acme.Certificate, log *slog.Logger) {
	every := time.NewTicker(renewInterval)
	defer every.Stop()
	for warned := ""; ; {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		err := errors.Join(cert.Get(ctx), cert.Warning(time.Now()))
		if ctx.Err() != nil {
			return
		}
		now := ""
		if err != nil {
			now = oneLine(err.Error())
		}
		if now != warned && now != "" {
			log.Warn(now)
		}
		warned = now
	}
}
