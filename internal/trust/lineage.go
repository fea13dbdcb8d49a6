package trust

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxRotations is the number of rotations that a server can prove. A player who knows only an older identity has to
// accept the present one by hand. The limit bounds what a stranger can make a player compute, and the size of a
// handshake.
const maxRotations = 8

// lineage returns the former identities, newest first, each proven by a statement that its key has signed. The chain
// is what follows the leaf:
//
//	identity        self-signed
//	statement n     the identity's key,  signed by key n-1
//	statement n-1   key n-1,             signed by key n-2
//	...
//	statement 1     key 1,               signed by key 0
//	identity 0      key 0
//
// A statement is a certificate authority with the same name as the identity, like "new with old" in RFC 4210 section
// 4.4. Because it must be an authority, a leaf, which the identity has signed too, cannot pass for a statement: a
// thief has the key of a stolen leaf for days, and must not be able to keep the players.
//
// The last certificate only supplies a key. Its own signature proves nothing, because a player knows the key; if the
// lineage became too long, the last certificate is a statement.
func lineage(now time.Time, chain []*x509.Certificate) ([]Fingerprint, error) {
	present, rest := chain[0], chain[1:]
	switch {
	case len(rest) == 0:
		return nil, nil
	case len(rest) == 1:
		return nil, errors.New("it names no former identity")
	case len(rest) > maxRotations+1:
		return nil, fmt.Errorf("it has more than %d steps", maxRotations)
	case fingerprintOf(rest[0]) != fingerprintOf(present):
		return nil, errors.New("it is about another identity")
	}
	var former []Fingerprint
	for i, c := range rest {
		switch {
		case c.Subject.CommonName != identityName || !c.BasicConstraintsValid || !c.IsCA:
			return nil, errors.New("it holds a certificate that is not a statement about an identity")
		case now.Before(c.NotBefore) || now.After(c.NotAfter):
			return nil, fmt.Errorf("a statement is valid from %s to %s, but the clock here says %s",
				formatTime(c.NotBefore), formatTime(c.NotAfter), formatTime(now))
		case i == len(rest)-1:
			return former, nil
		}
		if err := c.CheckSignatureFrom(rest[i+1]); err != nil {
			return nil, fmt.Errorf("a statement is not signed by the former identity: %w", err)
		}
		former = append(former, fingerprintOf(rest[i+1]))
	}
	return former, nil
}

// Rotate replaces the identity of the server in dir by a new one that the old one vouches for, and returns the
// fingerprints of both. Players who know the old one follow, see Decide. A running server shows the new one from the
// next handshake on.
//
// The old key is not kept: it has no further use, and a thief could rotate with it.
func Rotate(dir string) (from, to Fingerprint, err error) {
	for _, name := range []string{operatorCert, operatorKey} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return from, to, fmt.Errorf("%s: the server uses your own certificate: replace %s and %s instead of "+
				"rotating",
				dir, operatorCert, operatorKey)
		}
	}
	path := filepath.Join(dir, identityFile)
	old, err := readIdentity(path)
	if errors.Is(err, fs.ErrNotExist) {
		return from, to, fmt.Errorf("%s: there is no server identity: name its folder with --certs; pong serve "+
			"makes one on its first run", dir)
	}
	if err != nil {
		return from, to, fmt.Errorf("the server's identity: %w", err)
	}
	next, text, err := successor(old)
	if err != nil {
		return from, to, fmt.Errorf("make an identity: %w", err)
	}
	if err := replaceSecret(path, text); err != nil {
		return from, to, fmt.Errorf("store the new identity (the old one is unchanged): %w", err)
	}
	return fingerprintOf(old.Leaf), fingerprintOf(next), nil
}

// successor makes a new identity with its lineage, and returns its certificate and the text of its file.
func successor(old *tls.Certificate) (*x509.Certificate, []byte, error) {
	text, err := makeIdentity()
	if err != nil {
		return nil, nil, err
	}
	next, err := parsePair(text, text)
	if err != nil {
		return nil, nil, err
	}
	statement, err := signStatement(next.Leaf, old)
	if err != nil {
		return nil, nil, err
	}
	rest := [][]byte{statement, old.Certificate[0]}
	if len(old.Certificate) > 1 { // the statement about the old key takes the place of its identity
		rest = append(rest[:1], old.Certificate[1:]...)
	}
	file := bytes.NewBuffer(text)
	for _, der := range rest[:min(len(rest), maxRotations+1)] {
		if err := pem.Encode(file, &pem.Block{Type: "CERTIFICATE", Bytes: der}); err != nil {
			return nil, nil, err
		}
	}
	return next.Leaf, file.Bytes(), nil
}

// readIdentity reads an identity from its file, with the lineage that follows it.
func readIdentity(path string) (*tls.Certificate, error) {
	text, err := ReadSecret(path)
	if err != nil {
		return nil, err
	}
	identity, err := parsePair(text, text)
	if err == nil && !isIdentity(identity.Leaf) {
		err = fmt.Errorf("it was not made by this program; put a certificate of your own into %s and %s", operatorCert,
			operatorKey)
	}
	if err == nil {
		_, err = formerOf(identity)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: restore the file from a backup; if you move it away, a new identity is "+
			"made, which every player has to accept again", path, err)
	}
	return identity, nil
}

// formerOf returns the former identities of an identity, according to its file.
func formerOf(identity *tls.Certificate) ([]Fingerprint, error) {
	chain, err := parseAll(identity)
	if err != nil {
		return nil, err
	}
	// Identities are valid at any time, so a server whose clock is wrong can still read its own.
	former, err := lineage(identity.Leaf.NotBefore, chain)
	if err != nil {
		return nil, fmt.Errorf("its lineage is damaged: %w", err)
	}
	return former, nil
}

// parseAll returns the certificates of a chain.
func parseAll(pair *tls.Certificate) ([]*x509.Certificate, error) {
	chain := make([]*x509.Certificate, len(pair.Certificate))
	for i, der := range pair.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		chain[i] = c
	}
	return chain, nil
}
