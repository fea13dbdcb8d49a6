package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"
)

// leafLife is how long a leaf holds. Browsers take a certificate by its hash
// only if it holds for 14 days at most; one day is left for arithmetic.
//
// leafBackdate is how much of that lies in the past when the leaf is made. A
// player's clock may be wrong by a whole time zone, which is up to 14 hours.
const (
	leafLife     = 13 * 24 * time.Hour
	leafBackdate = 24 * time.Hour
)

// fresh reports whether less than half of a leaf's life has passed. A leaf from
// the future, made before the clock was set back, is not fresh either.
func fresh(leaf *x509.Certificate, now time.Time) bool {
	half := leaf.NotAfter.Sub(leaf.NotBefore) / 2
	return !now.Before(leaf.NotBefore) && now.Before(leaf.NotBefore.Add(half))
}

// makeIdentity returns a new identity, key and certificate in PEM. It has no
// dates worth the name, and so needs no clock: it is as good as its key, and a
// server whose clock was wrong on its first day must not suffer for years.
func makeIdentity() ([]byte, error) {
	text, err := issue(identityTemplate(), nil)
	if err != nil {
		return nil, fmt.Errorf("make an identity: %w", err)
	}
	return text, nil
}

// identityTemplate is what identities and statements about them have in common.
func identityTemplate() *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: identityName},
		NotBefore:             time.Unix(0, 0),
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // "no end", RFC 5280 section 4.1.2.5
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true, // it signs leaves, never another authority but its successor
	}
}

// state makes the statement that an identity's key is that of another one's
// successor: the key of the one, signed by the other.
func signStatement(next *x509.Certificate, old *tls.Certificate) ([]byte, error) {
	template := identityTemplate()
	template.SubjectKeyId = next.SubjectKeyId
	template.AuthorityKeyId = old.Leaf.SubjectKeyId // both have one name, and this tells them apart
	return x509.CreateCertificate(rand.Reader, template, old.Leaf, next.PublicKey, old.PrivateKey)
}

// makeLeaf returns a new leaf, key and certificate in PEM.
func makeLeaf(now time.Time, identity *tls.Certificate, names []string, ips []net.IP) ([]byte, error) {
	start := now.Add(-leafBackdate)
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "Pong server"},
		NotBefore:             start,
		NotAfter:              start.Add(leafLife),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              names,
		IPAddresses:           ips,
	}
	text, err := issue(template, identity)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return text, nil
}

// issue makes a P-256 key and a certificate for it, signed by the issuer or, if
// that is nil, by the key itself.
func issue(template *x509.Certificate, issuer *tls.Certificate) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	parent, signer := template, any(key)
	if issuer != nil {
		parent, signer = issuer.Leaf, issuer.PrivateKey
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = pem.Encode(&text, &pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	if err == nil {
		err = pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	}
	return text.Bytes(), err
}

// subjects returns what a leaf is made out to, sorted: the hosts and whatever
// always means this machine. A host that cannot stand in a certificate is left
// out: our own players know the server by its key.
func subjects(hosts []string) (names []string, ips []net.IP) {
	var addresses []netip.Addr
	for _, host := range append([]string{"localhost", "127.0.0.1", "::1"}, hosts...) {
		host, err := canonicalHost(host)
		if err != nil {
			continue
		}
		if ip, err := netip.ParseAddr(host); err == nil {
			addresses = append(addresses, ip.WithZone("")) // a zone means nothing elsewhere
		} else {
			names = append(names, host)
		}
	}
	slices.Sort(names)
	slices.SortFunc(addresses, netip.Addr.Compare)
	for _, ip := range slices.Compact(addresses) {
		ips = append(ips, ip.AsSlice())
	}
	return slices.Compact(names), ips
}

// madeOutTo reports whether a leaf names exactly these subjects.
func hasSubjects(leaf *x509.Certificate, names []string, ips []net.IP) bool {
	return slices.Equal(leaf.DNSNames, names) && slices.EqualFunc(leaf.IPAddresses, ips, net.IP.Equal)
}
