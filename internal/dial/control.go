package dial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
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

// dialTLS opens a stream to one of the addresses of a link, and TLS on it if the server's identity is trusted. It dials
// them as dialStaggered does. An address at which another server answers counts as one that fails, so the others go on.
// The first address of the link is the one for which a fingerprint is stored, whichever address has answered.
func dialTLS(ctx context.Context, cfg Config, link trust.JoinLink, want *trust.Fingerprint) (*tls.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	addresses := cfg.addresses.orderLink(link.Addresses())
	conn, errs := stagger(ctx, len(addresses), func(ctx context.Context, n int) (*tls.Conn, error) {
		return dialAddress(ctx, cfg, addresses[n], link.Address, want)
	})
	return conn, mostUseful(errs)
}

// mostUseful returns the error to report if all addresses of a link have failed: one that the person can decide about,
// else the first that is not about another server's identity, else the first. Nil if there is none.
func mostUseful(errs []error) error {
	if len(errs) < 2 {
		return errors.Join(errs...)
	}
	for _, err := range errs {
		if _, _, open := questionOf(err, ""); open {
			return err
		}
	}
	isPlain := func(err error) bool { return !errors.As(err, new(*DistrustError)) && !isNoRoute(err) }
	first := max(slices.IndexFunc(errs, isPlain), 0)
	return fmt.Errorf("%w (nor does any other address of the link lead to the server: %d)", errs[first], len(errs)-1)
}

// dialAddress opens a stream to a HOST:PORT, and TLS on it if the server is trusted as the one with the pin of another
// HOST:PORT, or the same.
func dialAddress(ctx context.Context, cfg Config, address, pinned string, want *trust.Fingerprint) (*tls.Conn, error) {
	raw, err := dialStream(ctx, cfg, address)
	if err != nil {
		return nil, fmt.Errorf("no connection to %s: %w: %s", address, err, hint(err, localAddresses()))
	}
	var pins *trust.Pins // nil has none
	if cfg.PinFile != "" && !cfg.Agreed {
		pins = trust.NewPins(cfg.PinFile)
	}
	distrusted := false
	decide := func(peer []*x509.Certificate) (verdict trust.Verdict, key trust.Fingerprint, err error) {
		verdict, key, err = pins.Decide(time.Now(), pinned, want, peer)
		distrusted = verdict != trust.Trusted
		return verdict, key, err
	}
	conn := tls.Client(raw, trust.ClientTLS(trust.JoinLink{Address: address}.Host(), decide))
	began := time.Now()
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		took := time.Since(began)
		if distrusted {
			err = &DistrustError{err}
		}
		return nil, fmt.Errorf("secure connection to %s: %w", address, explain(err, took))
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
	return dialStaggered(ctx, cfg.Transport, cfg.addresses.order(address, known))
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
