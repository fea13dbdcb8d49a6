// Package trust answers two questions: "who am I?" for a server and "is this
// the server I mean?" for a player.
//
// # The server
//
// A server has an identity: a key made on the first run and kept for years.
// What it shows in TLS is a leaf, a certificate of at most 13 days that the
// identity has signed, followed by the certificate of the identity itself. The
// leaf is renewed while the server runs; players never notice, for they
// remember the identity. [OpenIdentity] keeps both in a folder, [NewIdentity]
// in memory only, and [ServerTLS] turns either into a TLS configuration:
//
//	server, err := trust.OpenIdentity("certs", time.Now(), hosts)
//	listener := tls.NewListener(tcp, trust.ServerTLS(server, time.Now))
//	link := trust.JoinLink{Address: "192.168.1.7:5555", Key: server.Fingerprint(), HasKey: true}
//
// An operator who has a certificate of his own puts it beside them, as
// server.crt and server.key, and it is used instead.
//
// [Rotate] gives a server another identity that the one before vouches for, and
// players follow. A server that runs notices what changes in its folder at the
// next handshake; what its operator should read of it is in [Server.News].
//
// # The player
//
// A player's program decides in a fixed order, in [Decide]: the fingerprint in
// the join link must match; else the pin stored for that address must match;
// else the certificate must lead to the roots of the system; else a person is
// asked. [Pins] is the file of what was answered, and [ClientTLS] carries the
// decision out during the handshake:
//
//	link, err := trust.ParseAddress(typed, trust.DefaultPort)
//	config := trust.ClientTLS(link.Host(), func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
//		return pins.Decide(time.Now(), link.Address, want, peer)
//	})
//
// A handshake that fails with [UnknownError] is the question. After a yes, dial
// again with the fingerprint of that error as want, and store it as a pin only
// when that second handshake has returned: the fingerprint in the error is what
// the other side claims, and a finished handshake is what proves it. For the
// same reason [Pins.Follow], which moves the pin of a server that has rotated,
// comes after the handshake.
//
// There is no flag that skips the decision. A program that started the server
// itself passes the server's fingerprint as want and needs no question.
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
	Ask                    // nothing speaks for or against it: a person decides
	Trusted                // go on
)

// Decide judges the certificates a server shows in TLS, leaf first.
//
// A server may have changed its identity, and show statements signed by the
// former ones (see Rotate). Who knows one of those then knows the server: a
// fingerprint of before is as good as the present one, in a link and as a pin.
// Pins.Follow moves the pin.
//
// The address is what the player dials, host:port or a bare host; only the
// roots of the system are asked about its host name, for a known key is worth
// more than a name. If want is not nil, it comes from a join link or from
// --trust, and alone decides. Else pin, if not nil, alone decides: a different
// identity is a hard stop even when the system's roots would vouch for it. If
// roots is nil, those of the system are used.
//
// The fingerprint is that of the identity which the certificates claim; it is
// zero when they make no sense. The error is nil exactly when the verdict is
// not Refused.
//
// Decide does not see the TLS signature that proves the possession of the
// leaf's key. Its word counts only once Handshake has returned without error.
func Decide(now time.Time, address string, want, pin *Fingerprint, peer []*x509.Certificate, roots *x509.CertPool) (Verdict, Fingerprint, error) {
	found, err := identify(now, peer)
	switch {
	case err != nil:
		return Refused, Fingerprint{}, err
	case want != nil && !found.is(*want):
		return Refused, found.key, fmt.Errorf("%s is not the server you were told to expect\n"+
			"  expected %v\n  found    %v\n"+
			"somebody may be in between, or the link is old: ask the operator for a new one", address, *want, found.key)
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

// changed is the refusal of a server whose pin does not match. It is not the
// end: what it may mean, how to find out and the command that is the way on are
// in it, the command in a line of its own so that it can be typed as it stands.
func pinMismatch(address string, known, found Fingerprint) error {
	return fmt.Errorf("the identity has changed since you joined this server last\n"+
		"  known %v\n  found %v\n"+
		"somebody may be in between, or the server was installed anew. Compare what was found with the fingerprint that the server prints; "+
		"only if they are the same, forget the old one and join again\n"+
		"  pong trust forget %s", known, found, address)
}

// identityName is the subject of every identity that this package makes. It
// sets them apart from certificate authorities that sign for many servers.
const identityName = "Pong server identity"

// A claim is who a server says it is, by its certificates.
type claim struct {
	key    Fingerprint
	former []Fingerprint // who it was before, newest first
}

// is reports whether a fingerprint is the server's, now or from before.
func (c claim) is(known Fingerprint) bool { return c.key == known || slices.Contains(c.former, known) }

// identify returns the identity that vouches for a leaf: our identity when it
// stands behind the leaf, else the leaf's own key. The server and the player
// both use it, so they cannot disagree on what is printed and what is compared.
//
// An authority that is not ours must never count as an identity. Servers often
// send their public root along, and a pin on its key would trust every
// certificate it has ever signed, for any name.
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
			return claim{}, fmt.Errorf("the server's lineage, which says who it was before, does not hold: %w", err)
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
		return claim{}, fmt.Errorf("the server's certificate holds from %s to %s, and the clock here says %s: set the clock right, here or there, or renew the certificate",
			formatTime(leaf.NotBefore), formatTime(leaf.NotAfter), formatTime(now))
	}
	if err != nil {
		return claim{}, fmt.Errorf("the server's certificate does not prove the identity it shows: %w", err)
	}
	return claim{fingerprintOf(anchor), former}, nil
}

// isIdentity reports whether a certificate is an identity as this package makes
// them: an authority (CheckSignatureFrom sees to that) signed by itself. Anybody
// can make one that looks so; what counts is whose key it is.
func isIdentity(c *x509.Certificate) bool {
	return c.Subject.CommonName == identityName && c.CheckSignatureFrom(c) == nil
}

// rooted reports whether the chain leads to the roots for the host's name.
func trustedByRoots(now time.Time, address string, peer []*x509.Certificate, roots *x509.CertPool) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	if host == "" {
		return false // Verify takes an empty name for "any name"
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

// stamp writes a time as people compare it, in one zone for both sides.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
