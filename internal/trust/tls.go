package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ALPN is the protocol that both sides of a control connection must name in the handshake, so that a connection meant
// for another protocol ends there.
const ALPN = "pong/1"

// curves are the key exchanges of a control connection. Otherwise a stranger could choose one that costs the server
// five times as much processor time (P-521), at no cost for the stranger.
var curves = []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256}

// errNotPong is the error for a peer that does not name our protocol.
var errNotPong = errors.New("the other side does not support " + ALPN +
	": it is not a Pong server or player, or has another version")

// ServerTLS returns the configuration of the control listener: TLS 1.3 and ALPN only, and no session tickets, so that
// every connection has fresh keys. It calls now from many goroutines. Clients of the other protocols that are named,
// and clients that name none, may complete the handshake if there are any: browsers.
//
// The keys of the game's datagrams come from ExportKeyingMaterial of a connection's state. On either side, call it
// only after Handshake has returned: before that, the peer is not authenticated.
func ServerTLS(s *Server, now func() time.Time, others ...string) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             append([]string{ALPN}, others...),
		CurvePreferences:       curves,
		SessionTicketsDisabled: true,
		Time:                   now,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			// TLS refuses a client that names only other protocols, but not one that names none. This is the first
			// place to see it.
			if len(others) == 0 && !slices.Contains(hello.SupportedProtos, ALPN) {
				return nil, errNotPong
			}
			return s.Leaf(now())
		},
	}
}

// UnknownError is the error of a handshake for which the verdict is Ask. The connection is closed while a person
// thinks, because nothing is sent to a server that no one has vouched for, and because the server's deadline for a
// handshake is shorter than it takes to compare a fingerprint.
type UnknownError struct {
	Key Fingerprint // of the identity that the server claims; only a completed handshake proves it
}

// Error says what to do if no one can be asked.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("the server is not known; its fingerprint is\n  %v\n"+
		"compare it with the one that the server prints, then use the server's join link or --trust", e.Key)
}

// ClientTLS returns the configuration to dial one server with. The server name is sent to the server. The decide
// function gets the server's certificates, leaf first; it is usually a call of Pins.Decide or Decide. The handshake
// succeeds only if decide returns Trusted and no error. It fails with *UnknownError if decide returns Ask.
func ClientTLS(serverName string, decide func(peer []*x509.Certificate) (Verdict, Fingerprint, error)) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             []string{ALPN},
		CurvePreferences:       curves,
		SessionTicketsDisabled: true,
		ServerName:             serverName,

		// InsecureSkipVerify turns off one check, that of the chain against the system's roots, which no server on a
		// LAN would pass. The proof that the server has its leaf's key remains. VerifyConnection takes the check's
		// place: TLS calls it on every connection, resumed ones too, unlike VerifyPeerCertificate. The two must never
		// be separated.
		InsecureSkipVerify: true,
		VerifyConnection: func(cs tls.ConnectionState) error {
			if cs.NegotiatedProtocol != ALPN {
				return errNotPong // a server without ALPN
			}
			if decide == nil {
				return errors.New("no function decides whether the server is trusted")
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
