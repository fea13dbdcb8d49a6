// Package trust answers two questions: "who am I?" for a server and "is this the server I mean?" for a player.
//
// # The server
//
// A server has an identity: a key that is made on the first run and kept for years. In TLS it shows a leaf, a
// certificate of at most 13 days that the identity has signed, followed by the certificate of the identity. The leaf
// is renewed while the server runs; players do not notice, because they remember the identity. [OpenIdentity] keeps
// both in a folder, [NewIdentity] in memory only, and [ServerTLS] turns either into a TLS configuration:
//
//	server, err := trust.OpenIdentity("certs", time.Now())
//	listener := tls.NewListener(tcp, trust.ServerTLS(server, time.Now))
//	link := trust.JoinLink{Address: "192.168.1.7:5555", Key: server.Fingerprint(), HasKey: true}
//
// Operators who have a certificate of their own put it into the folder as server.crt and server.key. It is used
// instead.
//
// [Rotate] replaces a server's identity by a new one that the old one vouches for, so that players follow. A running
// server notices changes in its folder at the next handshake; [Server.Changes] returns what its operator should read
// about them.
//
// # The player
//
// A player's program decides in a fixed order, in [Decide]: the fingerprint in the join link must match, and a person
// is asked if another one is stored for the address; else the pin stored for the address must match; else the
// certificate must be valid under the system's roots; else a person is asked. [Pins] is the file of accepted servers,
// and [ClientTLS] applies the decision during the handshake:
//
//	link, err := trust.ParseAddress(trust.FindAddress(typed), trust.DefaultPort)
//	config := trust.ClientTLS(link.Host(), func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
//		return pins.Decide(time.Now(), link.Address, want, peer)
//	})
//
// A handshake that fails with [UnknownError] is the question to the person. If the person accepts, dial again with
// the fingerprint of the error as want, and store it as a pin only when the second handshake has succeeded: the
// fingerprint in the error is only a claim, and a completed handshake proves it. For the same reason [Pins.Follow],
// which moves the pin of a server that has rotated its identity, comes after the handshake.
//
// No option skips the decision. A program that started the server itself passes the server's fingerprint as want, and
// asks nothing.
package trust

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"
)

// Verdict is the outcome of a decision. Its zero value refuses.
type Verdict int

// The verdicts, in growing order of trust.
const (
	Refused Verdict = iota // stop; the error says why and what to do
	Ask                    // nothing is known about the server: a person decides
	Trusted                // continue
)

// Decide judges the certificates that a server shows in TLS, leaf first.
//
// A server whose identity was rotated shows statements that its former identities have signed (see Rotate). A
// fingerprint of a former identity, in a join link or as a pin, is as good as one of the present identity.
// Pins.Follow moves the pin.
//
// The address is what the player dials: host:port or a bare host. Its host name matters only for the system's roots,
// because a known key is stronger evidence than a name, and whether it is one of many networks, see IsLocal. If want is
// not nil, it decides; it comes from a join link or from --trust. If the pin is not nil and differs from it, a person
// must decide between the two, as the error, a *ConflictError, says; at a local address want decides nevertheless.
// Without want a pin alone decides: a different identity is refused even if the system's roots vouch for it. If roots
// is nil, the system's roots are used.
//
// The returned fingerprint is that of the identity which the certificates claim, zero if they are invalid. The error
// is nil exactly if the verdict is not Refused.
//
// Decide does not see the TLS signature that proves possession of the leaf's key. Its verdict counts only once
// Handshake has returned without error.
func Decide(now time.Time, address string, want, pin *Fingerprint, peer []*x509.Certificate,
	roots *x509.CertPool) (Verdict, Fingerprint, error) {
	found, err := identify(now, peer)
	switch {
	case err != nil:
		return Refused, Fingerprint{}, err
	case want != nil && !found.is(*want):
		return Refused, found.key, fmt.Errorf("%s is not the server you were told to expect\n"+
			"  expected %v\n  found    %v\n"+
			"someone may be intercepting the connection, or the link is old: ask the operator for a new one",
			address, *want, found.key)
	case want != nil && pin != nil && !found.is(*pin) && !IsLocal(address):
		return Refused, found.key, &ConflictError{Address: address, Known: *pin, Key: found.key}
	case want != nil:
		return Trusted, found.key, nil
	case pin != nil && !found.is(*pin):
		return Refused, found.key, pinMismatch(address, *pin, found.key)
	case pin != nil:
		return Trusted, found.key, nil
	case trustedByRoots(now, address, peer, roots):
		return Trusted, found.key, nil
	}
	return Ask, found.key, nil
}

