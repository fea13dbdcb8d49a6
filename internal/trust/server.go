package trust

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// The files in the certs folder. A key and its certificate share one file, so
// that one rename replaces both.
const (
	identityFile = "identity.pem"
	leafFile     = "leaf.pem"
)

// A Server is what a server shows in TLS. It is safe for use by many
// goroutines.
type Server struct {
	dir   string   // empty: kept in memory only
	hosts []string // what the leaf is made out to

	mu        sync.Mutex       // guards what follows
	identity  *tls.Certificate // and its lineage; nil when the operator's own certificate is used
	leaf      *tls.Certificate
	key       Fingerprint
	files     [2]fs.FileInfo // the files as they were when last read: the identity's alone, or the operator's two
	reloadErr error          // why files that have changed are not used
	storeErr  error          // why the leaf could not be stored
	reported  reported       // what News has said
}

// OpenIdentity returns the server whose identity lives in dir. On the first run
// it makes the folder and the identity; two servers that start at once agree on
// one. The leaf is made out to the host names and IP addresses in hosts, to
// localhost and to the loopback addresses; a host that cannot stand in a
// certificate is left out.
//
// If dir holds server.crt and server.key, in PEM, they are used instead of an
// identity, and read again when they change.
//
// Every error says what to do. A key that others on the machine can read is
// one.
func OpenIdentity(dir string, now time.Time, hosts []string) (*Server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the certificate folder: %w: choose another folder with --certs", err)
	}
	s := &Server{dir: dir, hosts: hosts}
	if found, err := s.openOperator(now); err != nil {
		return nil, fmt.Errorf("the operator's certificate: %w", err)
	} else if found {
		return s, nil
	}
	identity, err := openIdentityFile(filepath.Join(dir, identityFile))
	if err != nil {
		return nil, fmt.Errorf("the server's identity: %w", err)
	}
	if err := s.adopt(identity, now); err != nil {
		return nil, err
	}
	return s, nil
}

// NewIdentity returns a server with an identity of its own that is gone when the
// process ends: for the server inside a player's program, and for tests.
func NewIdentity(now time.Time, hosts []string) (*Server, error) {
	text, err := makeIdentity()
	if err != nil {
		return nil, err
	}
	identity, err := parsePair(text, text)
	if err != nil {
		return nil, err
	}
	s := &Server{hosts: hosts}
	if err := s.adopt(identity, now); err != nil {
		return nil, err
	}
	return s, nil
}

// Fingerprint returns what players compare: that of the identity, or that of
// the operator's certificate. The latter changes when the operator installs a
// certificate with another key.
func (s *Server) Fingerprint() Fingerprint {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key
}

// Leaf returns the certificate to show at a given time, with the chain behind
// it: it is renewed when half of its life has passed. It is meant for
// GetCertificate of a tls.Config, see ServerTLS. The result must not be changed.
func (s *Server) Leaf(now time.Time) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.identity == nil:
		if s.reloadErr = s.reload(now); s.reloadErr != nil {
			s.reloadErr = fmt.Errorf("the operator's certificate, the former one stays in use: %w", s.reloadErr)
		}
	case s.dir != "":
		if s.reloadErr = s.follow(now); s.reloadErr != nil {
			s.reloadErr = fmt.Errorf("the server's identity, the former one stays in use: %w", s.reloadErr)
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

// become is adopt for who holds mu.
func (s *Server) adoptLocked(identity *tls.Certificate, now time.Time) error {
	s.identity, s.key = identity, fingerprintOf(identity.Leaf)
	return s.renew(now)
}

// follow takes up a rotation that has been written since the file was last
// read. An identity that does not descend from the one in use is left alone: it
// would be a hard stop for every player, and nobody may have meant it. The
// caller holds mu.
func (s *Server) follow(now time.Time) error {
	path := filepath.Join(s.dir, identityFile)
	found, err := os.Stat(path) // before reading: a change in between is seen next time
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
			return fmt.Errorf("%s holds another identity, %v, which the one in use does not vouch for: restart the server if it is meant, or put the former file back", path, key)
		}
		if err := s.adoptLocked(identity, now); err != nil {
			return err
		}
	}
	s.files[0] = found
	return nil
}

// renew replaces the leaf by the stored one if that will do, and else by a new
// one. The stored copy only spares a restart the making of another, so nothing
// that is wrong with it stops the server: it is written anew, and if it cannot
// be, the leaf lives in memory. The caller holds mu.
func (s *Server) renew(now time.Time) error {
	path := filepath.Join(s.dir, leafFile)
	names, ips := subjects(s.hosts)
	if s.dir != "" {
		if stored := s.storedLeaf(path, now); stored != nil && hasSubjects(stored.Leaf, names, ips) {
			s.useLeaf(stored)
			return nil
		}
	}
	text, err := makeLeaf(now, s.identity, names, ips)
	if err != nil {
		return err
	}
	leaf, err := parsePair(text, text)
	if err != nil {
		return fmt.Errorf("make a certificate: %w", err)
	}
	s.useLeaf(leaf)
	if s.dir != "" {
		if s.storeErr = replaceFile(path, text); s.storeErr != nil {
			s.storeErr = fmt.Errorf("the server's new certificate is in use but could not be stored, so a restart will make another: %w", s.storeErr)
		}
	}
	return nil
}

// useLeaf shows a leaf from now on, followed by the identity that signed it and
// its lineage.
func (s *Server) useLeaf(leaf *tls.Certificate) {
	leaf.Certificate = append([][]byte{leaf.Certificate[0]}, s.identity.Certificate...)
	s.leaf = leaf
}

// storedLeaf returns the leaf in a file if it is fresh and players would accept
// it as this identity's, else nil.
func (s *Server) storedLeaf(path string, now time.Time) *tls.Certificate {
	text, err := readSecret(path)
	if err != nil {
		return nil
	}
	leaf, err := parsePair(text, text)
	if err != nil || !fresh(leaf.Leaf, now) {
		return nil
	}
	if _, err := identify(now, []*x509.Certificate{leaf.Leaf, s.identity.Leaf}); err != nil {
		return nil
	}
	return leaf
}
