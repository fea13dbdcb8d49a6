// Package acme gets a server on the public internet a certificate that everybody's system vouches for, from an
// authority that speaks ACME (RFC 8555), such as Let's Encrypt, and keeps it renewed.
//
// golang.org/x/crypto/acme/autocert does the work. This package is what it takes to use it beside a server's own
// identity: the authority asks for a proof at a port of its own (tls-alpn-01, RFC 8737), and a handshake of a player
// never waits for the authority.
//
//	cert := acme.New(acme.Config{Host: "pong.example.org", Dir: "certs/acme"})
//	go cert.Answer(ctx, port443)            // the authority's questions
//	if err := cert.Get(ctx); err != nil {}  // from disk, else from the authority
//	cert.Show(tlsConfig)                    // to players who have dialled that name
//
// Whoever dials another name, or an address, is shown what the configuration showed before.
package acme

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/semaphore"
)

// Config says what to get, and where.
type Config struct {
	Host      string         // the public name of the server
	Dir       string         // where the account's key and the certificate are kept
	Email     string         // where the authority writes to. If empty, it does not.
	Directory string         // the authority's address. If empty, that of Let's Encrypt.
	Roots     *x509.CertPool // who vouches for the authority's own web server. If nil, the system.
}

// A Certificate is that of one host, renewed by itself while the process runs. It is safe for use by many goroutines.
type Certificate struct {
	cfg     Config
	manager *autocert.Manager
	current atomic.Pointer[tls.Certificate]
}

// New returns a certificate that is yet to be got.
func New(cfg Config) *Certificate {
	cfg.Host = strings.ToLower(strings.TrimSuffix(cfg.Host, "."))
	if cfg.Directory == "" {
		cfg.Directory = autocert.DefaultACMEDirectory
	}
	client := &acme.Client{DirectoryURL: cfg.Directory, UserAgent: "pong"}
	if cfg.Roots != nil {
		client.HTTPClient = &http.Client{Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: cfg.Roots},
		}}
	}
	return &Certificate{cfg: cfg, manager: &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(cfg.Dir), Client: client, Email: cfg.Email,
		HostPolicy: autocert.HostWhitelist(cfg.Host),
	}}
}

// Get takes up the certificate that there is by now: the renewed one, else that of the last time from disk, else a new
// one from the authority, which must reach Answer for it and may take a minute. It is called before the first player
// and every now and then afterwards.
func (c *Certificate) Get(ctx context.Context) error {
	got := make(chan error, 1)
	go func() { // autocert takes no context; its own limit is five minutes
		cert, err := c.manager.GetCertificate(&tls.ClientHelloInfo{
			ServerName:   c.cfg.Host,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, // how autocert is asked for ECDSA
		})
		if err == nil {
			c.current.Store(cert)
		}
		got <- err
	}()
	select {
	case err := <-got:
		if err != nil {
			return fmt.Errorf("certificate for %s from %s: %w", c.cfg.Host, c.cfg.Directory, err)
		}
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Show makes a server's TLS configuration show the certificate to those who have dialled the host.
func (c *Certificate) Show(config *tls.Config) {
	otherwise := config.GetCertificate
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		// The other one also refuses who does not speak the protocol.
		own, err := otherwise(hello)
		if err != nil || !strings.EqualFold(strings.TrimSuffix(hello.ServerName, "."), c.cfg.Host) {
			return own, err
		}
		if cert := c.current.Load(); cert != nil {
			return cert, nil
		}
		return own, nil
	}
}

// Warning returns what an operator should know: that there is no certificate, or that it is near its end, although
// renewals are tried long before and every half hour.
func (c *Certificate) Warning(now time.Time) error {
	cert := c.current.Load()
	if cert == nil {
		return fmt.Errorf("there is no certificate for %s yet", c.cfg.Host)
	}
	leaf := cert.Leaf
	if left := leaf.NotAfter.Sub(now); left < leaf.NotAfter.Sub(leaf.NotBefore)/5 {
		return fmt.Errorf("the certificate for %s ends at %s and could not be renewed: see that %s can be reached from here, and port 443 of %s from there",
			c.cfg.Host, leaf.NotAfter.UTC().Format("2006-01-02 15:04 UTC"), c.cfg.Directory, c.cfg.Host)
	}
	return nil
}

// The bounds of the port at which the authority asks, for anybody can reach it.
const (
	answerWithin = 10 * time.Second
	maxAnswers   = 32
)

// errNoQuestion refuses whoever is not the authority.
var errNoQuestion = errors.New("this port is for " + acme.ALPNProto + " only")

// Answer answers the authority's questions until ctx is done, and then closes the listener.
func (c *Certificate) Answer(ctx context.Context, listener net.Listener) {
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, // RFC 8737 section 4
		NextProtos: []string{acme.ALPNProto},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if !slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
				return nil, errNoQuestion // any other handshake would make autocert ask for a certificate
			}
			return c.manager.GetCertificate(hello)
		},
	}
	places := semaphore.NewWeighted(maxAnswers)
	for {
		conn, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil: // no descriptor is free, or the other side has left
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if !places.TryAcquire(1) {
			conn.Close()
			continue
		}
		go func() {
			defer places.Release(1)
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(answerWithin))
			_ = tls.Server(conn, config).Handshake()
		}()
	}
}
