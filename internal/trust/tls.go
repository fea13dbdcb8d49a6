package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ALPN is the protocol that both sides of a control connection must name in the
// handshake, so that a connection meant for something else ends there.
const ALPN = "pong/1"

// errNotPong is the refusal of a peer that does not name our protocol.
var errNotPong = errors.New("the other side does not speak " + ALPN + ": it is no Pong server or player, or one of another version")

// ServerTLS returns the configuration of the control listener: TLS 1.3 and ALPN
// only, no session tickets, so that every connection has fresh keys. It calls
// now from many goroutines.
//
// The keys of the game's datagrams come from ExportKeyingMaterial of a
// connection's state. Ask for them only after Handshake has returned, on either
// side: before that, what they depend on is not yet proven.
func ServerTLS(s *Server, now func() time.Time) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             []string{ALPN},
		SessionTicketsDisabled: true,
		Time:                   now,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			// TLS refuses a client that names other protocols only, but lets
			// pass one that names none. This is the first place to see it.
			if !slices.Contains(hello.SupportedProtos, ALPN) {
				return nil, errNotPong
			}
			return s.Leaf(now())
		},
	}
}

// UnknownError is how a handshake ends when the decision is Ask. The connection
// is closed while a person thinks: nothing is said to a server that nobody has
// vouched for, and the server's deadline for a handshake is shorter than a look
// at a fingerprint.
type UnknownError struct {
	Key Fingerprint // what the server claims; proven only by a later handshake
}

// Error says what to do where there is nobody to ask.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("the server is not known; its fingerprint is\n  %v\n"+
		"compare it with the one the server prints, then join with the server's link or with --trust", e.Key)
}

// ClientTLS returns the configuration to dial one server with. The name is what
// the server is told it was called by. The decide function gets the server's
// certificates, leaf first, and is usually a call of Pins.Decide or Decide. The
// handshake succeeds only if it returns Trusted and no error; it fails with
// *UnknownError for Ask, and if decide is nil.
func ClientTLS(serverName string, decide func(peer []*x509.Certificate) (Verdict, Fingerprint, error)) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             []string{ALPN},
		SessionTicketsDisabled: true,
		ServerName:             serverName,

		// InsecureSkipVerify turns off one thing: the check against the
		// system's roots, to which no server on a LAN leads. It takes nothing
		// from the proof that the server has its leaf's key. In its place
		// stands VerifyConnection, which TLS calls on every connection, resumed
		// ones too (VerifyPeerCertificate is not called on those). One must
		// never stand here without the other.
		InsecureSkipVerify: true,
		VerifyConnection: func(cs tls.ConnectionState) error {
			if cs.NegotiatedProtocol != ALPN {
				return errNotPong // a server that knows nothing of ALPN
			}
			if decide == nil {
				return errors.New("nothing is there to decide whether the server can be trusted")
			}
			verdict, key, err := decide(cs.PeerCertificates)
			switch {
			case err != nil:
				return err
			case verdict == Trusted:
				return nil
			case verdict == Ask:
				return &UnknownError{Key: key}
			}
			return errors.New("the server was refused")
		},
	}
}
