package trust

import (
	"crypto/x509"
	"fmt"
	"time"
)

// warnBefore is how long before the end of the operator's certificate the operator is warned. Automatic renewal
// happens weeks before. A certificate that is valid for a few days only has used up four fifths of them by then.
const warnBefore = 7 * 24 * time.Hour

// reported is the state that Changes compares with.
type reported struct {
	key     Fingerprint
	warning string
}

// Changes are the changes of a running server's identity and certificates that its operator should read in the log.
// The zero value means that nothing has changed.
type Changes struct {
	Warning  error // a problem that needs the operator; nil if there is none, or it was returned before
	Resolved bool  // the problem that was last returned is over
	Rotated  bool  // players see another identity, or another certificate of the operator, than before
}

// Changes checks the files and the clock as a handshake does, and returns what has changed since the last call. A
// server calls it every few seconds, so that its log has one line for a change rather than one for each handshake.
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

// Warning returns a problem that the operator should know about, although the server continues: new files in the
// folder cannot be used, the operator's certificate has expired or soon will, a new leaf could not be stored, or other
// users could write to the folder when the server started. It returns nil if there is none.
func (s *Server) Warning(now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reloadErr != nil {
		return s.reloadErr
	}
	if s.identity == nil {
		if err := expiryWarning(s.leaf.Leaf, now); err != nil {
			return err
		}
		return s.folderErr
	}
	if s.storeErr != nil {
		return s.storeErr
	}
	return s.folderErr
}

// expiryWarning warns of a certificate of the operator that ends soon. Only the operator can renew it, and joins are
// refused after its end.
func expiryWarning(c *x509.Certificate, now time.Time) error {
	left := c.NotAfter.Sub(now)
	switch {
	case left <= 0:
		return fmt.Errorf("the operator's certificate expired at %s and no one can join: put a new one into %s and %s",
			formatTime(c.NotAfter), operatorCert, operatorKey)
	case left < min(warnBefore, c.NotAfter.Sub(c.NotBefore)/5):
		return fmt.Errorf("the operator's certificate expires at %s, and then no one can join: put a new one into "+
			"%s and %s", formatTime(c.NotAfter), operatorCert, operatorKey)
	}
	return nil
}
