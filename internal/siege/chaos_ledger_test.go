//go:build siege && linux

package siege

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"sync"

	"pong/netcode/sealed"
)

// A chaosLedger holds every datagram that the taps of a run have seen, by what its nonce is made of: session, direction and
// packet number, which stand in clear in its header. A key never seals two datagrams under one number, so at its source
// each comes once; behind the relay it may come again, as the same bytes.
type chaosLedger struct {
	mu      sync.Mutex // guards what follows
	sealed  map[chaosNonce][]byte
	repeats int      // at the source
	copies  int      // made by relays
	odd     []string // the first few that should not be
}

// A chaosNonce stands for a pair of key and nonce.
type chaosNonce struct {
	id     sealed.ID
	up     bool
	number uint32
}

func newChaosLedger() *chaosLedger { return &chaosLedger{sealed: make(map[chaosNonce][]byte)} }

// chaosNonceOf reads the header of a datagram.
func chaosNonceOf(up bool, b []byte) (n chaosNonce, ok bool) {
	n.id, ok = sealed.ParseID(b)
	if !ok {
		return n, false
	}
	n.up, n.number = up, binary.BigEndian.Uint32(b[sealed.HeaderLen-4:])
	return n, true
}

// sent notes a datagram at its source.
func (l *chaosLedger) sent(up bool, b []byte) {
	n, ok := chaosNonceOf(up, b)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok {
		l.wonder("%d bytes at their source are no sealed datagram", len(b))
		return
	}
	if before := l.sealed[n]; before != nil {
		l.repeats++
		l.wonder("number %d of session %v is used again, up %v, the same bytes: %v", n.number, n.id, up, bytes.Equal(before, b))
		return
	}
	l.sealed[n] = bytes.Clone(b)
}

// came notes a datagram behind a relay, which may have flipped a bit of it if it is one that damages.
func (l *chaosLedger) came(up bool, b []byte, seen map[chaosNonce]bool, damages bool) {
	n, ok := chaosNonceOf(up, b)
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.sealed[n]
	switch {
	case ok && before != nil && bytes.Equal(before, b):
		if seen[n] {
			l.copies++
		}
		seen[n] = true
	case damages && (!ok || l.damaged(n, b)):
	case before == nil:
		l.wonder("%d bytes behind the relay were never sent, up %v", len(b), up)
	default:
		l.repeats++
		l.wonder("number %d of session %v came as other bytes than were sent, up %v", n.number, n.id, up)
	}
}

// damaged reports whether a datagram is one that was sent, with one bit of it flipped: behind the header, or in the packet
// number, or in the session. The caller holds mu.
func (l *chaosLedger) damaged(n chaosNonce, b []byte) bool {
	is := func(n chaosNonce) bool {
		before := l.sealed[n]
		return len(before) == len(b) && chaosFlipped(before, b) == 1
	}
	for bit := range 32 {
		was := n
		was.number ^= 1 << bit
		if is(was) {
			return true
		}
	}
	for bit := range 8 * len(n.id) {
		was := n
		was.id[bit/8] ^= 1 << (bit % 8)
		if is(was) {
			return true
		}
	}
	return is(n)
}

// chaosFlipped counts the bits in which two datagrams of one length differ.
func chaosFlipped(a, b []byte) (n int) {
	for i := range a {
		n += bits.OnesCount8(a[i] ^ b[i])
	}
	return n
}

// wonder keeps the first of what should not be. The caller holds mu.
func (l *chaosLedger) wonder(format string, args ...any) {
	if len(l.odd) < 20 {
		l.odd = append(l.odd, fmt.Sprintf(format, args...))
	}
}
