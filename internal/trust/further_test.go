package trust

import (
	"slices"
	"strings"
	"testing"
)

func TestJoinLink_FurtherAddresses(t *testing.T) {
	const link = "pong://203.0.113.7:5555/#k=" + abcBase64 + "&r=maple-42&also=192.168.1.20:5555,[2001:db8::7]:5555"
	got, err := ParseJoinLink(link)
	want := []string{"203.0.113.7:5555", "192.168.1.20:5555", "[2001:db8::7]:5555"}
	if err != nil || !slices.Equal(got.Addresses(), want) || got.Room != "maple-42" || got.String() != link {
		t.Errorf("%s: got %+v with the addresses %q, error %v; want %q", link, got, got.Addresses(), err, want)
	}
	if without := got.WithoutRoom(); !slices.Equal(without.Addresses(), want) {
		t.Errorf("without the room it has the addresses %q, want %q", without.Addresses(), want)
	}
	// Defaults and other forms are made canonical.
	got, err = ParseJoinLink("pong://h/#k=" + abcBase64 + "&also=Example.ORG,[2001:DB8::7],[fe80::1%25eth0.100]:7000")
	if want := "example.org:5555,[2001:db8::7]:5555,[fe80::1%eth0.100]:7000"; err != nil || got.Further != want {
		t.Errorf("got the further addresses %q, error %v; want %q", got.Further, err, want)
	}
}

func TestJoinLink_WithFurther(t *testing.T) {
	l := JoinLink{Address: "a:1", HasKey: true}.WithFurther([]string{"b:1", "a:1", "b:1", "c:1", "d:1", "e:1", "f:1"})
	if want := "b:1,c:1,d:1,e:1"; l.Further != want {
		t.Errorf("got %q, want %q: four others, each once", l.Further, want)
	}
	if l := (JoinLink{Address: "a:1"}).WithFurther([]string{"b:1"}); l.Further != "" {
		t.Errorf("a link without a key has the further addresses %q, want none", l.Further)
	}
}

func TestParseJoinLink_BadFurtherAddresses(t *testing.T) {
	const link = "pong://h:5555/#k=" + abcBase64
	for _, s := range []string{
		link + "&also=", link + "&also=a,", link + "&also=,a", link + "&also=a:0", link + "&also=a/b",
		link + "&also=a,b,c,d,e", link + "&also=a&r=maple-42", link + "&also=a&also=b", link + "&also=a b",
		link + "&also=[::1", link + "&also=" + strings.Repeat("a", 64), "pong://h:5555/#also=a",
		"pong://h:5555/#r=maple-42&also=a", "pong://h:5555/&also=a",
	} {
		if got, err := ParseJoinLink(s); err == nil {
			t.Errorf("ParseJoinLink(%q) = %+v, want an error", s, got)
		}
		if link, err := ParseAddress(FindAddress(s), DefaultPort); err == nil && link.Further == "" {
			t.Errorf("in %q the link %+v is found, without a further address; want an error", s, link)
		}
	}
}

// A link with further addresses is found in other text, and broken into lines anywhere.
func TestFindAddress_FurtherAddresses(t *testing.T) {
	const link = "pong://203.0.113.7:5555/#k=" + abcBase64 +
		"&r=river-otter-maple-cloud&also=192.168.1.20:5555,[2001:db8::7]:5555"
	texts := []string{link, "Join with: pong play \"" + link + "\"", "<" + link + ">, says Ada", link + ".",
		strings.NewReplacer("#", "%23", "&", "%26", "=", "%3D", "[", "%5B", "]", "%5D", ",", "%2C").Replace(link),
		strings.ReplaceAll(link, "&", "&amp;")}
	for at := len(scheme); at < len(link); at++ {
		texts = append(texts, "Join with "+link[:at]+"\n> "+link[at:]+"\nWaiting for players")
	}
	for _, text := range texts {
		if got := FindAddress(text); got != link {
			t.Errorf("%q: found %q, want %q", text, got, link)
		}
	}
}
