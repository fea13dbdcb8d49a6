package sealed

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	home   = route("192.0.2.1:4000", "203.0.113.1")
	train  = route("198.51.100.7:4000", "203.0.113.1")
	cafe   = route("[2001:db8::1]:4000", "2001:db8:1::1")
	second = route("192.0.2.1:4000", "203.0.113.2") // from home, to another address of the server

	secretA = [8]byte{1, 2, 3, 4, 5, 6, 7, 8}
	secretB = [8]byte{8, 7, 6, 5, 4, 3, 2, 1}

	pathStart = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
)

func route(remote, local string) Route {
	return Route{netip.MustParseAddrPort(remote), netip.MustParseAddr(local)}
}

// used returns the route in use.
func (p *Path) used() Route { return Route{p.Address(), p.Local()} }

func at(ms int) time.Time { return pathStart.Add(time.Duration(ms) * time.Millisecond) }

func bound(r Route) *Path {
	p := new(Path)
	p.Bind(r)
	return p
}

// wantPath fails unless p sends by a route and validates a candidate.
func wantPath(t testing.TB, p *Path, used, candidate Route) {
	t.Helper()
	if p.used() != used || p.Candidate() != candidate {
		t.Fatalf("route %v, candidate %v; want %v, %v", p.used(), p.Candidate(), used, candidate)
	}
}

func TestPath_MovesAfterTheResponse(t *testing.T) {
	p := bound(home)
	if p.Received(at(0), home, 80, true, secretA) {
		t.Fatal("challenged the address in use")
	}
	if !p.Received(at(16), train, 80, true, secretA) {
		t.Fatal("a newest packet from a new address started no challenge")
	}
	wantPath(t, p, home, train)
	if p.Challenge() != secretA {
		t.Fatalf("challenge %x, want %x", p.Challenge(), secretA)
	}
	if !p.Response(at(60), train, secretA) {
		t.Fatal("the response did not move the path")
	}
	wantPath(t, p, train, Route{})
	if p.Received(at(61), train, 80, true, secretB) || p.Response(at(61), train, secretA) {
		t.Error("challenged or moved again where it already is")
	}
}

func TestPath_WithoutAddress(t *testing.T) {
	var p Path
	// A missing candidate has an all-zero challenge and address.
	if p.Response(at(0), Route{}, [8]byte{}) || p.MaySend(0) {
		t.Error("a path without an address moved or may send")
	}
	wantPath(t, &p, Route{}, Route{})

	unproven := p
	if !unproven.Received(at(0), train, 59, true, secretA) || unproven.MaySend(60) {
		t.Error("the first address is not challenged, or may be sent more bytes than came from it")
	}
	wantPath(t, &unproven, Route{}, train)
	if !unproven.Response(at(40), train, secretA) {
		t.Error("the first address responded and is not used")
	}
	wantPath(t, &unproven, train, Route{})

	p.Bind(home)
	if p.Response(at(0), Route{}, [8]byte{}) || p.Received(at(0), Route{}, 80, true, secretA) {
		t.Error("a path moved to the invalid address")
	}
	p.Bind(train) // a REGISTER repeated from elsewhere
	wantPath(t, &p, home, Route{})
}

func TestPath_IgnoresLatePackets(t *testing.T) {
	p := bound(home)
	if p.Received(at(0), train, 80, false, secretA) {
		t.Error("a late packet started a challenge")
	}
	wantPath(t, p, home, Route{})
	p.Received(at(1), train, 80, true, secretA)
	p.Received(at(2), home, 80, false, secretB) // sent before the move, arrives after
	p.Received(at(3), cafe, 80, false, secretB)
	wantPath(t, p, home, train)
	if !p.Response(at(4), train, secretA) {
		t.Error("a late packet ended the challenge")
	}
}

func TestPath_StaysWhileTheOldAddressIsUsed(t *testing.T) {
	p := bound(home)
	p.Received(at(0), train, 80, true, secretA) // a copy that was quicker
	p.Received(at(16), home, 80, true, secretB)
	wantPath(t, p, home, Route{})
	if p.Response(at(20), train, secretA) {
		t.Error("moved away from an address that is in use")
	}
}

func TestPath_RefusesWrongResponses(t *testing.T) {
	p := bound(home)
	p.Received(at(0), train, 80, true, secretA)
	for bit := range 64 {
		wrong := secretA
		wrong[bit/8] ^= 1 << (bit % 8)
		if p.Response(at(1), train, wrong) {
			t.Fatalf("moved by a response with bit %d wrong", bit)
		}
	}
	otherPort, otherLocal := route("198.51.100.7:4001", "203.0.113.1"), route("198.51.100.7:4000", "203.0.113.2")
	for _, from := range []Route{home, cafe, otherPort, otherLocal} {
		if p.Response(at(1), from, secretA) {
			t.Errorf("moved by a response from %v", from)
		}
	}
	wantPath(t, p, home, train)
	if !p.Response(at(2), train, secretA) {
		t.Error("wrong responses ended the challenge")
	}
}

func TestPath_ThirdAddressReplacesTheCandidate(t *testing.T) {
	p := bound(home)
	p.Received(at(0), train, 500, true, secretA)
	if !p.Received(at(10), cafe, 80, true, secretB) {
		t.Error("a newest packet from a third address started no challenge")
	}
	wantPath(t, p, home, cafe)
	if p.MaySend(81) {
		t.Error("the bytes from one address pay for another")
	}
	if p.Response(at(11), train, secretA) || p.Response(at(11), cafe, secretA) {
		t.Error("moved by the response to a challenge that was replaced")
	}
	if !p.Response(at(12), cafe, secretB) {
		t.Error("the response of the third address did not move the path")
	}
}

