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
	"time"
)

// leafLife is how long a leaf is valid. Browsers accept a certificate by its hash only if it is valid for at most 14
// days; one day is kept as a margin.
//
// leafBackdate is how much of that time lies in the past when the leaf is made. A player's clock may be wrong by a
// time zone, up to 14 hours.
const (
	leafLife     = 13 * 24 * time.Hour
	leafBackdate = 24 * time.Hour
)

// fresh reports whether less than half of a leaf's life has passed. A leaf from the future, made before the clock was
// set back, is not fresh either.
func fresh(leaf *x509.Certificate, now time.Time) bool {
	half := leaf.NotAfter.Sub(leaf.NotBefore) / 2
	return !now.Before(leaf.NotBefore) && now.Before(leaf.NotBefore.Add(half))
}

// makeIdentity returns a new identity, its key and certificate in PEM. The certificate never expires and so needs no
// clock: a server whose clock was wrong on its first day must not suffer from it for years.
func makeIdentity() ([]byte, error) {
	text, err := issue(identityTemplate(), nil)
	if err != nil {
		return nil, fmt.Errorf("make an identity: %w", err)
	}
	return text, nil
}

// identityTemplate returns the fields that identities and statements about them have in common.
func identityTemplate() *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: identityName},
		NotBefore:             time.Unix(0, 0),
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // "no end", RFC 5280 section 4.1.2.5
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true, // it signs leaves, and no other authority than its successor
	}
}

// signStatement returns the statement that the key of next is the successor of old: a certificate for the key of next
// that old has signed.
func signStatement(next *x509.Certificate, old *tls.Certificate) ([]byte, error) {
	template := identityTemplate()
	template.SubjectKeyId = next.SubjectKeyId
	template.AuthorityKeyId = old.Leaf.SubjectKeyId // both have the same name; the key ids differ
	return x509.CreateCertificate(rand.Reader, template, old.Leaf, next.PublicKey, old.PrivateKey)
}

// makeLeaf returns a new leaf, its key and certificate in PEM. It names no host: players identify the server by its
// key, and a stranger who connects should not read how the machine and its networks are called.
func makeLeaf(now time.Time, identity *tls.Certificate) ([]byte, error) {
	start := now.Add(-leafBackdate)
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "Pong server"},
		NotBefore:             start,
		NotAfter:              start.Add(leafLife),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	text, err := issue(template, identity)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return text, nil
}

// issue returns a new P-256 key and a certificate for it in PEM. The issuer signs it; if that is nil, the key itself.
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
