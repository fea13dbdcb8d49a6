//go:build siege && linux

package siege

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"sync"
	"testing"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A chaosLedger holds every datagram that the taps of a run have captured, by the parts of its nonce: session,
// direction and packet number, which are in clear in the header. A key never seals two datagrams with the same
// number, so at its source each number occurs once; behind the relay it may occur again, with the same bytes.
type chaosLedger struct {
	mu        sync.Mutex // guards what follows
	sealed    map[chaosNonce][]byte
	repeats   int      // at the source
	copies    int      // made by relays
	anomalies []string // the first few
}

// A chaosNonce identifies a pair of key and nonce.
type chaosNonce struct {
	id     sealed.ID
	up     bool
	number uint32
}

func newChaosLedger() *chaosLedger { return &chaosLedger{sealed: make(map[chaosNonce][]byte)} }

// chaosNonceOf parses the header of a datagram.
func chaosNonceOf(up bool, b []byte) (n chaosNonce, ok bool) {
	n.id, ok = sealed.ParseID(b)
	if !ok {
		return n, false
	}
	n.up, n.number = up, binary.BigEndian.Uint32(b[sealed.HeaderLen-4:])
	return n, true
}

// recordSent records a datagram at its source.
func (l *chaosLedger) recordSent(up bool, b []byte) {
	n, ok := chaosNonceOf(up, b)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok {
		l.report("%d bytes at their source are not a sealed datagram", len(b))
		return
	}
	if before := l.sealed[n]; before != nil {
		l.repeats++
		l.report("number %d of session %v was used twice, up %v, with the same bytes: %v", n.number, n.id, up,
			bytes.Equal(before, b))
		return
	}
	l.sealed[n] = bytes.Clone(b)
}

// recordArrival records a datagram behind a relay, which may have flipped one of its bits if it damages datagrams.
func (l *chaosLedger) recordArrival(up bool, b []byte, seen map[chaosNonce]bool, damages bool) {
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
		l.report("%d bytes behind the relay were never sent, up %v", len(b), up)
	default:
		l.repeats++
		l.report("number %d of session %v arrived with other bytes than were sent, up %v", n.number, n.id, up)
	}
}

// damaged reports whether a datagram was sent and one of its bits flipped: after the header, in the packet number or
// in the session id. The caller holds mu.
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

// report keeps the first anomalies. The caller holds mu.
func (l *chaosLedger) report(format string, args ...any) {
	if len(l.anomalies) < 20 {
		l.anomalies = append(l.anomalies, fmt.Sprintf(format, args...))
	}
}

// TestChaosLedger_TellsRepeatsFromCopies checks the ledger, so that the figure of no repeats can be trusted.
func TestChaosLedger_TellsRepeatsFromCopies(t *testing.T) {
	secret, id := make([]byte, 32), sealed.ID{7}
	// the datagram with number n, which a second session with the same keys repeats
	numbered := func(n int, body byte) (b []byte) {
		s, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			if b, err = s.Seal(nil, []byte{1, body, 3}); err != nil {
				t.Fatal(err)
			}
		}
		return b
	}
	flip := func(b []byte, bits ...int) []byte {
		b = bytes.Clone(b)
		for _, bit := range bits {
			b[bit/8] ^= 1 << (bit % 8)
		}
		return b
	}
	one, two := numbered(1, 0), numbered(2, 0)
	for _, c := range []struct {
		name            string
		do              func(*chaosLedger, map[chaosNonce]bool)
		repeats, copies int
		anomalies       int
	}{
		{"a match", func(l *chaosLedger, seen map[chaosNonce]bool) {
			l.recordSent(true, two)
			l.recordArrival(true, one, seen, false)
			l.recordArrival(true, two, seen, false)
		}, 0, 0, 0},
		{"a number in the other direction", func(l *chaosLedger,
			_ map[chaosNonce]bool) {
			l.recordSent(false, numbered(1, 9))
		}, 0, 0, 0},
		{"a copy by the relay", func(l *chaosLedger, seen map[chaosNonce]bool) {
			l.recordArrival(true, one, seen, false)
			l.recordArrival(true, one, seen, false)
		}, 0, 1, 0},
		{"a number used twice", func(l *chaosLedger, _ map[chaosNonce]bool) { l.recordSent(true, numbered(1, 9)) }, 1,
			0, 1},
		{"a datagram sent twice", func(l *chaosLedger, _ map[chaosNonce]bool) { l.recordSent(true, one) }, 1, 0, 1},
		{"other bytes behind the relay", func(l *chaosLedger,
			seen map[chaosNonce]bool) {
			l.recordArrival(true, numbered(1, 9), seen, false)
		}, 1, 0, 1},
		{"other bytes behind a relay that damages", func(l *chaosLedger,
			seen map[chaosNonce]bool) {
			l.recordArrival(true, numbered(1, 9), seen, true)
		}, 1, 0, 1},
		{"a flipped bit", func(l *chaosLedger, seen map[chaosNonce]bool) {
			for bit := 8; bit < 8*len(one); bit++ {
				l.recordArrival(true, flip(one, bit), seen, true)
			}
		}, 0, 0, 0},
		{"a flipped bit behind a relay that does not", func(l *chaosLedger,
			seen map[chaosNonce]bool) {
			l.recordArrival(true, flip(one, 120), seen, false)
		}, 1, 0, 1},
		{"two flipped bits", func(l *chaosLedger, seen map[chaosNonce]bool) {
			l.recordArrival(true, flip(one, 120, 121),
				seen, true)
		}, 1, 0, 1},
		{"a datagram that was never sent", func(l *chaosLedger,
			seen map[chaosNonce]bool) {
			l.recordArrival(true, numbered(3, 0), seen, false)
		}, 0, 0, 1},
		{"a datagram that is not sealed", func(l *chaosLedger,
			_ map[chaosNonce]bool) {
			l.recordSent(true, []byte("JOIN"))
		}, 0, 0, 1},
	} {
		l := newChaosLedger()
		l.recordSent(true, one)
		c.do(l, make(map[chaosNonce]bool))
		if l.repeats != c.repeats || l.copies != c.copies || len(l.anomalies) != c.anomalies {
			t.Errorf("%s: %d repeats, %d copies, anomalies %q; want %d, %d and %d anomalies", c.name, l.repeats,
				l.copies, l.anomalies, c.repeats, c.copies, c.anomalies)
		}
	}
}
