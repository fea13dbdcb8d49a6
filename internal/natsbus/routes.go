package natsbus

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"time"
)

// errOtherSecret is the error of a handshake with a node that has another secret.
var errOtherSecret = errors.New("the other side does not know the cluster's secret")

// CheckSecret returns an error for a secret that could be guessed.
func CheckSecret(secret []byte) error {
	if len(secret) < 16 {
		return errShort
	}
	return nil
}

// routeTLS returns the TLS configuration of both ends of a route. All nodes have the same key, which is made of the
// secret, so that a peer that has proved to have that key knows the secret. The certificates around the key say nothing
// and are not checked.
func routeTLS(secret []byte) (*tls.Config, error) {
	if err := CheckSecret(secret); err != nil {
		return nil, err
	}
	seed, err := hkdf.Key(sha256.New, secret, nil, "pong cluster routes 1", ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	key := ed25519.NewKeyFromSeed(seed)
	public := key.Public().(ed25519.PublicKey)
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(50 * 365 * 24 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		MinVersion:   tls.VersionTLS13,
		ClientAuth:   tls.RequireAnyClientCert,
		// The check of names and of chains is replaced by that of the key below, which both ends make.
		InsecureSkipVerify: true,
		VerifyConnection: func(is tls.ConnectionState) error {
			if len(is.PeerCertificates) == 0 {
				return errOtherSecret
			}
			theirs, ok := is.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
			if !ok || !bytes.Equal(theirs, public) {
				return errOtherSecret
			}
			return nil
		},
	}, nil
}
