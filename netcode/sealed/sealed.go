// Package sealed is an authenticated, encrypted datagram session whose keys come
// from a TLS 1.3 connection that the two ends already have.
//
// A game has two kinds of traffic. Joining, names and results are few and must
// arrive: they go over TLS. Positions and inputs are many and are worthless when
// late: they go over UDP. This package gives the second kind the protection of
// the first without a second handshake. Both ends ask the TLS connection for
// keying material (RFC 8446 section 7.5), derive one key for each direction, and
// from then on every datagram can be sealed, opened, lost or reordered on its
// own. The shape is that of NTS (RFC 8915) and DTLS-SRTP (RFC 5764).
//
// # How to use it
//
// The server chooses a random [ID] and tells it to the client over TLS. Then each
// end does, after Handshake has returned,
//
//	state := conn.ConnectionState()
//	secret, err := sealed.Export(&state, id)
//	session, err := sealed.New(sealed.Client, state.CipherSuite, secret, id)
//
// and sends what Seal returns and gives to Open what arrives. A server with many
// sessions on one socket finds the right one with [ParseID]. [Path] decides where
// a server sends when its client's address changes.
//
// A plaintext is { type u8 | body | zero padding }, so it is never empty. This
// package does not look into it.
//
// # A datagram
//
//	off len
//	  0   1  0x09           sealed datagram, version 1
//	  1   8  session id     the same both ways
//	  9   4  packet number  big endian, 1 .. MaxPackets
//	 13   n  ciphertext     as long as the plaintext, at least 1
//	  -  16  tag            bytes 0..12 are the associated data
//
// The first byte lies in 4..15, where a socket shared with QUIC, DTLS or STUN can
// tell them all apart (RFC 9443).
//
// # What the caller must keep
//
// A key and its packet counter are one thing. Make one Session for one secret,
// once; do not copy it, store it, or make it again after an interruption: a packet
// number used twice under one key gives away plaintext and lets others forge. A
// new socket or a new address continues the same Session. When Seal says
// [ErrExhausted], or when the session is twelve hours old, do TLS again; there is
// no rekeying inside a session. The package has no clock, so the hours are the
// caller's to count.
//
// Answer nothing to a datagram that Open refuses, and let no refused datagram
// change anything but a counter. Apply rate limits after Open: before it, anybody
// who knows the session id could use up the real peer's share.
//
// A Session and a Path belong to one goroutine each. There are no locks inside.
package sealed

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

const (
	// HeaderLen is the number of bytes before the ciphertext.
	HeaderLen = 13
	// tagLen is the length of the tag of every AEAD here.
	tagLen = 16
	// Overhead is by how much a datagram is longer than its plaintext.
	Overhead = HeaderLen + tagLen
	// MaxDatagram is the length of the longest datagram that is sealed or opened.
	// It passes every usual path with its IP and UDP headers, in one piece.
	MaxDatagram = 1200
	// MaxPackets is how many datagrams one end may seal, and the greatest packet
	// number. It is the confidentiality limit of AES-GCM in RFC 9001 section 6.6.
	MaxPackets = 1 << 23

	firstByte   = 0x09
	minDatagram = Overhead + 1 // the plaintext has at least its type
)

// The reasons for which Open and Seal refuse. All but ErrExhausted are about what
// arrived, and each has its counter in [Stats].
var (
	// ErrMalformed means that the length, the first byte or the packet number is
	// one that no sealed datagram has.
	ErrMalformed = errors.New("sealed: not a sealed datagram")
	// ErrSession means that the datagram names another session.
	ErrSession = errors.New("sealed: datagram of another session")
	// ErrReplay means that the packet number was received before, or is so old
	// that this cannot be known any more.
	ErrReplay = errors.New("sealed: packet number replayed or too old")
	// ErrForged means that the datagram was not made by the peer of this session,
	// or was changed on its way.
	ErrForged = errors.New("sealed: datagram is not authentic")
	// ErrExhausted means that every packet number has been used. The session can
	// still open, but to send there must be a new one over a new TLS connection.
	ErrExhausted = errors.New("sealed: all packet numbers used, a new TLS connection is needed")
)

// ID names a session in every datagram, in both directions. The server draws it
// at random; it is no secret.
type ID [8]byte

// String returns the id as 16 hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID returns the session id of a datagram. It makes the cheap checks that
// need no session, length (at most [MaxDatagram]) and first byte, and reports false
// if one fails. A true result says nothing about who made the datagram.
func ParseID(datagram []byte) (ID, bool) {
	if len(datagram) < minDatagram || len(datagram) > MaxDatagram || datagram[0] != firstByte {
		return ID{}, false
	}
	return ID(datagram[1:9]), true
}

