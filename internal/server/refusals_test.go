package server

import (
	"net/netip"
	"testing"
)

func TestRefusals_AreCountedUntilTaken(t *testing.T) {
	r := newRefusals()
	r.count("tls", netip.Addr{})
	r.count("tls", netip.Addr{})
	r.count("full", netip.Addr{})
	if got := r.take(); len(got) != 2 || got["tls"] != 2 || got["full"] != 1 {
		t.Errorf("take() = %v, want 2 tls and 1 full", got)
	}
	if got := r.take(); len(got) != 0 {
		t.Errorf("a second take() = %v, want none", got)
	}
	if got := r.sinceStart(); len(got) != 2 || got["tls"] != 2 || got["full"] != 1 {
		t.Errorf("sinceStart() = %v, want 2 tls and 1 full", got)
	}
}

// TestRefusals_WorstPrefixes names the prefixes that cause most, and forgets them when they stop. However many there
// are, the table does not grow and the worst one is found.
func TestRefusals_WorstPrefixes(t *testing.T) {
	r := newRefusals()
	bad := netip.MustParseAddr("2001:db8::1")
	for i := range 20 * mostPrefixes {
		r.count("tls", netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
		if i%10 == 0 {
			r.omitted(bad)
		}
	}
	if len(r.by) > mostPrefixes {
		t.Errorf("%d prefixes are counted, want at most %d", len(r.by), mostPrefixes)
	}
	worst := r.worst()
	if len(worst) != 1 || worst[0].Prefix.String() != "2001:db8::/64" {
		t.Fatalf("the worst are %v, want 2001:db8::/64 alone", worst)
	}
	for range 20 {
		r.take()
	}
	if len(r.by) > 0 {
		t.Errorf("%d prefixes are still counted a while later, want none", len(r.by))
	}
}
