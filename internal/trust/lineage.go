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

// maxRotations is how many rotations a server can prove. Who knows an identity
// from before has to accept the present one by hand. It bounds what a stranger
// can make a player compute, and the bytes of a handshake.
const maxRotations = 8

// lineage returns the identities from which the present one descends, newest
// first, each proven by a statement that its key has signed. The chain is what
// follows the leaf:
//
//	identity        self-signed
//	statement n     the identity's key,  signed by key n-1
//	statement n-1   key n-1,             signed by key n-2
//	...
//	statement 1     key 1,               signed by key 0
//	identity 0      key 0
//
// A statement is a certificate authority by the same name as the identity, as
// "new with old" of RFC 4210 section 4.4 is. That it is an authority is what
// keeps a leaf, which the identity has signed too, from being taken for one:
// whoever steals the key of a leaf has it for days and must not get to keep the
// players.
//
// The last certificate only brings a key. Who has signed it says nothing, for
// what a player knows is that key; a lineage that became too long ends anywhere.
func lineage(now time.Time, chain []*x509.Certificate) ([]Fingerprint, error) {
	present, rest := chain[0], chain[1:]
	switch {
	case len(rest) == 0:
		return nil, nil
	case len(rest) == 1:
		return nil, errors.New("it names no identity that came before")
	case len(rest) > maxRotations+1:
		return nil, fmt.Errorf("it has more than %d steps", maxRotations)
	case fingerprintOf(rest[0]) != fingerprintOf(present):
		return nil, errors.New("it is about another identity")
	}
	var former []Fingerprint
	for i, c := range rest {
		switch {
		case c.Subject.CommonName != identityName || !c.BasicConstraintsValid || !c.IsCA:
			return nil, errors.New("it holds what is no statement about an identity")
		case now.Before(c.NotBefore) || now.After(c.NotAfter):
			return nil, fmt.Errorf("a statement holds from %s to %s, and the clock here says %s", formatTime(c.NotBefore), formatTime(c.NotAfter), formatTime(now))
		case i == len(rest)-1:
			return former, nil
		}
		if err := c.CheckSignatureFrom(rest[i+1]); err != nil {
			return nil, fmt.Errorf("a statement is not signed by the identity that came before: %w", err)
		}
		former = append(former, fingerprintOf(rest[i+1]))
	}
	return former, nil
}

// Rotate gives the server in dir a new identity that the present one vouches
// for, and returns the fingerprints of both. Players who know the present one
// follow, see Decide. A server that runs shows the new one from the next
// handshake on.
//
// The key of the identity before is not kept: it is of no more use, and whoever
// found it could make a rotation of his own.
func Rotate(dir string) (from, to Fingerprint, err error) {
	for _, name := range []string{operatorCert, operatorKey} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return from, to, fmt.Errorf("%s: the server shows your own certificate, which is renewed by replacing %s and %s: there is nothing to rotate",
				dir, operatorCert, operatorKey)
		}
	}
	path := filepath.Join(dir, identityFile)
	old, err := readIdentity(path)
	if errors.Is(err, fs.ErrNotExist) {
		return from, to, fmt.Errorf("%s: no server's identity is there: name its folder with --certs; pong serve makes one on its first run", dir)
	}
	if err != nil {
		return from, to, fmt.Errorf("the server's identity: %w", err)
	}
	next, text, err := successor(old)
	if err != nil {
		return from, to, fmt.Errorf("make an identity: %w", err)
	}
	if err := replaceFile(path, text); err != nil {
		return from, to, fmt.Errorf("store the new identity, the old one stays: %w", err)
	}
	return fingerprintOf(old.Leaf), fingerprintOf(next), nil
}

// successor makes a new identity with its lineage: the text of its file.
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
	if len(old.Certificate) > 1 { // the statement about the old key stands for its identity
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

// readIdentity reads an identity from its file, with the lineage that stands
// behind it.
func readIdentity(path string) (*tls.Certificate, error) {
	text, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	identity, err := parsePair(text, text)
	if err == nil && !isIdentity(identity.Leaf) {
		err = fmt.Errorf("it is not made by this program; a certificate of your own goes into %s and %s", operatorCert, operatorKey)
	}
	if err == nil {
		_, err = formerOf(identity)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: restore the file from a backup, or move it away and a new identity is made, which every player has to accept again", path, err)
	}
	return identity, nil
}

// formerOf returns the identities from which one descends, as its file says.
func formerOf(identity *tls.Certificate) ([]Fingerprint, error) {
	chain, err := parseAll(identity)
	if err != nil {
		return nil, err
	}
	// What this program writes holds at any time; a clock that is wrong must not
	// keep a server from its own identity.
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
