package sealed

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
)

// Config says how an application keys its sessions. Both ends must use the same Label.
type Config struct {
	Label Label

	// KeyLog is written a line for every session, which opens its datagrams: see [WriteKeyLog]. It must be safe for
	// concurrent use if sessions are made by several goroutines. If nil, nothing is written.
	KeyLog io.Writer
}

// NewServer makes the server's end of a new session from the state of a TLS connection whose handshake is complete. It
// draws the session's ID at random, so no two sessions have the same keys, however often it is called. The server must
// send the ID ([Session.ID]) to the client over the TLS connection.
//
// It fails if the handshake is not complete, or if the connection is not TLS 1.3.
func NewServer(cs *tls.ConnectionState, cfg Config) (*Session, error) {
	var id ID
	if _, err := rand.Read(id[:]); err != nil {
		return nil, fmt.Errorf("draw a session id: %w", err)
	}
	return newSession(Server, cs, id, cfg)
}

// NewClient makes the client's end of the session that the server has named over the TLS connection with state cs.
//
// Call it once for each ID. A second Session with the same ID on the same connection has the same keys and starts its
// packet numbers at 1 again, which gives away plaintext and lets others forge datagrams. NewClient cannot notice
// that. It fails as NewServer does.
func NewClient(cs *tls.ConnectionState, id ID, cfg Config) (*Session, error) {
	return newSession(Client, cs, id, cfg)
}

// newSession exports the secret and keys the session with it.
func newSession(role Role, cs *tls.ConnectionState, id ID, cfg Config) (*Session, error) {
	secret, err := export(cfg.Label, cs, id)
	if err != nil {
		return nil, err
	}
	return useSecret(role, cs.CipherSuite, secret, id, cfg)
}

// useSecret makes the session of a secret, and overwrites the secret.
func useSecret(role Role, suite uint16, secret []byte, id ID, cfg Config) (*Session, error) {
	defer clear(secret)
	s, err := FromSecret(role, cfg.Label, suite, secret, id)
	if err != nil {
		return nil, err
	}
	WriteKeyLog(cfg.KeyLog, cfg.Label, suite, secret, id)
	return s, nil
}

// FromSecret makes one end of a session from a secret of 32 bytes that both ends have, with the AEAD of a TLS 1.3
// cipher suite (0x1301, 0x1302 or 0x1303). It is for simulations, tests and tools, where there is no TLS connection.
//
// Call it once for each role, secret and ID: see [NewClient]. The caller overwrites the secret when it is not needed
// any more; NewServer and NewClient do so with theirs.
func FromSecret(role Role, label Label, suite uint16, secret []byte, id ID) (*Session, error) {
	if err := label.check(); err != nil {
		return nil, fmt.Errorf("new sealed session: %w", err)
	}
	if len(secret) != secretLen {
		return nil, fmt.Errorf("new sealed session: secret of %d bytes, want %d", len(secret), secretLen)
	}
	c2s, err := newDirection(label, suite, secret, "c2s")
	if err != nil {
		return nil, fmt.Errorf("new sealed session: %w", err)
	}
	s2c, err := newDirection(label, suite, secret, "s2c")
	if err != nil {
		return nil, fmt.Errorf("new sealed session: %w", err)
	}
	switch role {
	case Client:
		return &Session{id: id, out: c2s, in: s2c}, nil
	case Server:
		return &Session{id: id, out: s2c, in: c2s}, nil
	}
	return nil, fmt.Errorf("new sealed session: unknown role %d", role)
}
