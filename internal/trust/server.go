package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// The files in the certs folder. A key and its certificate share a file, so that one rename replaces both.
const (
	identityFile = "identity.pem"
	leafFile     = "leaf.pem"
)

// A Server holds the certificates that a server shows in TLS. It is safe for concurrent use.
type Server struct {
	dir string // empty if all is kept in memory only

	mu        sync.Mutex       // guards all fields that follow
	identity  *tls.Certificate // with its lineage; nil if the operator's own certificate is used
	leaf      *tls.Certificate
	key       Fingerprint
	former    []Fingerprint  // of the identities before
	files     [2]fs.FileInfo // state of the files when last read: of the identity's alone, or the operator's two
	reloadErr error          // why changed files are not used
	storeErr  error          // why the leaf could not be stored
	folderErr error          // what is wrong with the folder
	reported  reported       // that Changes compares with
}

// OpenIdentity returns the server whose identity is in dir. On the first run it makes the folder and the identity;
// two servers that start at once agree on one identity.
//
// If dir holds server.crt and server.key, in PEM, they are used instead of an identity, and read again when they
// change.
//
// Every error says what to do. It is an error if other users of the machine can read a key, see CheckSecret. The folder
// may be read-only, as a mounted secret is; the leaf is then kept in memory.
func OpenIdentity(dir string, now time.Time) (*Server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the certificate folder: %w: choose another folder with --certs", err)
	}
	s := &Server{dir: dir, folderErr: checkFolder(dir)}
	if found, err := s.openOperator(now); err != nil {
		return nil, fmt.Errorf("the operator's certificate: %w", withAdvice(err, dir))
	} else if found {
		return s, nil
	}
	identity, err := openIdentityFile(filepath.Join(dir, identityFile))
	if err != nil {
		return nil, fmt.Errorf("the server's identity: %w", withAdvice(err, dir))
	}
	if err := s.adopt(identity, now); err != nil {
		return nil, err
	}
	return s, nil
}

// NewIdentity returns a server whose identity is gone when the process ends: for the server in a player's program,
// and for tests.
func NewIdentity(now time.Time) (*Server, error) {
	text, err := makeIdentity()
	if err != nil {
		return nil, err
	}
	identity, err := parsePair(text, text)
	if err != nil {
		return nil, err
	}
	s := new(Server)
	if err := s.adopt(identity, now); err != nil {
		return nil, err
	}
	return s, nil
}

// Fingerprint returns the fingerprint that players compare: that of the identity, or of the operator's certificate.
// The latter changes when the operator installs a certificate with another key.
func (s *Server) Fingerprint() Fingerprint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key
}

// Fingerprints returns the fingerprints by which players may know the server: that of Fingerprint, and those of its
// former identities.
func (s *Server) Fingerprints() []Fingerprint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Fingerprint{s.key}, s.former...)
}

// Leaf returns the certificate to show at a given time, with its chain. The leaf is renewed when half of its life has
// passed. Leaf is meant for GetCertificate of a tls.Config, see ServerTLS. The result must not be modified.
func (s *Server) Leaf(now time.Time) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.identity == nil:
		if s.reloadErr = s.reload(now); s.reloadErr != nil {
			s.reloadErr = fmt.Errorf("the operator's certificate (the former one stays in use): %w", s.reloadErr)
		}
	case s.dir != "":
		if s.reloadErr = s.follow(now); s.reloadErr != nil {
			s.reloadErr = fmt.Errorf("the server's identity (the former one stays in use): %w", s.reloadErr)
		}
	}
	if s.identity != nil && !fresh(s.leaf.Leaf, now) {
		if err := s.renew(now); err != nil {
			return nil, err
		}
	}
	return s.leaf, nil
}

// adopt makes an identity the server's own and gives it a leaf.
func (s *Server) adopt(identity *tls.Certificate, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.adoptLocked(identity, now)
}

// adoptLocked is adopt for callers that hold mu.
func (s *Server) adoptLocked(identity *tls.Certificate, now time.Time) error {
	former, err := formerOf(identity)
	if err != nil {
		return err
	}
	s.identity, s.key, s.former = identity, fingerprintOf(identity.Leaf), former
	return s.renew(now)
}

// follow takes up a rotation that was written since the file was last read. An identity that does not descend from
// the one in use is ignored: every player would refuse it, and the exchange may be a mistake. The caller holds mu.
func (s *Server) follow(now time.Time) error {
	path := filepath.Join(s.dir, identityFile)
	found, err := os.Stat(path) // before reading, so that a change in between is noticed next time
	if err != nil || unchanged(s.files[0], found) {
		return err
	}
	identity, err := readIdentity(path)
	if err != nil {
		return err
	}
	former, err := formerOf(identity)
	if err != nil {
		return err
	}
	if key := fingerprintOf(identity.Leaf); key != s.key {
		if !slices.Contains(former, s.key) {
			return fmt.Errorf("%s holds another identity, %v, that the identity in use does not vouch for: restart "+
				"the server to use it, or restore the former file", path, key)
		}
		if err := s.adoptLocked(identity, now); err != nil {
			return err
		}
	}
	s.files[0] = found
	return nil
}

// renew replaces the leaf by the stored one if that is usable, otherwise by a new one. The stored copy only saves the
// work of making a leaf at each restart, so errors about it do not stop the server: it is written again, and if that
// fails, the leaf exists in memory only. The caller holds mu.
func (s *Server) renew(now time.Time) error {
	path := filepath.Join(s.dir, leafFile)
	if s.dir != "" {
		if stored := s.storedLeaf(path, now); stored != nil {
			s.useLeaf(stored)
			return nil
		}
	}
	text, err := makeLeaf(now, s.identity)
	if err != nil {
		return err
	}
	leaf, err := parsePair(text, text)
	if err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	s.useLeaf(leaf)
	if s.dir != "" {
		s.storeErr = storeError(s.dir, replaceSecret(path, text))
	}
	return nil
}

// storeError returns the warning that a leaf could not be stored in a folder, because of err. It is the same at each
// renewal where that is how the folder is meant to be, so that it is logged once.
func storeError(dir string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the folder %s cannot be written, so the server's certificate is in memory alone; a restart "+
			"makes another, which players do not notice", dir)
	}
	return fmt.Errorf("the server's new certificate is in use but could not be stored; a restart will make another: %w",
		err)
}

// useLeaf shows a leaf from now on, followed by the identity that signed it and its lineage.
func (s *Server) useLeaf(leaf *tls.Certificate) {
	leaf.Certificate = append([][]byte{leaf.Certificate[0]}, s.identity.Certificate...)
	s.leaf = leaf
}

// storedLeaf returns the leaf in a file if it is fresh and players would accept it as this identity's, otherwise nil. A
// leaf of a former release, which names hosts, is not used either.
func (s *Server) storedLeaf(path string, now time.Time) *tls.Certificate {
	text, err := ReadSecret(path)
	if err != nil {
		return nil
	}
	leaf, err := parsePair(text, text)
	if err != nil || !fresh(leaf.Leaf, now) || len(leaf.Leaf.DNSNames)+len(leaf.Leaf.IPAddresses) > 0 {
		return nil
	}
	if _, err := identify(now, []*x509.Certificate{leaf.Leaf, s.identity.Leaf}); err != nil {
		return nil
	}
	return leaf
}
