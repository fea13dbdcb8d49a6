package trust

import (
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for _, test := range [][2]string{
		{"localhost", "localhost:5555"},
		{" localhost:5555 ", "localhost:5555"},
		{"Example.ORG.", "example.org:5555"},
		{"example.org:7000", "example.org:7000"},
		{"example.org:07000", "example.org:7000"},
		{"game_server-1", "game_server-1:5555"},
		{"192.168.1.7", "192.168.1.7:5555"},
		{"192.168.1.7:1", "192.168.1.7:1"},
		{"::1", "[::1]:5555"},
		{"2001:DB8:0::1", "[2001:db8::1]:5555"},
		{"[2001:db8::1]", "[2001:db8::1]:5555"},
		{"[::1]:65535", "[::1]:65535"},
		{"::ffff:10.0.0.1", "10.0.0.1:5555"},
		{"fe80::1%eth0", "[fe80::1%eth0]:5555"}, {"fe80::1%eth0.100", "[fe80::1%eth0.100]:5555"},
		{"[fe80::1%br-lan.1]:7000", "[fe80::1%br-lan.1]:7000"},
		{"pong://[fe80::1%25eth0.100]:7000/", "[fe80::1%eth0.100]:7000"}, {"pong://[fe80::1%25]/", "[fe80::1%25]:5555"},
		{"pong://[fe80::1%251]/", "[fe80::1%251]:5555"},
		{"pong://example.org", "example.org:5555"},
		{"PONG://example.org:7000/", "example.org:7000"},
	} {
		link, err := ParseAddress(test[0], DefaultPort)
		if err != nil || link != (JoinLink{Address: test[1]}) {
			t.Errorf("%q: got %+v, error %v; want address %s", test[0], link, err, test[1])
		}
	}
}

func TestParseAddress_Errors(t *testing.T) {
	for _, test := range [][2]string{
		{"", "empty"},
		{"  ", "empty"},
		{":5555", "host is missing"},
		{".", "host is missing"},
		{"a b", "no spaces"},
		{"a\tb", "no spaces"},
		{"a\x1b[31mb", "not a host name"},
		{"a..b", "not a host name"},
		{"b\u00fccher.example", "not a host name"},
		{"user@host", "not a host name"},
		{"host/path", "not a host name"},
		{strings.Repeat("a", 64), "not a host name"},
		{strings.Repeat("a.", 130) + "a", "not a host name"},
		{"host:", "port must be a number"},
		{"host:0", "port must be a number"},
		{"host:65536", "port must be a number"},
		{"host:-1", "port must be a number"},
		{"host:http", "port must be a number"},
		{"host: 5555", "port must be a number"},
		{"1.2.3", "not an IPv4 address"},
		{"1.2.3.256", "not an IPv4 address"},
		{"127.0.0.01", "not an IPv4 address"},
		{"12345", "not an IPv4 address"},
		{"1:2:3", "not an IPv6 address"},
		{"host:1:2", "not an IPv6 address"},
		{"fe80::1%e/0", "zone"},
		{"[::1", "brackets"},
		{"[::1]5555", "brackets"},
		{"[host]:5555", "brackets"},
		{"[]:5555", "brackets"},
		{"[::1]:", "port must be a number"},
		{"[::1]:x", "port must be a number"},
		{"http://host", "another kind"},
		{"://host", "another kind"},
		{"pong://", "empty"},
	} {
		link, err := ParseAddress(test[0], DefaultPort)
		if err == nil || !strings.Contains(err.Error(), test[1]) {
			t.Errorf("%q: got %+v, error %v; want an error with %q", test[0], link, err, test[1])
		} else if strings.ContainsAny(err.Error(), "\x1b\t") {
			t.Errorf("%q: the error %q contains control characters", test[0], err)
		}
	}
}

func TestParseJoinLink(t *testing.T) {
	key, err := ParseFingerprint(abcHex)
	if err != nil {
		t.Fatal(err)
	}
	const written = "pong://192.168.1.7:5555/#k=" + abcBase64
	link := JoinLink{Address: "192.168.1.7:5555", Key: key, HasKey: true}
	if link.String() != written {
		t.Errorf("String() = %s, want %s", link, written)
	}
	for _, s := range []string{
		written, " " + written + "\n", "Pong://192.168.1.7#k=" + abcBase64, "pong://192.168.1.7:5555/#k=" + abcHex,
	} {
		if got, err := ParseJoinLink(s); err != nil || got != link {
			t.Errorf("%q: got %+v, error %v; want %+v", s, got, err, link)
		}
	}
	// A link that is typed as an address keeps its key.
	if got, err := ParseAddress(written, 7000); err != nil || got != link {
		t.Errorf("as an address: got %+v, error %v; want %+v", got, err, link)
	}
	if got := (JoinLink{Address: "[::1]:5555"}); got.Host() != "::1" || got.String() != "pong://[::1]:5555/" {
		t.Errorf("got host %s of %s", got.Host(), got)
	}
}

