package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"pong/internal/trust"
)

// dialWithin is how long TCP and TLS may take together, and then the WELCOME.
const dialWithin = 10 * time.Second

// A DistrustError says that a server is not who it should be, or that nobody knows it: to dial it again changes nothing.
type DistrustError struct{ err error }

// Error says what is wrong and what to do.
func (e *DistrustError) Error() string { return e.err.Error() }

// Unwrap returns the decision.
func (e *DistrustError) Unwrap() error { return e.err }

// dialControl opens the control channel to a server that is trusted. An unknown server is left at once, the person
// asked, and on a yes the server dialled again: it must then show the same identity. The Config that comes back says so.
func dialControl(ctx context.Context, cfg Config) (*tls.Conn, Config, error) {
	link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort)
	if err != nil {
		return nil, cfg, err
	}
	var named *trust.Fingerprint
	if cfg.Trust != "" {
		f, err := trust.ParseFingerprint(cfg.Trust)
		if err != nil {
			return nil, cfg, err
		}
		named = &f
	}
	want, err := link.Want(named)
	if err != nil {
		return nil, cfg, err
	}
	conn, err := dialTLS(ctx, cfg, link, want)
	var unknown *trust.UnknownError
	if err == nil {
		followRotation(time.Now(), cfg, link.Address, conn)
	}
	if !errors.As(err, &unknown) || cfg.Ask == nil {
		return conn, cfg, err
	}
	if !cfg.Ask(ctx, Question{Host: link.Address, Fingerprint: unknown.Key.String()}) {
		if ctx.Err() != nil {
			return nil, cfg, context.Cause(ctx)
		}
		return nil, cfg, errors.New("the server was not trusted, so nothing was sent to it")
	}
	if conn, err = dialTLS(ctx, cfg, link, &unknown.Key); err != nil {
		return nil, cfg, err
	}
	cfg.Trust = unknown.Key.String()
	if cfg.PinFile != "" {
		pin := trust.Pin{Address: link.Address, Key: unknown.Key, Date: time.Now()}
		if err := trust.NewPins(cfg.PinFile).Store(pin); err != nil {
			conn.Close()
			return nil, cfg, fmt.Errorf("keep the server's identity: %w", err)
		}
	}
	return conn, cfg, nil
}

func dialTLS(ctx context.Context, cfg Config, link trust.JoinLink, want *trust.Fingerprint) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	raw, err := cfg.Transport.DialStream(ctx, link.Address)
	if err != nil {
		return nil, fmt.Errorf("no connection to %s: %w: is the server running there, and does its firewall let its TCP and UDP ports through?",
			link.Address, err)
	}
	var pins *trust.Pins // nil has none
	if cfg.PinFile != "" {
		pins = trust.NewPins(cfg.PinFile)
	}
	distrusted := false
	decide := func(peer []*x509.Certificate) (verdict trust.Verdict, key trust.Fingerprint, err error) {
		verdict, key, err = pins.Decide(time.Now(), link.Address, want, peer)
		distrusted = verdict != trust.Trusted
		return verdict, key, err
	}
	conn := tls.Client(raw, trust.ClientTLS(link.Host(), decide))
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		if distrusted {
			err = &DistrustError{err}
		}
		return nil, fmt.Errorf("secure connection to %s: %w", link.Address, explain(err))
	}
	return conn, nil
}

// explain says what a failed handshake means for the person.
func explain(err error) error {
	var notTLS tls.RecordHeaderError
	var failed *net.OpError
	op := ""
	if errors.As(err, &failed) {
		op = failed.Op
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %v: it may not be a Pong server, or an overloaded one", dialWithin)
	case errors.As(err, &notTLS):
		return fmt.Errorf("it is not a Pong server: %w", err)
	case op == "remote error": // so crypto/tls calls an alert of the other side
		return fmt.Errorf("it refused us: it may not be a Pong server, or one of another version: %w", err)
	case op == "read", op == "write", errors.Is(err, io.EOF):
		return fmt.Errorf("it hung up: it may not be a Pong server, or an overloaded one: %w", err)
	}
	return err
}
