// Package sealed is an authenticated, encrypted datagram session whose keys come from a TLS 1.3 connection that the
// two ends already have.
//
// A game has two kinds of traffic. Joining, names and results are few and must arrive: they go over TLS. Positions
// and inputs are many and worthless when late: they go over UDP. This package protects the second kind as TLS
// protects the first, without a second handshake. Both ends ask the TLS connection for keying material (RFC 8446
// section 7.5) and derive one key for each direction. From then on every datagram stands alone: it may be lost or
// overtaken. NTS (RFC 8915) and DTLS-SRTP (RFC 5764) are built in the same way.
//
// # How to use it
//
// Choose a [Label] for your game. After the TLS handshake the server makes its end and sends its id to the client over
// TLS:
//
//	state := conn.ConnectionState()
//	session, err := sealed.NewServer(&state, sealed.Config{Label: "tug v1"})
//	// ... send session.ID() to the client over conn
//
// The client makes its end with that id, once:
//
//	state := conn.ConnectionState()
//	session, err := sealed.NewClient(&state, id, sealed.Config{Label: "tug v1"})
//
// Each end sends the datagrams that [Session.Seal] returns and gives those that arrive to [Session.Open]. A server
// with many sessions on one socket finds the right one with [ParseID]. [Path] decides where a server sends when the
// address of its client changes. The package example does all of this over a real TLS connection.
//
// A plaintext is { type u8 | body | zero padding }, so it is never empty. This package does not look into it.
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
// The first byte lies in 4..15, so that a socket shared with QUIC, DTLS or STUN can tell them all apart (RFC 9443).
//
// # What the caller must ensure
//
//   - One Session for each end and id. Do not copy it, store it, or make it again after an interruption: a packet
//     number used twice under one key gives away plaintext and lets others forge. A new socket or a new address
//     continues the same Session. [NewServer] cannot make the same keys twice; the caller of [NewClient] must take
//     care.
//   - An end. When Seal returns [ErrExhausted], or when the session is twelve hours old, make a new TLS connection
//     and a new session. There is no rekeying inside a session. The package has no clock, so the caller counts the
//     hours.
//   - Silence. Answer nothing to a datagram that Open refuses, and let it change nothing but a counter.
//   - Rate limits after Open. Before it, anyone who knows the session id could use up the real peer's share.
//
// A Session and a Path must not be used by two goroutines at once. There are no locks inside.
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
	// Overhead is the number of bytes by which a datagram is longer than its plaintext.
	Overhead = HeaderLen + tagLen
	// MaxDatagram is the length of the longest datagram that is sealed or opened. With its IP and UDP headers it
	// passes every usual path in one piece.
	MaxDatagram = 1200
	// MaxPackets is how many datagrams one end may seal, and the greatest packet number. It is the confidentiality
	// limit of AES-GCM in RFC 9001 section 6.6.
	MaxPackets = 1 << 23

	firstByte   = 0x09
	minDatagram = Overhead + 1 // the plaintext has at least its type
)

// The reasons for which Open and Seal refuse. All but ErrExhausted are about a datagram that arrived, and each of
// those has a counter in [Stats].
var (
	// ErrMalformed means that no sealed datagram has this length, first byte or packet number.
	ErrMalformed = errors.New("sealed: not a sealed datagram")
	// ErrSession means that the datagram names another session.
	ErrSession = errors.New("sealed: datagram of another session")
	// ErrReplay means that the packet number was received before, or is too old to know.
	ErrReplay = errors.New("sealed: packet number replayed or too old")
	// ErrForged means that the peer of this session did not make the datagram, or that it was changed on its way.
	ErrForged = errors.New("sealed: datagram is not authentic")
	// ErrExhausted means that every packet number has been used. The session can still open datagrams; to send, both
	// ends need a new session from a new TLS connection.
	ErrExhausted = errors.New("sealed: all packet numbers used, a new TLS connection is needed")
)

// An ID names a session in every datagram, in both directions. The server draws it at random; it is not secret.
type ID [8]byte

// String returns the id as 16 hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// ParseID returns the session id of a datagram. It makes the cheap checks that need no session, which are the length
// (at most [MaxDatagram]) and the first byte, and returns false if one fails. True says nothing about who made the
// datagram.
func ParseID(datagram []byte) (ID, bool) {
	if len(datagram) < minDatagram || len(datagram) > MaxDatagram || datagram[0] != firstByte {
		return ID{}, false
	}
	return ID(datagram[1:9]), true
}

// Stats counts the datagrams of a Session, and those that Open refused by their reason.
type Stats struct {
	Sealed       uint64 // made by Seal
	Opened       uint64 // accepted by Open
	Malformed    uint64 // refused with ErrMalformed
	WrongSession uint64 // refused with ErrSession
	Replayed     uint64 // refused with ErrReplay
	Forged       uint64 // refused with ErrForged
}

// A Session seals the datagrams that one end sends and opens those of its peer. [NewServer], [NewClient] and
// [FromSecret] make one. It must not be copied: a copy would use packet numbers again.
type Session struct {
	_      noCopy
	id     ID
	out    direction
	in     direction
	sent   uint32 // packet number of the newest datagram sealed
	window replayWindow
	stats  Stats
}

// noCopy lets go vet (copylocks) report copies of a struct that has one.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// ID returns the id of the session.
func (s *Session) ID() ID { return s.id }

// Seal appends to dst the datagram that carries plaintext, and returns the longer slice. It takes the next packet
// number. To send the same plaintext again, seal it again: the peer refuses a copy of a datagram as a replay. Seal
// allocates nothing if dst has capacity for [Overhead] bytes more than plaintext is long. That memory must not
// overlap plaintext.
//
// It fails with [ErrExhausted] if the packet numbers are used up, and if plaintext is empty or does not fit into
// [MaxDatagram]; then it takes no number.
func (s *Session) Seal(dst, plaintext []byte) ([]byte, error) {
	if len(plaintext) == 0 || len(plaintext) > MaxDatagram-Overhead {
		return nil, fmt.Errorf("seal %d bytes: want 1 to %d", len(plaintext), MaxDatagram-Overhead)
	}
	if s.sent >= MaxPackets {
		return nil, ErrExhausted
	}
	// The number counts as used before the key is: whatever happens next, it cannot be used again.
	s.sent++
	start := len(dst)
	dst = append(dst, firstByte)
	dst = append(dst, s.id[:]...)
	dst = binary.BigEndian.AppendUint32(dst, s.sent)
	dst = s.out.aead.Seal(dst, s.out.nonceOf(s.sent), plaintext, dst[start:])
	s.stats.Sealed++
	return dst, nil
}

// Open appends to dst the plaintext of a datagram from the peer, which has at least one byte, and returns the longer
// slice and the packet number. Each packet number is accepted once, in any order, if it is less than 1024 behind the
// newest.
//
// Cheap checks come first. Until the last one has passed, nothing changes but the counter of the check that failed
// and the unused capacity of dst. The error is [ErrMalformed], [ErrSession], [ErrReplay] or [ErrForged] itself; the
// slice is then nil and the number 0.
//
// Open allocates nothing if dst has capacity for the plaintext. That memory must not overlap datagram, so a datagram
// cannot be opened in place: the ciphers panic on most overlaps.
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

// Newest returns the greatest packet number that was opened, 0 if there is none. After a successful Open, n ==
// Newest() means that every datagram opened before was sent before this one.
func (s *Session) Newest() uint32 { return s.window.newest }

// Stats returns the counts since the session was made.
func (s *Session) Stats() Stats { return s.stats }
