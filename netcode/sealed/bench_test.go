package sealed

import (
	"slices"
	"testing"
)

// stateLen is the plaintext of a full STATE: 100 bytes sealed at most.
const stateLen = 70

func TestSession_AllocatesNothing(t *testing.T) {
	for name, suite := range suites {
		client, server := mustNew(t, Client, suite), mustNew(t, Server, suite)
		plaintext := make([]byte, stateLen)
		sealed, opened := make([]byte, 0, MaxDatagram), make([]byte, 0, MaxDatagram)
		if got := testing.AllocsPerRun(1000, func() {
			datagram, err := client.Seal(sealed, plaintext)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := server.Open(opened, datagram); err != nil {
				t.Fatal(err)
			}
			if _, _, err := server.Open(opened, datagram); err != ErrReplay {
				t.Fatal(err)
			}
			datagram[10] ^= 0x40 // a number not yet seen
			if _, _, err := server.Open(opened, datagram); err != ErrForged {
				t.Fatal(err)
			}
		}); got != 0 {
			t.Errorf("%s: Seal, Open and refusals allocate %v times, want 0", name, got)
		}
	}
}

// BenchmarkSession_SealOpen seals and opens one STATE.
func BenchmarkSession_SealOpen(b *testing.B) {
	for name, suite := range suites {
		b.Run(name, func(b *testing.B) {
			server, client := mustNew(b, Server, suite), mustNew(b, Client, suite)
			plaintext := make([]byte, stateLen)
			sealed, opened := make([]byte, 0, MaxDatagram), make([]byte, 0, MaxDatagram)
			b.ReportAllocs()
			for b.Loop() {
				if server.sent == MaxPackets { // a long run starts the numbers again
					server.sent, client.window = 0, replayWindow{}
				}
				datagram, err := server.Seal(sealed, plaintext)
				if err != nil {
					b.Fatal(err)
				}
				if _, _, err := client.Open(opened, datagram); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSession_OpenForged refuses a forged datagram that names the session.
func BenchmarkSession_OpenForged(b *testing.B) {
	client, server := pair(b)
	datagram := mustSeal(b, client, make([]byte, stateLen))
	datagram[len(datagram)-1] ^= 1
	refuse(b, server, datagram, ErrForged)
}

// BenchmarkSession_OpenReplay refuses a replayed datagram, which takes no decryption.
func BenchmarkSession_OpenReplay(b *testing.B) {
	client, server := pair(b)
	datagram := mustSeal(b, client, make([]byte, stateLen))
	mustOpen(b, server, slices.Clone(datagram))
	refuse(b, server, datagram, ErrReplay)
}

func refuse(b *testing.B, s *Session, datagram []byte, want error) {
	opened := make([]byte, 0, MaxDatagram)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.Open(opened, datagram); err != want {
			b.Fatalf("error %v, want %v", err, want)
		}
	}
}
