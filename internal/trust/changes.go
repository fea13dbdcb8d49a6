package trust

import (
	"crypto/x509"
	"fmt"
	"time"
)

// endsSoon is how long before the end of the operator's certificate the
// operator is told. Whoever renews by machine does so weeks before; a
// certificate that holds for days only has used up four fifths of them.
const warnBefore = 7 * 24 * time.Hour

// news is what there is to be told at one time.
type reported struct {
	key     Fingerprint
	warning string
}

// News is what an operator should read in the log of a server that goes on
// running. Its zero value says that nothing has changed.
type Changes struct {
	Warning  error // something has to be done; nil if nothing has, or it was said before
	Resolved bool  // what was warned of last is over
	Rotated  bool  // players see another identity or certificate of the operator's than before
}

// News looks at the files and the clock as a handshake does, and returns what
// has changed since the last call. A server calls it every few seconds, so that
// its log has one line for a change and not one for a handshake.
func (s *Server) Changes(now time.Time) Changes {
	_, err := s.Leaf(now)
	if err == nil {
		err = s.Warning(now)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	current := reported{key: s.key}
	if err != nil {
		current.warning = err.Error()
	}
	var n Changes
	if current.warning != s.reported.warning {
		n.Warning, n.Resolved = err, err == nil
	}
	n.Rotated = current.key != s.reported.key && s.reported.key != Fingerprint{}
	s.reported = current
	return n
}

// Warning returns what an operator should be told although the server goes on:
// that what is new in the folder cannot be used, that the operator's
// certificate ends soon or has ended, or that a new leaf could not be stored. It
// is nil when all is well.
func (s *Server) Warning(now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reloadErr == nil && s.identity == nil {
		return expiryWarning(s.leaf.Leaf, now)
	}
	if s.reloadErr == nil {
		return s.storeErr
	}
	return s.reloadErr
}

// ending warns of a certificate of the operator's that ends soon. Nobody but the
// operator can renew it, and who joins after its end is refused.
func expiryWarning(c *x509.Certificate, now time.Time) error {
	left := c.NotAfter.Sub(now)
	switch {
	case left <= 0:
		return fmt.Errorf("the operator's certificate has ended at %s and nobody can join any more: put a new one into %s and %s", formatTime(c.NotAfter), operatorCert, operatorKey)
	case left < min(warnBefore, c.NotAfter.Sub(c.NotBefore)/5):
		return fmt.Errorf("the operator's certificate ends at %s, and then nobody can join: put a new one into %s and %s", formatTime(c.NotAfter), operatorCert, operatorKey)
	}
	return nil
}
