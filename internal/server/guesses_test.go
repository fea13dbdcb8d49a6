package server

import (
	"fmt"
	"net/netip"
	"testing"
	"time"
)

// guessFor has a client try codes for some time, one after the other answer, and returns how many were answered. The
// client asks from a fresh address each time.
func guessFor(g *guesses, kind guessKind, d time.Duration, from func(n int) netip.Addr) (answered, refused int) {
	const answer = 10 * time.Millisecond
	start := time.Unix(0, 0)
	for now, n := start, 0; now.Sub(start) < d; n++ {
		wait, ok := g.take(now, kind, from(n), fmt.Sprint("code ", n))
		if now = now.Add(answer); !ok {
			refused++
			continue
		}
		now = now.Add(wait)
		answered++
	}
	return answered, refused
}

// TestGuesses_OfAnAddressAreFewerThanOneASecond counts the answers to a client that asks as fast as it can. Wrong
// resume secrets, of which there may be many after the server was started again, are fewer once the first ones are used
// up.
func TestGuesses_OfAnAddressAreFewerThanOneASecond(t *testing.T) {
	for kind, within := range map[guessKind]time.Duration{
		roomGuess: time.Minute, matchGuess: time.Minute, resumeGuess: 20 * time.Minute,
	} {
		g := newGuesses(DefaultMaxPerAddress)
		from := func(int) netip.Addr { return netip.MustParseAddr("192.0.2.1") }
		answered, refused := guessFor(g, kind, within, from)
		rate, allowed := float64(answered)/within.Seconds(), int(within/guessesWithin)*g.most[kind]
		if rate >= 1 || answered < allowed || refused == 0 && kind != resumeGuess {
			t.Errorf("kind %d: %d answers in %v, %.2f a second, and %d refusals; want fewer than one a second, and %d "+
				"at least", kind, answered, within, rate, refused, allowed)
		}
	}
}

// TestGuesses_ManyPrefixesOfOneCustomer has an attacker with an IPv6 /56, who changes the /64, and one with a /48.
func TestGuesses_ManyPrefixesOfOneCustomer(t *testing.T) {
	for bits, most := range map[int]int{56: 4 * 40 * 2, 48: 16 * 40 * 2} {
		g := newGuesses(DefaultMaxPerAddress)
		answered, _ := guessFor(g, roomGuess, guessesWithin, func(n int) netip.Addr {
			a := netip.MustParseAddr("2001:db8::1").As16()
			a[7] = byte(n)
			if bits == 48 {
				a[6] = byte(n >> 8)
			}
			return netip.AddrFrom16(a)
		})
		if answered > most {
			t.Errorf("a customer with a /%d has %d answers in %v, want %d at most", bits, answered, guessesWithin, most)
		}
	}
}

func TestGuesses_ForeignAddressesAreNotDelayed(t *testing.T) {
	g := newGuesses(DefaultMaxPerAddress)
	guessFor(g, roomGuess, time.Minute, func(int) netip.Addr { return netip.MustParseAddr("192.0.2.1") })
	guessFor(g, roomGuess, time.Minute, func(int) netip.Addr { return netip.MustParseAddr("2001:db8:1::1") })
	for _, addr := range []string{"192.0.2.2", "2001:db8:2::1", "2001:db8:1:100::1"} {
		if wait, ok := g.take(time.Unix(60, 0), roomGuess, netip.MustParseAddr(addr), "maple-42"); wait > 0 || !ok {
			t.Errorf("a client at %s waits for %v (%v) because of others", addr, wait, ok)
		}
	}
}

// TestGuesses_SameCodeIsNoGuess: a class waits for the match of one room, and players come back to their rooms.
func TestGuesses_SameCodeIsNoGuess(t *testing.T) {
	g, from := newGuesses(DefaultMaxPerAddress), netip.MustParseAddr("192.0.2.1")
	for round := range 3 {
		for room := range DefaultMaxPerAddress / 2 {
			wait, ok := g.take(time.Unix(0, 0), roomGuess, from, fmt.Sprint("room ", room))
			if wait > 0 || !ok {
				t.Fatalf("room %d in round %d waits for %v (%v), want no wait for half as many rooms as players", room,
					round, wait, ok)
			}
		}
	}
	for n := range DefaultMaxPerAddress {
		wait, ok := g.take(time.Unix(0, 0), roomGuess, from, fmt.Sprint("another ", n))
		if !ok {
			return
		}
		if wait > maxGuessWait {
			t.Errorf("another room at once waits for %v, want %v at most", wait, maxGuessWait)
		}
	}
	t.Error("as many rooms at once as an address may have players are not refused")
}

// TestGuesses_MemoryIsBounded counts the prefixes after guesses from many.
func TestGuesses_MemoryIsBounded(t *testing.T) {
	g := newGuesses(DefaultMaxPerAddress)
	now := time.Unix(0, 0)
	for n := range 2 * maxGuessers {
		a := netip.MustParseAddr("2001:db8::1").As16()
		a[2], a[3], a[4] = byte(n), byte(n>>8), byte(n>>16)
		g.take(now.Add(time.Duration(n)*time.Millisecond), roomGuess, netip.AddrFrom16(a), fmt.Sprint(n))
	}
	if n := len(g.prefixes); n > maxGuessers {
		t.Errorf("%d prefixes are remembered, want %d at most", n, maxGuessers)
	}
}