// Stats counts what a Session did, each refusal of Open under its reason.
type Stats struct {
	Sealed       uint64 // datagrams made by Seal
	Opened       uint64 // datagrams accepted by Open
	Malformed    uint64 // refused with ErrMalformed
	WrongSession uint64 // refused with ErrSession
	Replayed     uint64 // refused with ErrReplay
	Forged       uint64 // refused with ErrForged
}

// Session seals what this end sends and opens what its peer sent. It is made by
// [New], used by one goroutine, and never copied.
type Session struct {
	id     ID
	out    direction
	in     direction
	sent   uint32 // packet number of the newest datagram sealed
	window replayWindow
	stats  Stats
}

// New makes one end of the session that id names. The suite is the cipher suite of
// the TLS connection and secret what [Export] returned from it, 32 bytes. Call it
// once for each secret: a second Session from the same one would use packet
// numbers again.
func New(role Role, suite uint16, secret []byte, id ID) (*Session, error) {
	if len(secret) != secretLen {
		return nil, fmt.Errorf("new sealed session: secret of %d bytes, want %d", len(secret), secretLen)
	}
	c2s, err := newDirection(suite, secret, "c2s")
	if err != nil {
		return nil, fmt.Errorf("new sealed session: %w", err)
	}
	s2c, err := newDirection(suite, secret, "s2c")
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

// Seal appends to dst the datagram that carries plaintext, and returns the longer
// slice. It takes the next packet number. To say the same again, Seal again: the
// peer refuses a second copy of a datagram as a replay. Seal allocates nothing when
// dst has room for [Overhead] bytes more than plaintext has. The room must not
// overlap plaintext.
//
// It fails with [ErrExhausted] when the packet numbers are used up, and when
// plaintext is empty or does not fit into [MaxDatagram]; then no number is taken.
func (s *Session) Seal(dst, plaintext []byte) ([]byte, error) {
	if len(plaintext) == 0 || len(plaintext) > MaxDatagram-Overhead {
		return nil, fmt.Errorf("seal %d bytes: want 1 to %d", len(plaintext), MaxDatagram-Overhead)
	}
	if s.sent >= MaxPackets {
		return nil, ErrExhausted
	}
	// The number counts as used before the key is: whatever happens next, it
	// cannot be used again.
	s.sent++
	start := len(dst)
	dst = append(dst, firstByte)
	dst = append(dst, s.id[:]...)
	dst = binary.BigEndian.AppendUint32(dst, s.sent)
	dst = s.out.aead.Seal(dst, s.out.nonceOf(s.sent), plaintext, dst[start:])
	s.stats.Sealed++
	return dst, nil
}

// Open appends to dst the plaintext of a datagram from the peer, and returns the
// longer slice and the packet number. The plaintext has at least one byte. Each
// packet number is accepted once, in any order, if it is less than 1024 behind
// the newest.
//
// The checks go from cheap to dear, and until the last has passed nothing changes
// but the counter of the one that failed and the unused room of dst. A failure is
// [ErrMalformed], [ErrSession], [ErrReplay] or [ErrForged] itself, with a nil slice
// and number 0.
//
// Open allocates nothing when dst has room for the plaintext. The room must not
// overlap datagram, so there is no opening in place: the ciphers panic on most
// overlaps.
func (s *Session) Open(dst, datagram []byte) (plaintext []byte, n uint32, err error) {
	id, ok := ParseID(datagram)
	if !ok {
		s.stats.Malformed++
		return nil, 0, ErrMalformed
	}
	n = binary.BigEndian.Uint32(datagram[9:HeaderLen])
	if n == 0 || n > MaxPackets {
		s.stats.Malformed++
		return nil, 0, ErrMalformed
	}
	if id != s.id {
		s.stats.WrongSession++
		return nil, 0, ErrSession
	}
	if !s.window.check(n) {
		s.stats.Replayed++
		return nil, 0, ErrReplay
	}
	plaintext, err = s.in.aead.Open(dst, s.in.nonceOf(n), datagram[HeaderLen:], datagram[:HeaderLen])
	if err != nil {
		s.stats.Forged++
		return nil, 0, ErrForged
	}
	s.window.commit(n)
	s.stats.Opened++
	return plaintext, n, nil
}

// Newest returns the greatest packet number that was opened, 0 if there is none.
// After a successful Open, n == Newest() says that no later datagram came before.
func (s *Session) Newest() uint32 { return s.window.newest }

// Stats returns what was counted since New.
func (s *Session) Stats() Stats { return s.stats }
