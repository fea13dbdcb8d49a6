package sealed

import (
	"bytes"
	"crypto/tls"
	"errors"
	"slices"
	"testing"
)

var testID = ID{0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8}

// testLabel is the label of the vectors, and of Pong.
const testLabel Label = "pong-udp v1"

// testSecret is 000102..1f, the secret of the vectors.
func testSecret() []byte {
	secret := make([]byte, secretLen)
	for i := range secret {
		secret[i] = byte(i)
	}
	return secret
}

func mustNew(t testing.TB, role Role, suite uint16) *Session {
	t.Helper()
	s, err := FromSecret(role, testLabel, suite, testSecret(), testID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pair returns the two ends of one session.
func pair(t testing.TB) (client, server *Session) {
	t.Helper()
	return mustNew(t, Client, tls.TLS_AES_128_GCM_SHA256), mustNew(t, Server, tls.TLS_AES_128_GCM_SHA256)
}

func mustSeal(t testing.TB, s *Session, plaintext []byte) []byte {
	t.Helper()
	datagram, err := s.Seal(nil, plaintext)
	if err != nil {
		t.Fatal(err)
	}
	return datagram
}

func mustOpen(t testing.TB, s *Session, datagram []byte) ([]byte, uint32) {
	t.Helper()
	plaintext, n, err := s.Open(nil, datagram)
	if err != nil {
		t.Fatalf("open %x: %v", datagram, err)
	}
	return plaintext, n
}

// mustRefuse opens datagram and fails unless it is refused with want (with any error if want is nil) and nothing
// changes but the counter of that error.
func mustRefuse(t testing.TB, s *Session, datagram []byte, want error) {
	t.Helper()
	window, sent, stats := s.window, s.sent, s.stats
	plaintext, n, err := s.Open(nil, datagram)
	if err == nil || want != nil && err != want {
		t.Fatalf("open %x: error %v, want %v", datagram, err, want)
	}
	if plaintext != nil || n != 0 {
		t.Errorf("refused with plaintext %x and number %d, want none", plaintext, n)
	}
	switch err {
	case ErrMalformed:
		stats.Malformed++
	case ErrSession:
		stats.WrongSession++
	case ErrReplay:
		stats.Replayed++
	case ErrForged:
		stats.Forged++
	default:
		t.Fatalf("open %x: %v is not an error of Open", datagram, err)
	}
	if s.stats != stats {
		t.Errorf("counters after %v: %+v, want %+v", err, s.stats, stats)
	}
	if s.window != window || s.sent != sent {
		t.Errorf("refusing with %v changed the session: newest %d, was %d", err, s.Newest(), window.newest)
	}
}

func TestSession_SealsAndOpensBothWays(t *testing.T) {
	client, server := pair(t)
	for i := uint32(1); i <= 3; i++ {
		for _, way := range []struct{ from, to *Session }{{client, server}, {server, client}} {
			want := bytes.Repeat([]byte{byte(i)}, int(i)*20)
			datagram, err := way.from.Seal([]byte("before"), want)
			if err != nil {
				t.Fatal(err)
			}
			if len(datagram) != len("before")+len(want)+Overhead || string(datagram[:6]) != "before" {
				t.Fatalf("Seal appended %x to before", datagram)
			}
			got, n, err := way.to.Open([]byte("before"), datagram[6:])
			if err != nil || n != i || !bytes.Equal(got, append([]byte("before"), want...)) {
				t.Fatalf("opened %x, number %d, error %v; want %x, number %d", got, n, err, want, i)
			}
			if way.to.Newest() != i {
				t.Errorf("newest is %d, want %d", way.to.Newest(), i)
			}
		}
	}
	if want := (Stats{Sealed: 3, Opened: 3}); client.Stats() != want || server.Stats() != want {
		t.Errorf("counters %+v and %+v, want %+v", client.Stats(), server.Stats(), want)
	}
}

func TestSession_NewestIsTheGreatestNumber(t *testing.T) {
	client, server := pair(t)
	first, second := mustSeal(t, client, []byte{1}), mustSeal(t, client, []byte{2})
	mustOpen(t, server, second)
	if _, n := mustOpen(t, server, first); n != 1 || server.Newest() != 2 {
		t.Errorf("opened number %d with newest %d, want 1 and 2", n, server.Newest())
	}
}

func TestOpen_RefusesReplays(t *testing.T) {
	client, server := pair(t)
	var datagrams [][]byte
	for range windowBits + 2 {
		datagrams = append(datagrams, mustSeal(t, client, []byte{1}))
	}
	mustOpen(t, server, datagrams[0])
	mustRefuse(t, server, datagrams[0], ErrReplay)
	mustOpen(t, server, datagrams[windowBits+1])
	mustRefuse(t, server, datagrams[windowBits+1], ErrReplay)
	mustRefuse(t, server, datagrams[1], ErrReplay) // 1024 behind: never seen, too old
	mustOpen(t, server, datagrams[2])
}

func TestOpen_RefusesEveryBitFlip(t *testing.T) {
	client, server := pair(t)
	mustOpen(t, server, mustSeal(t, client, []byte("first")))
	datagram := mustSeal(t, client, bytes.Repeat([]byte("state "), 12))
	for bit := range len(datagram) * 8 {
		flipped := slices.Clone(datagram)
		flipped[bit/8] ^= 1 << (bit % 8)
		var want error
		switch at := bit / 8; {
		case at == 0:
			want = ErrMalformed
		case at < 9:
			want = ErrSession
		case at >= HeaderLen:
			want = ErrForged
		}
		mustRefuse(t, server, flipped, want)
	}
	mustOpen(t, server, datagram) // the original is still accepted
}

func TestOpen_ForgedNumberDoesNotMoveTheWindow(t *testing.T) {
	client, server := pair(t)
	forged := mustSeal(t, client, []byte("number one"))
	forged[10] = 0x40 // number 2^22 + 1
	mustRefuse(t, server, forged, ErrForged)
	mustOpen(t, server, mustSeal(t, client, []byte("number two")))
}

func TestOpen_RefusesOtherLengths(t *testing.T) {
	client, server := pair(t)
	datagram := mustSeal(t, client, bytes.Repeat([]byte{7}, 40))
	for n := range datagram {
		want := ErrForged
		if n < minDatagram {
			want = ErrMalformed
		}
		mustRefuse(t, server, datagram[:n], want)
	}
	for n := len(datagram) + 1; n <= MaxDatagram+300; n++ {
		want := ErrForged
		if n > MaxDatagram {
			want = ErrMalformed
		}
		mustRefuse(t, server, append(slices.Clone(datagram), make([]byte, n-len(datagram))...), want)
	}
	mustOpen(t, server, datagram)
}

func TestOpen_RefusesReflections(t *testing.T) {
	client, server := pair(t)
	mustRefuse(t, client, mustSeal(t, client, []byte("to the server")), ErrForged)
	mustRefuse(t, server, mustSeal(t, server, []byte("to the client")), ErrForged)
}

func TestOpen_RefusesOtherSessions(t *testing.T) {
	_, server := pair(t)
	other, err := FromSecret(Client, testLabel, tls.TLS_AES_128_GCM_SHA256, testSecret(), ID{1})
	if err != nil {
		t.Fatal(err)
	}
	mustRefuse(t, server, mustSeal(t, other, []byte("same keys, other id")), ErrSession)

	zero := make([]byte, secretLen)
	if other, err = FromSecret(Client, testLabel, tls.TLS_AES_128_GCM_SHA256, zero, testID); err != nil {
		t.Fatal(err)
	}
	mustRefuse(t, server, mustSeal(t, other, []byte("same id, other secret")), ErrForged)

	if other, err = FromSecret(Client, "tug v1", tls.TLS_AES_128_GCM_SHA256, testSecret(), testID); err != nil {
		t.Fatal(err)
	}
	mustRefuse(t, server, mustSeal(t, other, []byte("same id and secret, other label")), ErrForged)
}

// Even a peer with the right keys is refused if it counts past the limit.
func TestOpen_RefusesNumbersOutOfRange(t *testing.T) {
	for _, number := range []uint32{0, MaxPackets + 1, 1<<32 - 1} {
		client, server := pair(t)
		header := append([]byte{firstByte}, testID[:]...)
		header = append(header, byte(number>>24), byte(number>>16), byte(number>>8), byte(number))
		datagram := client.out.aead.Seal(header, client.out.nonceOf(number), []byte{1}, header)
		mustRefuse(t, server, datagram, ErrMalformed)
	}
}

func TestSeal_StopsAtTheLastNumber(t *testing.T) {
	client, server := pair(t)
	client.sent = MaxPackets - 1
	if _, n := mustOpen(t, server, mustSeal(t, client, []byte("last"))); n != MaxPackets {
		t.Fatalf("last packet number is %d, want %d", n, MaxPackets)
	}
	for range 2 {
		if datagram, err := client.Seal(nil, []byte("one more")); !errors.Is(err, ErrExhausted) || datagram != nil {
			t.Fatalf("Seal after the last number: %x, error %v; want ErrExhausted", datagram, err)
		}
	}
	if got := client.Stats().Sealed; got != 1 {
		t.Errorf("counted %d sealed, want 1", got)
	}
	mustOpen(t, client, mustSeal(t, server, []byte("the other way goes on")))
}

func TestSeal_TakesEachNumberOnce(t *testing.T) {
	client, server := pair(t)
	for want := uint32(1); want <= 2000; want++ {
		if want%100 == 0 { // a refused plaintext takes none
			if _, err := client.Seal(nil, nil); err == nil {
				t.Fatal("sealed an empty plaintext")
			}
		}
		if _, n := mustOpen(t, server, mustSeal(t, client, []byte{1})); n != want {
			t.Fatalf("packet number %d, want %d", n, want)
		}
	}
}

func TestSeal_RefusesLengths(t *testing.T) {
	client, server := pair(t)
	for _, n := range []int{0, MaxDatagram - Overhead + 1, 1 << 16} {
		if _, err := client.Seal(nil, make([]byte, n)); err == nil {
			t.Errorf("sealed %d bytes, want an error", n)
		}
	}
	for _, n := range []int{1, MaxDatagram - Overhead} {
		if got, _ := mustOpen(t, server, mustSeal(t, client, make([]byte, n))); len(got) != n {
			t.Errorf("opened %d bytes, want %d", len(got), n)
		}
	}
}

func TestParseID_Checks(t *testing.T) {
	datagram := mustSeal(t, mustNew(t, Client, tls.TLS_AES_128_GCM_SHA256), []byte{1})
	longest := append(slices.Clone(datagram), make([]byte, MaxDatagram-len(datagram))...)
	for _, good := range [][]byte{datagram, longest} {
		if id, ok := ParseID(good); !ok || id != testID {
			t.Errorf("id of a datagram of %d bytes is %v, %v; want %v", len(good), id, ok, testID)
		}
	}
	other := slices.Clone(datagram)
	other[0] = 0x0a
	for name, bad := range map[string][]byte{
		"nothing": nil, "too short": datagram[:minDatagram-1], "too long": append(longest, 0), "first byte": other,
	} {
		if id, ok := ParseID(bad); ok || id != (ID{}) {
			t.Errorf("%s: id %v, %v; want none", name, id, ok)
		}
	}
	if got := testID.String(); got != "a1a2a3a4a5a6a7a8" {
		t.Errorf("id prints as %s", got)
	}
}
