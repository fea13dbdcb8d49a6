// Package ticket makes and checks join tickets. A join ticket is a signed permission to join a server, for a limited
// time and under a name. A host gives one to each player; a server checks them with the host's public key alone, and
// asks nobody. They follow the connect tokens of netcode.io, but for their keys: those of a session come from TLS.
//
// docs/protocol.md has the same without Go. The package has no clock, and does not know which tickets are in use.
package ticket

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A Ticket is what a host permits. It is comparable.
type Ticket struct {
	// ID is of the host's choice: two clients cannot have places by tickets with the same ID at once. It can be
	// random, or that of a player's account.
	ID     ID
	Role   Role
	Server Server // the only server that takes the ticket; zero for any with the host's public key

	NotBefore, Expires Seconds

	Room string // in which the client must play or watch; empty for any
	Name string // of the player; empty for any
}

// An ID names a ticket. The zero ID stands for none and is not valid.
type ID [16]byte

// A Server is the fingerprint of a server's identity.
type Server [32]byte

// A Role is what the client may be.
type Role uint8

// The roles.
const (
	Player  Role = 1 // who may watch, too
	Watcher Role = 2
)

// Seconds is a Unix time: seconds since 1970-01-01 00:00 UTC, until 2106.
type Seconds uint32

// SecondsOf returns a time in whole seconds. Times before 1970 and after 2106 become the first and the last.
func SecondsOf(t time.Time) Seconds { return Seconds(min(max(t.Unix(), 0), math.MaxUint32)) }

// String returns the time for people, in UTC.
func (s Seconds) String() string {
	return time.Unix(int64(s), 0).UTC().Format("2006-01-02 15:04:05 UTC")
}

// The bytes of a ticket. All numbers are big endian.
//
//	 0   1  version
//	 1   1  role
//	 2  16  ID
//	18  32  server
//	50   4  not before
//	54   4  expires
//	58   1  length of the room
//	59   2  length of the name
//	61      room, then the name
//	    64  signature, by Ed25519 (RFC 8032), of signedFor and all bytes before it
//
// The lengths show whether a ticket is whole: it may be cut when it is copied.
const (
	version = 1
	headLen = 61

	maxRoom = 32
	maxName = 256 // bytes

	signatureLen = 64

	minLen = headLen + signatureLen
	maxLen = minLen + maxRoom + maxName
)

// signedFor begins the text that is signed, so that no signature of the same key for another purpose is a ticket.
const signedFor = "pong join ticket v1\x00"

// MaxText is the length of the longest ticket as text.
const MaxText = (maxLen*8 + 5) / 6

// Skew is how far the clocks of the host and the server may differ: a ticket is taken this long before NotBefore and
// after Expires.
const Skew = 60 * time.Second

// Errors of Parse and Check.
var (
	ErrInvalid = errors.New("this is not a join ticket that a host of this server has signed")
	ErrServer  = errors.New("this join ticket is for another server")
	ErrEarly   = errors.New("this join ticket is not valid yet")
	ErrExpired = errors.New("this join ticket has expired")
)

// encoding is base64url without padding. It is strict, so that a ticket has one spelling only.
var encoding = base64.RawURLEncoding.Strict()

// Sign returns a ticket as text, signed with a host's key. It returns an error if the ticket could never be used.
func Sign(t Ticket, key ed25519.PrivateKey) (string, error) {
	switch {
	case t.ID == ID{}:
		return "", errors.New("the ticket has no id")
	case t.Role != Player && t.Role != Watcher:
		return "", fmt.Errorf("the ticket has the role %d: it must be player or watcher", t.Role)
	case t.Expires <= t.NotBefore:
		return "", fmt.Errorf("the ticket would expire at %v, before it is valid, from %v", t.Expires, t.NotBefore)
	case len(t.Room) > maxRoom:
		return "", fmt.Errorf("the room has %d characters, at most %d fit a ticket", len(t.Room), maxRoom)
	case len(t.Name) > maxName:
		return "", fmt.Errorf("the name has %d bytes, at most %d fit a ticket", len(t.Name), maxName)
	}
	b := t.append(make([]byte, 0, maxLen))
	return encoding.EncodeToString(append(b, ed25519.Sign(key, signed(b))...)), nil
}