// pinMismatch returns the error for a server whose pin does not match. It says what the mismatch may mean, how to
// find out, and the command that removes the pin, in a line of its own so that it can be copied.
func pinMismatch(address string, known, found Fingerprint) error {
	return fmt.Errorf("the server's identity has changed since you last joined it\n"+
		"  known %v\n  found %v\n"+
		"someone may be intercepting the connection, or the server was reinstalled. Compare the one found with the "+
		"one the server prints; only if they are the same, forget the known one and join again\n"+
		"  %s", known, found, Command("pong", "trust", "forget", address))
}

// identityName is the subject of every identity that this package makes. It distinguishes them from certificate
// authorities, which sign for many servers.
const identityName = "Pong server identity"

// A claim is the identity that a server's certificates claim.
type claim struct {
	key    Fingerprint
	former []Fingerprint // its former identities, newest first
	own    bool          // the key is that of an identity of this package, not of a certificate of an operator
}

// is reports whether a fingerprint is the server's, at present or formerly.
func (c claim) is(known Fingerprint) bool { return c.key == known || slices.Contains(c.former, known) }

// identify returns the identity that vouches for a leaf: an identity of this package if one follows the leaf, else
// the leaf's own key. Server and player both call it, so the fingerprint that one prints is the one that the other
// compares.
//
// A certificate authority that is not ours must never count as an identity. Servers often send their public root, and
// a pin on its key would trust every certificate that it has ever signed, for any name.
func identify(now time.Time, peer []*x509.Certificate) (claim, error) {
	if len(peer) == 0 {
		return claim{}, errors.New("the server shows no certificate")
	}
	leaf, anchor := peer[0], peer[0]
	var former []Fingerprint
	if len(peer) > 1 && isIdentity(peer[1]) {
		anchor = peer[1]
		var err error
		if former, err = lineage(now, peer[1:]); err != nil {
			return claim{}, fmt.Errorf("the statements about the server's former identities are invalid: %w", err)
		}
	}
	pool := x509.NewCertPool()
	pool.AddCert(anchor)
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots:         pool,
		Intermediates: x509.NewCertPool(),
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		return claim{}, fmt.Errorf("the server's certificate is valid from %s to %s, but the clock here says %s: "+
			"correct the clock of this machine or the server, or renew the certificate",
			formatTime(leaf.NotBefore), formatTime(leaf.NotAfter), formatTime(now))
	}
	if err != nil {
		return claim{}, fmt.Errorf("the server's certificate does not prove the identity it shows: %w", err)
	}
	return claim{fingerprintOf(anchor), former, anchor != leaf}, nil
}

// isIdentity reports whether a certificate looks like an identity of this package: a certificate authority, as
// CheckSignatureFrom verifies, that has signed itself. Anyone can make one; its key tells which identity it is.
func isIdentity(c *x509.Certificate) bool {
	return c.Subject.CommonName == identityName && c.CheckSignatureFrom(c) == nil
}

// trustedByRoots reports whether the chain is valid for the host's name under the roots.
func trustedByRoots(now time.Time, address string, peer []*x509.Certificate, roots *x509.CertPool) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	if host == "" {
		return false // to Verify, an empty name means any name
	}
	between := x509.NewCertPool()
	for _, c := range peer[1:] {
		between.AddCert(c)
	}
	_, err := peer[0].Verify(x509.VerifyOptions{
		DNSName:       host,
		Roots:         roots,
		Intermediates: between,
		CurrentTime:   now,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return err == nil
}

// formatTime formats a time for comparison by people, in UTC on both sides.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
