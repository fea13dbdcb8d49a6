package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"time"
)

// The times of the certificates for HTTP/3. A browser accepts a certificate by its hash if it is valid for at most 14
// days. The clock of a browser may be a day slow.
const (
	leafLife     = 13 * 24 * time.Hour
	leafBackdate = 24 * time.Hour
	leafEvery    = 5 * 24 * time.Hour // the next one is made a whole period before it is shown
)

// leaves are the certificates for HTTP/3. They say nothing about the server: a page knows them by their hashes, which
// it has from the server, and the identity is proved by the TLS connection within. So they are not stored.
type leaves struct {
	mu            sync.Mutex // guards what follows
	current, next *tls.Certificate
	made          time.Time // current is shown since
}

// at returns the certificates to show at a time and after that.
func (l *leaves) at(now time.Time) (current, next *tls.Certificate, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.current != nil && now.Sub(l.made) < leafEvery && !now.Before(l.made.Add(-leafBackdate)) {
		return l.current, l.next, nil
	}
	if current = l.next; current == nil || now.Sub(l.made) >= 2*leafEvery || now.Before(l.made) {
		if current, err = makeLeaf(now); err != nil {
			return nil, nil, err
		}
	}
	if next, err = makeLeaf(now); err != nil {
		return nil, nil, err
	}
	l.current, l.next, l.made = current, next, now
	return current, next, nil
}

// makeLeaf returns a new certificate that is signed by its own key.
func makeLeaf(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "Pong page"},
		NotBefore:    now.Add(-leafBackdate), NotAfter: now.Add(leafLife - leafBackdate),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// hashOf returns the hash by which a browser accepts a certificate.
func hashOf(c *tls.Certificate) [sha256.Size]byte { return sha256.Sum256(c.Certificate[0]) }
