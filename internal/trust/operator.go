package trust

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pong/internal/files"
)

// The files of an operator's own certificate, from a public or private authority. The certificate comes first in its
// file, then the chain to the root.
const (
	operatorCert = "server.crt"
	operatorKey  = "server.key"
)

// openOperator uses the operator's certificate if there is one. One of the two files without the other is an error.
func (s *Server) openOperator(now time.Time) (found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, noCert := os.Stat(filepath.Join(s.dir, operatorCert))
	_, noKey := os.Stat(filepath.Join(s.dir, operatorKey))
	if errors.Is(noCert, fs.ErrNotExist) && errors.Is(noKey, fs.ErrNotExist) {
		return false, nil
	}
	return true, s.reload(now)
}

// reload reads the operator's files if they have changed. If they cannot be used it returns why and changes nothing:
// the two files are replaced one after the other, and a handshake in between must still find a pair. The caller holds
// mu.
func (s *Server) reload(now time.Time) error {
	cert, key := filepath.Join(s.dir, operatorCert), filepath.Join(s.dir, operatorKey)
	var found [2]fs.FileInfo
	for i, path := range []string{cert, key} {
		info, err := os.Stat(path) // before reading, so that a change in between is noticed next time
		if err != nil {
			return fmt.Errorf("%w: %s and %s must both exist, or neither", err, operatorCert, operatorKey)
		}
		found[i] = info
	}
	if unchanged(s.files[0], found[0]) && unchanged(s.files[1], found[1]) {
		return nil
	}
	keyText, err := ReadSecret(key)
	if err != nil {
		return err
	}
	certText, err := files.Read(cert)
	if err != nil {
		return err
	}
	pair, err := parsePair(certText, keyText)
	if err != nil {
		return fmt.Errorf("%s, %s: %w: they must be a certificate chain and its key, in PEM", cert, key, err)
	}
	chain, err := parseAll(pair)
	if err != nil {
		return fmt.Errorf("%s: %w", cert, err)
	}
	claim, err := identify(now, chain)
	if err != nil {
		return fmt.Errorf("%s: players would refuse it: %w", cert, err)
	}
	s.leaf, s.key, s.files = pair, claim.key, found
	return nil
}

// unchanged reports whether a file is the same as before. It compares more than the time, which two writes may share.
func unchanged(before, after fs.FileInfo) bool {
	return before != nil && os.SameFile(before, after) &&
		before.ModTime().Equal(after.ModTime()) && before.Size() == after.Size()
}
