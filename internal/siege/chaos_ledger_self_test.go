//go:build siege && linux

package siege

import (
	"bytes"
	"testing"

	"pong/netcode/sealed"
)

// TestChaosLedgerSees holds the ledger against what it has to tell apart, so that no repeats are found for the right reason.
func TestChaosLedgerSees(t *testing.T) {
	secret, id := make([]byte, 32), sealed.ID{7}
	numbered := func(n int, body byte) (b []byte) { // the datagram under number n, which a second session of the same keys repeats
		s, err := sealed.New(sealed.Client, 0x1301, secret, id)
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
		odd             int
	}{
		{"a match", func(l *chaosLedger, seen map[chaosNonce]bool) {
			l.sent(true, two)
			l.came(true, one, seen, false)
			l.came(true, two, seen, false)
		}, 0, 0, 0},
		{"a number in the other direction", func(l *chaosLedger, _ map[chaosNonce]bool) { l.sent(false, numbered(1, 9)) }, 0, 0, 0},
		{"a copy by the relay", func(l *chaosLedger, seen map[chaosNonce]bool) {
			l.came(true, one, seen, false)
			l.came(true, one, seen, false)
		}, 0, 1, 0},
		{"a number used twice", func(l *chaosLedger, _ map[chaosNonce]bool) { l.sent(true, numbered(1, 9)) }, 1, 0, 1},
		{"a datagram sent twice", func(l *chaosLedger, _ map[chaosNonce]bool) { l.sent(true, one) }, 1, 0, 1},
		{"other bytes behind the relay", func(l *chaosLedger, seen map[chaosNonce]bool) { l.came(true, numbered(1, 9), seen, false) }, 1, 0, 1},
		{"the same, of a relay that damages", func(l *chaosLedger, seen map[chaosNonce]bool) { l.came(true, numbered(1, 9), seen, true) }, 1, 0, 1},
		{"a flipped bit", func(l *chaosLedger, seen map[chaosNonce]bool) {
			for bit := 8; bit < 8*len(one); bit++ {
				l.came(true, flip(one, bit), seen, true)
			}
		}, 0, 0, 0},
		{"a flipped bit, of a relay that does not", func(l *chaosLedger, seen map[chaosNonce]bool) { l.came(true, flip(one, 120), seen, false) }, 1, 0, 1},
		{"two flipped bits", func(l *chaosLedger, seen map[chaosNonce]bool) { l.came(true, flip(one, 120, 121), seen, true) }, 1, 0, 1},
		{"what was never sent", func(l *chaosLedger, seen map[chaosNonce]bool) { l.came(true, numbered(3, 0), seen, false) }, 0, 0, 1},
		{"what is not sealed", func(l *chaosLedger, _ map[chaosNonce]bool) { l.sent(true, []byte("JOIN")) }, 0, 0, 1},
	} {
		l := newChaosLedger()
		l.sent(true, one)
		c.do(l, make(map[chaosNonce]bool))
		if l.repeats != c.repeats || l.copies != c.copies || len(l.odd) != c.odd {
			t.Errorf("%s: %d repeats, %d copies, told %q; want %d, %d and %d sentences", c.name, l.repeats, l.copies, l.odd, c.repeats, c.copies, c.odd)
		}
	}
}
