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

// A DistrustError is returned for a server that has another identity than it should have, or an unknown one. Dialling
// it again does not change that.
type DistrustError struct{ err error }

// Error returns what is wrong and what the person can do.
func (e *DistrustError) Error() string { return e.err.Error() }

// Unwrap returns the decision of package trust.
func (e *DistrustError) Unwrap() error { return e.err }

// dialControl opens the control channel to a server that is trusted. It hangs up on a server that is unknown, or is
// not the one that is stored for its address, asks the person, and dials again if the answer is yes; the server must
// then show the same identity, which is Trust of the Config that is returned.
func dialControl(ctx context.Context, cfg Config) (*tls.Conn, Config, error) {
	link, want, err := cfg.server()
	if err != nil {
		return nil, cfg, err
	}
	cfg = cfg.withPins()
	conn, err := dialTLS(ctx, cfg, link, want)
	if err == nil {
		followRotation(time.Now(), cfg, link.Address, conn)
		if want != nil {
			noteLinkDecided(time.Now(), cfg, link.Address, conn)
		}
		return conn, cfg, nil
	}
	question, key, open := questionOf(err, link.Address)
	if !open || cfg.Ask == nil {
		return nil, cfg, err
	}
	if !cfg.Ask(ctx, question) {
		if ctx.Err() != nil {
			return nil, cfg, context.Cause(ctx)
		}
		return nil, cfg, errors.New("the server was not trusted, so nothing was sent to it")
	}
	cfg.Agreed = question.Known != ""
	if conn, err = dialTLS(ctx, cfg, link, &key); err != nil {
		return nil, cfg, err
	}
	cfg.Trust = key.String()
	cfg.keepPin(time.Now(), link.Address, key)
	return conn, cfg, nil
}

// questionOf returns the question to the person after an error of dialling HOST:PORT, and the identity that the server
// has claimed. open is false if the error leaves nothing to ask.
func questionOf(err error, address string) (q Question, key trust.Fingerprint, open bool) {
	var unknown *trust.UnknownError
	var conflict *trust.ConflictError
	switch {
	case errors.As(err, &unknown):
		return Question{Host: address, Fingerprint: unknown.Key.String()}, unknown.Key, true
	case errors.As(err, &conflict):
		q = Question{Host: address, Fingerprint: conflict.Key.String(), Known: conflict.Known.String()}
		return q, conflict.Key, true
	}
	return q, key, false
}

// noteLinkDecided reports to cfg.LinkDecided that a server is trusted although another one is stored for its address.
func noteLinkDecided(now time.Time, cfg Config, address string, conn *tls.Conn) {
	if cfg.PinFile == "" || cfg.Agreed || cfg.LinkDecided == nil {
		return
	}
	if trust.NewPins(cfg.PinFile).Differ(now, address, conn.ConnectionState().PeerCertificates) {
		cfg.LinkDecided(address)
	}
}

// server returns the address of the server and the fingerprint that it must have, or nil if neither the link nor Trust
// names one.
func (cfg Config) server() (link trust.JoinLink, want *trust.Fingerprint, err error) {
	if link, err = trust.ParseAddress(cfg.Address, trust.DefaultPort); err != nil {
		return link, nil, err
	}
	if cfg.Trust != "" {
		f, err := trust.ParseFingerprint(cfg.Trust)
		if err != nil {
			return link, nil, err
		}
		want = &f
	}
	want, err = link.Want(want)
	return link, want, err
}

// dialTLS opens a stream, and TLS on it if the server's identity is trusted.
func dialTLS(ctx context.Context, cfg Config, link trust.JoinLink, want *trust.Fingerprint) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	raw, err := dialStream(ctx, cfg, link.Address)
	if err != nil {
		return nil, fmt.Errorf("no connection to %s: %w: %s", link.Address, err, hint(err, localAddresses()))
	}
	var pins *trust.Pins // nil has none
	if cfg.PinFile != "" && !cfg.Agreed {
		pins = trust.NewPins(cfg.PinFile)
	}
	distrusted := false
	decide := func(peer []*x509.Certificate) (verdict trust.Verdict, key trust.Fingerprint, err error) {
		verdict, key, err = pins.Decide(time.Now(), link.Address, want, peer)
		distrusted = verdict != trust.Trusted
		return verdict, key, err
	}
	conn := tls.Client(raw, trust.ClientTLS(link.Host(), decide))
	began := time.Now()
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		took := time.Since(began)
		if distrusted {
			err = &DistrustError{err}
		}
		return nil, fmt.Errorf("secure connection to %s: %w", link.Address, explain(err, took))
	}
	return conn, nil
}

// dialStream opens a stream to one of the addresses of a HOST:PORT, within cfg.connectWithin.
func dialStream(ctx context.Context, cfg Config, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, cfg.connectWithin)
	defer cancel()
	known, err := cfg.Transport.Resolve(ctx, address)
	if err != nil {
		return nil, err
	}
	return dialStaggered(ctx, cfg.Transport, cfg.addresses.order(known))
}

// stalledAfter is how long a handshake lasts before its end is put down to the path. A server that is no longer willing
// to wait closes the connection after 5 s, and one that is busy closes it sooner.
const stalledAfter = 4 * time.Second

// accessDenied is the TLS alert with which a server refuses a connection from an address that it does not admit.
const accessDenied = 49

// explain returns the error of a handshake that has failed after a time, with what it means for the person.
func explain(err error, after time.Duration) error {
	var notTLS tls.RecordHeaderError
	var failed *net.OpError
	op := ""
	if errors.As(err, &failed) {
		op = failed.Op
	}
	closed := op == "read" || op == "write" || errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe)
	switch {
	case errors.Is(err, context.DeadlineExceeded), closed && after >= stalledAfter:
		return fmt.Errorf("it accepted TCP, but there was no answer within %v: a router or a VPN on the way may drop "+
			"longer TCP segments (set a smaller MTU, such as 1200, for this machine's network, or try another "+
			"network), it may not be a Pong server, or it is overloaded: %w", after.Truncate(time.Second), err)
	case errors.As(err, &notTLS):
		return fmt.Errorf("it is not a Pong server: %w", err)
	case op == "remote error" && failed.Err.Error() == tls.AlertError(accessDenied).Error():
		return fmt.Errorf("it refused the connection: the operator of this server does not admit your address: %w", err)
	case op == "remote error": // the name that crypto/tls gives to an alert of the other side
		return fmt.Errorf("it refused the connection: it may not be a Pong server, or one of another version: %w", err)
	case closed:
		return &ClosedError{
			fmt.Errorf("it closed the connection: it may not be a Pong server, or it is overloaded: %w", err),
		}
	}
	return err
}