// append appends what is signed of a ticket.
func (t Ticket) append(b []byte) []byte {
	b = append(b, version, byte(t.Role))
	b = append(b, t.ID[:]...)
	b = append(b, t.Server[:]...)
	b = binary.BigEndian.AppendUint32(b, uint32(t.NotBefore))
	b = binary.BigEndian.AppendUint32(b, uint32(t.Expires))
	b = append(b, byte(len(t.Room)))
	b = binary.BigEndian.AppendUint16(b, uint16(len(t.Name)))
	return append(append(b, t.Room...), t.Name...)
}

// signed returns the text of which a ticket has the signature.
func signed(body []byte) []byte { return append([]byte(signedFor), body...) }

// Parse returns what a ticket says, without a check of its signature: for a player's program, which has no key to check
// it with. It returns ErrInvalid if a text has not the form of a ticket.
func Parse(text string) (Ticket, error) {
	t, _, _, err := parse(text)
	return t, err
}

// parse returns a ticket, the bytes that are signed and the signature.
func parse(text string) (t Ticket, body, signature []byte, err error) {
	if len(text) > MaxText || strings.ContainsAny(text, "\r\n") { // which base64 ignores
		return t, nil, nil, ErrInvalid
	}
	all, err := encoding.DecodeString(text)
	if err != nil || len(all) < minLen {
		return t, nil, nil, ErrInvalid
	}
	body, signature = all[:len(all)-signatureLen], all[len(all)-signatureLen:]
	room, name := int(body[58]), int(binary.BigEndian.Uint16(body[59:]))
	if room > maxRoom || name > maxName || len(body) != headLen+room+name {
		return t, nil, nil, ErrInvalid
	}
	t = Ticket{
		ID: ID(body[2:]), Role: Role(body[1]), Server: Server(body[18:]),
		NotBefore: Seconds(binary.BigEndian.Uint32(body[50:])), Expires: Seconds(binary.BigEndian.Uint32(body[54:])),
		Room: string(body[headLen : headLen+room]), Name: string(body[headLen+room:]),
	}
	if body[0] != version || t.Role != Player && t.Role != Watcher || t.ID == (ID{}) ||
		!utf8.ValidString(t.Room) || !utf8.ValidString(t.Name) {
		return t, nil, nil, ErrInvalid
	}
	return t, body, signature, nil
}

// A Checker checks tickets.
type Checker struct {
	Keys []ed25519.PublicKey // of hosts, one of which must have signed

	// Servers returns the fingerprints of which a ticket may have one: that of the server, and of its identities
	// before. It is called for each ticket that names a server.
	Servers func() []Server
}

// Check returns what a ticket says if it is valid at a time. Its errors wrap one of this package. Nothing but the
// signature is looked at in a ticket that no host has signed.
func (c *Checker) Check(text string, now time.Time) (Ticket, error) {
	t, body, signature, err := parse(text)
	if err != nil {
		return t, err
	}
	message := signed(body)
	if !slices.ContainsFunc(c.Keys, func(k ed25519.PublicKey) bool { return ed25519.Verify(k, message, signature) }) {
		return Ticket{}, ErrInvalid
	}
	at := now.Unix()
	switch skew := int64(Skew / time.Second); {
	case t.Server != Server{} && !slices.Contains(c.Servers(), t.Server):
		return t, ErrServer
	case at < int64(t.NotBefore)-skew:
		return t, fmt.Errorf("%w: it is from %v on, and the server's clock is at %v", ErrEarly, t.NotBefore,
			SecondsOf(now))
	case at >= int64(t.Expires)+skew:
		return t, fmt.Errorf("%w: it was valid until %v, and the server's clock is at %v", ErrExpired, t.Expires,
			SecondsOf(now))
	}
	return t, nil
}
