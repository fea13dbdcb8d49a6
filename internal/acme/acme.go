// Package acme obtains a certificate that every system trusts for a server on the public internet, from an authority
// that supports ACME (RFC 8555), such as Let's Encrypt, and renews it.
//
// golang.org/x/crypto/acme/autocert does the work. This package adapts it to a server that also has an identity of
// its own: the authority validates the host at a port of its own (tls-alpn-01, RFC 8737), and a player's handshake
// never waits for the authority.
//
//	cert := acme.New(acme.Config{Host: "pong.example.org", Dir: "certs/acme"})
//	go cert.Answer(ctx, port443)            // answer the authority's validation
//	if err := cert.Get(ctx); err != nil {}  // from disk, otherwise from the authority
//	cert.Show(tlsConfig)                    // to players who dial that name
//
// Players who dial another name, or an address, get the certificate that the configuration had before.
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

// Config says which certificate to obtain, and where from.
type Config struct {
	Host      string         // public name of the server
	Dir       string         // folder of the account's key and the certificate
	Email     string         // address for messages of the authority. If empty, there are none.
	Directory string         // URL of the authority's ACME directory. If empty, that of Let's Encrypt.
	Roots     *x509.CertPool // roots for the authority's own web server. If nil, the system's.
}

// A Certificate is the certificate of one host. It is renewed automatically while the process runs. It is safe for
// concurrent use.
type Certificate struct {
	cfg     Config
	manager *autocert.Manager
	current atomic.Pointer[tls.Certificate]
}

// New returns a Certificate that has not been obtained yet.
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

// Get loads the newest certificate: a renewed one, else the one on disk, else a new one from the authority. The
// authority must reach Answer for that, and may take a minute. Call Get before the first player joins and regularly
// afterwards.
func (c *Certificate) Get(ctx context.Context) error {
	got := make(chan error, 1)
	go func() { // autocert takes no context; its own limit is five minutes
		cert, err := c.manager.GetCertificate(&tls.ClientHelloInfo{
			ServerName:   c.cfg.Host,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}, // tells autocert to use ECDSA
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

// Show makes a server's TLS configuration show the certificate to clients that dial the host.
func (c *Certificate) Show(config *tls.Config) {
	otherwise := config.GetCertificate
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		// The other function also refuses clients of other protocols.
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

// Warning returns an error that the operator should know about: there is no certificate, or it expires soon although
// renewal is tried long before and every half hour.
func (c *Certificate) Warning(now time.Time) error {
	cert := c.current.Load()
	if cert == nil {
		return fmt.Errorf("there is no certificate for %s yet", c.cfg.Host)
	}
	leaf := cert.Leaf
	if left := leaf.NotAfter.Sub(now); left < leaf.NotAfter.Sub(leaf.NotBefore)/5 {
		return fmt.Errorf("the certificate for %s expires at %s and could not be renewed: make sure that this "+
			"machine can reach %s, and that the authority can reach port 443 of %s",
			c.cfg.Host, leaf.NotAfter.UTC().Format("2006-01-02 15:04 UTC"), c.cfg.Directory, c.cfg.Host)
	}
	return nil
}

// Limits of the port for the authority's validation, which anyone can reach.
const (
	answerWithin = 10 * time.Second
	maxAnswers   = 32
)

// errNotValidation is the error for handshakes that are not the authority's validation.
var errNotValidation = errors.New("this port is for " + acme.ALPNProto + " only")

// Answer answers the authority's validation requests until ctx is done, and then closes the listener.
func (c *Certificate) Answer(ctx context.Context, listener net.Listener) {
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, // RFC 8737 section 4
		NextProtos: []string{acme.ALPNProto},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			if !slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
				return nil, errNotValidation // any other handshake would make autocert request a certificate
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
		case err != nil: // no descriptor is free, or the peer has gone
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