func TestPath_RepeatsTheSameChallenge(t *testing.T) {
	p := bound(home)
	var due []int
	for ms := 0; ms < 3000; ms += 10 {
		if p.Received(at(ms), train, 80, true, [8]byte{byte(ms / 10)}) {
			due = append(due, ms)
		}
		if p.Challenge() != ([8]byte{}) {
			t.Fatalf("at %d ms the challenge has changed to %x", ms, p.Challenge())
		}
	}
	if len(due) != 30 || due[0] != 0 || due[1] != 100 || due[29] != 2900 {
		t.Errorf("challenges due at %v ms, want one every 100 ms from 0 to 2900", due)
	}
	if !p.Response(at(2999), train, [8]byte{}) {
		t.Error("a response in time was refused")
	}
}

func TestPath_DropsTheCandidateAfterThreeSeconds(t *testing.T) {
	p := bound(home)
	p.Received(at(0), train, 80, true, secretA)
	if p.Response(at(3000), train, secretA) {
		t.Error("moved by a response after 3 s")
	}
	wantPath(t, p, home, Route{})

	p.Received(at(4000), train, 80, true, secretA)
	if p.Received(at(7000), train, 80, false, secretB) {
		t.Error("a late packet started a new challenge")
	}
	wantPath(t, p, home, Route{})

	p.Received(at(8000), train, 80, true, secretA)
	if !p.Received(at(11000), train, 50, true, secretB) || p.Challenge() != secretB {
		t.Errorf("after 3 s the challenge is %x, want a new one, %x", p.Challenge(), secretB)
	}
	if p.MaySend(51) {
		t.Error("the bytes of the forgotten challenge still count")
	}
}

func TestPath_SendsNoMoreThanItReceived(t *testing.T) {
	p := bound(home)
	if p.MaySend(0) {
		t.Error("may send without a candidate")
	}
	p.Received(at(0), train, 80, true, secretA)
	if !p.MaySend(80) || p.MaySend(81) {
		t.Error("after 80 bytes in, want to send 80 and no more")
	}
	p.Sent(60)
	if !p.MaySend(20) || p.MaySend(21) {
		t.Error("after 80 in and 60 out, want to send 20 and no more")
	}
	p.Received(at(1), train, 40, false, secretB) // late ones count too
	p.Received(at(1), home, 1000, false, secretB)
	if !p.MaySend(60) || p.MaySend(61) {
		t.Error("after 120 in and 60 out, want to send 60 and no more")
	}
}

// For any order of packets and responses: an address is used only after a response to its own challenge, and no more
// bytes go to an unproved address than came from it.
func TestPath_Invariants(t *testing.T) {
	addrs := []Route{home, train, cafe, second}
	rapid.Check(t, func(t *rapid.T) {
		p := bound(home)
		in, out := map[Route]int{}, map[Route]int{}
		asked := map[Route][8]byte{} // the newest challenge to each
		now, last := 0, [8]byte{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now += rapid.SampledFrom([]int{0, 5, 40, 150, 1000, 3100}).Draw(t, "ms")
			from := rapid.SampledFrom(addrs).Draw(t, "from")
			before := p.used()
			if rapid.IntRange(0, 3).Draw(t, "response") == 0 {
				all := [][8]byte{asked[home], asked[train], asked[cafe], asked[second], {}}
				data := rapid.SampledFrom(all).Draw(t, "data")
				if moved := p.Response(at(now), from, data); moved != (p.used() != before) {
					t.Fatalf("moved is %v, route went from %v to %v", moved, before, p.used())
				} else if moved && (p.used() != from || data != asked[from]) {
					t.Fatalf("moved to %v by %x from %v, whose challenge was %x", p.used(), data, from, asked[from])
				}
				continue
			}
			last[0]++ // unlike any before
			last[1] = 1
			size := rapid.IntRange(30, 100).Draw(t, "size")
			in[from] += size
			if p.Received(at(now), from, size, rapid.Bool().Draw(t, "newest"), last) {
				if p.Candidate() != from {
					t.Fatalf("challenge due to %v for a packet from %v", p.Candidate(), from)
				}
				if p.MaySend(60) {
					p.Sent(60)
					out[from] += 60
					asked[from] = p.Challenge()
				}
			}
			if p.used() != before {
				t.Fatalf("moved from %v to %v without a response", before, p.used())
			}
			if p.Candidate() == p.used() {
				t.Fatalf("the address in use, %v, is its own candidate", before)
			}
			if out[from] > in[from] {
				t.Fatalf("%d bytes to %v, only %d from it", out[from], from, in[from])
			}
		}
	})
}

// TestPath_OtherAddressOfTheServerIsChallenged sends from the address in use to another address of the server. The
// server goes on sending from the first one until the response has come to the second.
func TestPath_OtherAddressOfTheServerIsChallenged(t *testing.T) {
	p := bound(home)
	if !p.Received(at(0), second, 80, true, secretA) {
		t.Error("a newest packet to another address of the server started no challenge")
	}
	wantPath(t, p, home, second)
	if p.Response(at(1), home, secretA) {
		t.Error("moved by a response to the old address of the server")
	}
	if !p.Response(at(2), second, secretA) {
		t.Error("the response did not move the path")
	}
	wantPath(t, p, second, Route{})
}

func TestPath_AllocatesNothing(t *testing.T) {
	p := bound(home)
	ms := 0
	if got := testing.AllocsPerRun(1000, func() {
		ms++
		p.Received(at(ms), train, 80, true, secretA)
		p.Response(at(ms), train, secretB)
	}); got != 0 {
		t.Errorf("a packet and a response allocate %v times, want 0", got)
	}
}