// A link whose key is damaged must not pass for one without a key.
func TestParseJoinLink_Errors(t *testing.T) {
	for _, s := range []string{
		"", "pong", "host", "http://host/#k=" + abcBase64,
		"pong://host/#", "pong://host/#k=", "pong://host/#k=" + abcBase64[1:], "pong://host/#k=" + abcBase64 + "&x=1",
		"pong://host/#" + abcBase64, "pong://host/#K=" + abcBase64, "pong://host/#x=1&k=" +
			abcBase64, "pong://host/##k=" + abcBase64,
		"pong://host/#k=" + abcBase64[:20] + " " + abcBase64[20:],
		"pong://host//#k=" + abcBase64, "pong://host/path#k=" + abcBase64, "pong://host?k=" + abcBase64,
		"pong://user@host/", "pong://:5555/", "pong:///",
	} {
		if link, err := ParseJoinLink(s); err == nil {
			t.Errorf("ParseJoinLink(%q) = %+v, want an error", s, link)
		}
	}
}

func TestParseJoinLink_Rooms(t *testing.T) {
	key, err := ParseFingerprint(abcHex)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]JoinLink{
		"pong://h:5555/#k=" + abcBase64 + "&r=maple-42": {
			Address: "h:5555", Key: key, HasKey: true, Room: "maple-42"},
		"pong://h:5555/#r=maple-42": {Address: "h:5555", Room: "maple-42"},
	} {
		if got, err := ParseJoinLink(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: got %+v (%s), error %v; want %+v", text, got, got, err, want)
		}
	}
}

func FuzzParseJoinLink(f *testing.F) {
	f.Add("pong://192.168.1.7:5555/#k=" + abcBase64)
	f.Add("pong://[fe80::1%eth0]")
	f.Add("pong://[fe80::1%25eth0.100]")
	f.Add("pong://host/#k=" + abcHex)
	f.Add("pong://host/#k=" + abcBase64 + "&r=maple-42")
	f.Add("pong://host/#r=a")
	f.Add("pong://host/#k=" + abcBase64 + "&r=a&also=192.168.1.20:5555,[2001:db8::7]:5555")
	f.Add("pong://host/#k=" + abcBase64 + "&also=[fe80::1%25eth0.100],h")
	f.Fuzz(func(t *testing.T, s string) {
		link, err := ParseJoinLink(s)
		if err != nil {
			return
		}
		again, err := ParseJoinLink(link.String())
		if err != nil || again != link {
			t.Fatalf("%q is parsed as %+v, and its form %q as %+v, error %v", s, link, link, again, err)
		}
		if strings.Contains(s, "#") && !link.HasKey && link.Room == "" {
			t.Fatalf("%q lost its key or its room", s)
		}
		if strings.Contains(s, "r=") && strings.ContainsAny(s, "#&") && link.Room == "" {
			t.Fatalf("%q lost its room", s)
		}
		if all := link.Addresses(); strings.Contains(s, furtherMark) != (len(all) > 1) || len(all) > 1+MaxFurther {
			t.Fatalf("%q has the addresses %q", s, all)
		}
	})
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"host", "host:1", "[::1]:5555", "::1", "fe80::1%eth0", "::ffff:1.2.3.4", "1.2.3.4:5555",
		"pong://h:1/#k=" + abcBase64} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		link, err := ParseAddress(s, DefaultPort)
		if err != nil {
			return
		}
		again, err := ParseAddress(link.Address, 1)
		if err != nil || again.Address != link.Address {
			t.Fatalf("%q is parsed as %q, and that as %q, error %v", s, link.Address, again.Address, err)
		}
		if strings.ContainsAny(link.Address, " \t\r\n/#\"") {
			t.Fatalf("%q is parsed as %q", s, link.Address)
		}
	})
}

func TestJoinLink_Want(t *testing.T) {
	one, other := Fingerprint{1}, Fingerprint{2}
	same := one
	for _, c := range []struct {
		link  JoinLink
		named *Fingerprint
		want  *Fingerprint
		fails bool
	}{
		{JoinLink{}, nil, nil, false},
		{JoinLink{}, &one, &one, false},
		{JoinLink{Key: one, HasKey: true}, nil, &one, false},
		{JoinLink{Key: one, HasKey: true}, &same, &one, false},
		{JoinLink{Key: one, HasKey: true}, &other, nil, true},
	} {
		got, err := c.link.Want(c.named)
		if (err != nil) != c.fails || (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("link %v, named %v: %v, %v, want %v, an error: %v", c.link, c.named, got, err, c.want, c.fails)
		}
	}
}
