package ticket

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"pong/internal/names"
	"pong/internal/rooms"
)

// testKey returns the private key of a seed of equal bytes.
func testKey(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

// noon is in the life of the ticket that valid returns.
var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func valid() Ticket {
	return Ticket{
		ID: ID{1, 2, 3}, Role: Player, Server: Server{9}, Room: "maple-42", Name: "Zoë",
		NotBefore: SecondsOf(noon.Add(-time.Hour)), Expires: SecondsOf(noon.Add(time.Hour)),
	}
}

func mustSign(t testing.TB, ticket Ticket, key ed25519.PrivateKey) string {
	t.Helper()
	text, err := Sign(ticket, key)
	if err != nil {
		t.Fatalf("Sign(%+v): %v", ticket, err)
	}
	return text
}

// checker takes tickets of the keys with these seeds, for the server {9}.
func checker(seeds ...byte) *Checker {
	c := &Checker{Servers: func() []Server { return []Server{{8}, {9}} }}
	for _, b := range seeds {
		c.Keys = append(c.Keys, testKey(b).Public().(ed25519.PublicKey))
	}
	return c
}

func TestCheck(t *testing.T) {
	with := func(change func(*Ticket)) string {
		ticket := valid()
		change(&ticket)
		return mustSign(t, ticket, testKey(1))
	}
	text := mustSign(t, valid(), testKey(1))
	early, late := noon.Add(-time.Hour), noon.Add(time.Hour) // the first second and that after the last
	for _, c := range []struct {
		what string
		text string
		at   time.Time
		want error
	}{
		{"a valid ticket", text, noon, nil},
		{"the second of two keys", mustSign(t, valid(), testKey(2)), noon, nil},
		{"a key that the server does not have", mustSign(t, valid(), testKey(3)), noon, ErrInvalid},
		{"any server", with(func(t *Ticket) { t.Server = Server{} }), noon, nil},
		{"a former identity", with(func(t *Ticket) { t.Server = Server{8} }), noon, nil},
		{"another server", with(func(t *Ticket) { t.Server = Server{7} }), noon, ErrServer},
		{"a watcher", with(func(t *Ticket) { t.Role = Watcher }), noon, nil},
		{"neither room nor name", with(func(t *Ticket) { t.Room, t.Name = "", "" }), noon, nil},
		{"the longest room and name", with(func(t *Ticket) {
			t.Room, t.Name = strings.Repeat("r", maxRoom), strings.Repeat("n", maxName)
		}), noon, nil},
		{"the clocks differ by as much as they may", text, early.Add(-Skew), nil},
		{"a second too early", text, early.Add(-Skew - time.Second), ErrEarly},
		{"the last second", text, late.Add(Skew - time.Second), nil},
		{"a second too late", text, late.Add(Skew), ErrExpired},
		{"long before 1970", text, time.Unix(-1<<40, 0), ErrEarly},
		{"long after 2106", text, time.Unix(1<<40, 0), ErrExpired},
		{"no ticket", "", noon, ErrInvalid},
		{"padding", text + "=", noon, ErrInvalid},
		{"a space", text + " ", noon, ErrInvalid},
		{"a line end", text[:80] + "\n" + text[80:], noon, ErrInvalid},
		{"too long", text + strings.Repeat("A", MaxText), noon, ErrInvalid},
	} {
		if _, err := checker(1, 2).Check(c.text, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: Check at %v: %v, want %v", c.what, c.at, err, c.want)
		}
	}
}

// TestCheck_EveryBitIsSigned changes each bit of a ticket.
func TestCheck_EveryBitIsSigned(t *testing.T) {
	whole, err := encoding.DecodeString(mustSign(t, valid(), testKey(1)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 * len(whole) {
		changed := bytes.Clone(whole)
		changed[i/8] ^= 1 << (i % 8)
		if got, err := checker(1).Check(encoding.EncodeToString(changed), noon); !errors.Is(err, ErrInvalid) {
			t.Errorf("bit %d of byte %d changed: Check: %+v, %v, want %v", i%8, i/8, got, err, ErrInvalid)
		}
	}
	for n := range whole {
		if _, err := checker(1).Check(encoding.EncodeToString(whole[:n]), noon); !errors.Is(err, ErrInvalid) {
			t.Errorf("%d of %d bytes: Check: %v, want %v", n, len(whole), err, ErrInvalid)
		}
	}
}

// TestCheck_SignatureForAnotherPurpose checks that what is signed begins with words of its own.
func TestCheck_SignatureForAnotherPurpose(t *testing.T) {
	body := valid().append(nil)
	text := encoding.EncodeToString(append(body, ed25519.Sign(testKey(1), body)...))
	if _, err := checker(1).Check(text, noon); !errors.Is(err, ErrInvalid) {
		t.Errorf("Check with a signature of the bytes alone: %v, want %v", err, ErrInvalid)
	}
}

// TestParse_HasOneSpelling sets a spare bit of the last character. With names of no byte and of two there are some.
func TestParse_HasOneSpelling(t *testing.T) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	ticket := valid()
	ticket.Room = ""
	for _, name := range []string{"", "nn"} {
		ticket.Name = name
		text := mustSign(t, ticket, testKey(1))
		last := len(text) - 1
		next := text[:last] + alphabet[strings.IndexByte(alphabet, text[last])+1:][:1]
		if _, err := Parse(next); !errors.Is(err, ErrInvalid) {
			t.Errorf("the last character of %q is changed to %q: Parse: %v, want %v", text, next, err, ErrInvalid)
		}
	}
}

func TestSign_Refuses(t *testing.T) {
	for what, change := range map[string]func(*Ticket){
		"no id":            func(t *Ticket) { t.ID = ID{} },
		"no role":          func(t *Ticket) { t.Role = 0 },
		"an unknown role":  func(t *Ticket) { t.Role = 3 },
		"never valid":      func(t *Ticket) { t.Expires = t.NotBefore },
		"a room too long":  func(t *Ticket) { t.Room = strings.Repeat("r", maxRoom+1) },
		"a name too long":  func(t *Ticket) { t.Name = strings.Repeat("n", maxName+1) },
		"expires in 1970":  func(t *Ticket) { t.NotBefore, t.Expires = 0, 0 },
		"before it begins": func(t *Ticket) { t.NotBefore, t.Expires = t.Expires, t.NotBefore },
	} {
		ticket := valid()
		if change(&ticket); ticket == valid() {
			t.Fatalf("%s: nothing is changed", what)
		}
		if text, err := Sign(ticket, testKey(1)); err == nil {
			t.Errorf("%s: Sign returns %q, want an error", what, text)
		}
	}
}

func TestLimits_AreThoseOfTheProtocol(t *testing.T) {
	if maxRoom != rooms.MaxLen || maxName != names.MaxBytes {
		t.Errorf("a ticket has %d characters of room and %d bytes of name, the protocol %d and %d", maxRoom, maxName,
			rooms.MaxLen, names.MaxBytes)
	}
	if got := encoding.EncodedLen(maxLen); got != MaxText {
		t.Errorf("MaxText is %d, and the longest ticket has %d characters", MaxText, got)
	}
}

func TestSecondsOf_Clamps(t *testing.T) {
	for at, want := range map[int64]Seconds{-1: 0, 0: 0, 1795000000: 1795000000, 1 << 33: 1<<32 - 1} {
		if got := SecondsOf(time.Unix(at, 999)); got != want {
			t.Errorf("SecondsOf(%d s) = %d, want %d", at, got, want)
		}
	}
}

// FuzzTicket gives any text to Parse and Check. A ticket that is read is written as the same bytes, and no text is
// valid but one that was signed.
func FuzzTicket(f *testing.F) {
	good := mustSign(f, valid(), testKey(1))
	for _, seed := range []string{"", "A", good, good[:100], good + "AAAA", strings.Repeat("A", MaxText+4),
		mustSign(f, Ticket{ID: ID{1}, Role: Watcher, Expires: 1}, testKey(2))} {
		f.Add(seed)
	}
	c := checker(1)
	f.Fuzz(func(t *testing.T, text string) {
		ticket, err := c.Check(text, noon)
		if err == nil && text != good {
			t.Errorf("%q is valid, and nobody has signed it", text)
		}
		if err != nil && !errors.Is(err, ErrInvalid) && ticket != valid() {
			t.Errorf("Check(%q) looks at a ticket that nobody has signed: %v", text, err)
		}
		parsed, body, signature, err := parse(text)
		if err != nil {
			if !errors.Is(err, ErrInvalid) {
				t.Errorf("Parse(%q): %v, want %v", text, err, ErrInvalid)
			}
			return
		}
		if again := parsed.append(nil); !bytes.Equal(again, body) {
			t.Errorf("%+v is written as\n%x, and was read from\n%x", parsed, again, body)
		}
		if again := encoding.EncodeToString(append(body, signature...)); again != text {
			t.Errorf("the bytes are written as %q, and were read from %q", again, text)
		}
	})
}
