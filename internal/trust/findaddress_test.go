package trust

import (
	"strings"
	"testing"
)

const pasted = "pong://192.168.1.20:5555/#k=" + abcBase64

// The links of rooms: one of New, one of a person, and one at a server without a key.
const (
	ofRoom     = pasted + "&r=river-otter-maple-cloud"
	ofOwnRoom  = pasted + "&r=maple-42"
	ofOpenRoom = "pong://pong.example.org:5555/#r=river-otter-maple-cloud"
)

func TestFindAddress_Rooms(t *testing.T) {
	percent := strings.NewReplacer(":", "%3A", "/", "%2F", "#", "%23", "=", "%3D", "&", "%26")
	for _, link := range []string{ofRoom, ofOwnRoom, ofOpenRoom} {
		for _, text := range []string{
			link, " " + link + "\n", link + ".", link + ", see you!", "<" + link + ">",
			"Send this: pong play '" + link + "'", `pong play "` + link + `" --tty`,
			"**" + link + "**", "_" + link + "_", link + "?", link + "…", "（" + link + "）",
			"[join me](" + link + ") now", `<a href="` + strings.ReplaceAll(link, "&", "&amp;") + `">join</a>`,
			"https://chat.example/?text=" + percent.Replace(link) + "%20please", percent.Replace(link),
			strings.ReplaceAll(link, "&", "%26"), "see https://example.org/ and " + link + " and more",
			`{"link":"` + link + `","room":"x"}`, "\u200b" + link + "\ufeff", link + " - and bring Ada",
			"> " + link[:30] + "\n> " + link[30:] + "\n> Ada",
		} {
			if got := FindAddress(text); !sameLink(got, link) {
				t.Errorf("%q: found %q, want %q", text, got, link)
			}
		}
	}
}

// TestFindAddress_RoomsBrokenIntoLines breaks links at every place where a terminal or a mail may.
func TestFindAddress_RoomsBrokenIntoLines(t *testing.T) {
	for _, link := range []string{ofRoom, ofOpenRoom} {
		for at := len(scheme) + 1; at < len(link); at++ {
			for _, text := range []string{
				link[:at] + "\n" + link[at:] + "\nWaiting", link[:at] + " \r\n > " + link[at:] + ".",
			} {
				if got := FindAddress(text); !sameLink(got, link) {
					t.Errorf("%q: found %q, want %q", text, got, link)
				}
			}
		}
	}
	for _, text := range []string{pasted + "&r=maple-\n42\nWaiting", pasted + "&r=maple\n-42\nWaiting"} {
		if got := FindAddress(text); !sameLink(got, ofOwnRoom) {
			t.Errorf("%q: found %q, want %q", text, got, ofOwnRoom)
		}
	}
}

func TestFindAddress_DamagedRoomsAreRefused(t *testing.T) {
	for _, text := range []string{
		pasted + "&", pasted + "&r=", pasted + "&r", pasted + "&r=&", pasted + "&r=..", pasted + "&room=maple-42",
		pasted + "\n&r=", ofRoom + "&x=1", ofRoom + "&r=other", ofRoom + "%2F", pasted + "&r=Maple-42",
		"pong://h/#r=", "pong://h/#r=-", "pong://h/#r=" + strings.Repeat("a", 33), "pong://h/#r=a&k=" + abcBase64,
		"pong://h/#k=abc&r=maple-42", "pong://h/?r=maple-42",
	} {
		found := FindAddress(text)
		if link, err := ParseAddress(found, DefaultPort); err == nil {
			t.Errorf("%q: found %q, which is %+v; want an error", text, found, link)
		}
	}
}

func TestFindAddress(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		// The lines of a server.
		{"Join with: pong play '" + pasted + "'", pasted},
		{"Join with: pong play \"" + pasted + "\"\r\n", pasted},
		{"  join link    " + pasted, pasted},
		{"  address      192.168.1.20:5555", "192.168.1.20:5555"},
		{"  address      [2001:db8::1]:5555", "[2001:db8::1]:5555"},
		{`{"msg":"listening","control_port":5555,"link":"` + pasted + `","fingerprint":"` + abcHex + `"}`, pasted},
		{"link=" + pasted + " fingerprint=" + abcHex, pasted},
		{"pong play '" + pasted + "' --room maple-42", pasted},
		{"Pong server: control TCP 5555, game UDP 5556\n" +
			"  address      192.168.1.20:5555\n  address      10.0.0.1:5555\n" +
			"  fingerprint  " + abcHex + "\n  join link    " + pasted + "\nJoin with: pong play '" + pasted + "'\n" +
			"Waiting for players; a match starts when two are connected. Ctrl-C ends.", pasted},
		{"ACME: pong play 'pong://pong.example.org:5555/' today", "pong://pong.example.org:5555/"},

		// The surroundings in mails, chats and web pages.
		{pasted, pasted}, {" " + pasted + "\t", pasted}, {"<" + pasted + ">", pasted}, {"(" + pasted + ")", pasted},
		{pasted + ".", pasted}, {pasted + ", please!", pasted}, {pasted + "?", pasted}, {"[" + pasted + "]", pasted},
		{"“" + pasted + "”", pasted}, {"«" + pasted + "»", pasted}, {"**" + pasted + "**", pasted},
		{"_" + pasted + "_", pasted}, {"`" + pasted + "`", pasted}, {"[join me](" + pasted + ") now", pasted},
		{"<a href=\"" + pasted + "\">join</a>", pasted}, {"\u200b" + pasted + "\ufeff", pasted}, {pasted + "…", pasted},
		{"\u00a0" + pasted + "\u00a0see you", pasted}, {"Pong" + pasted[4:], pasted}, {"参加" + pasted + "。", pasted},
		{"see https://example.org/pong, then " + pasted, pasted},
		{"pong://[2001:db8::1]:5555/#k=" + abcBase64 + "]", "pong://[2001:db8::1]:5555/#k=" + abcBase64},
		{"pong://192.168.1.20:5555/#k=" + abcHex + ",", "pong://192.168.1.20:5555/#k=" + abcHex},
		{"[pong://[::1]]", "pong://[::1]"}, {"pong://[::1].", "pong://[::1]"},
		{"pong://example.org, I think", "pong://example.org"},

		// Percent signs.
		{strings.Replace(pasted, "#", "%23", 1), pasted},
		{strings.Replace(pasted, "#k=", "%23k%3D", 1) + "%20", pasted},
		{"https://chat.example/?text=pong%3A%2F%2F192.168.1.20%3A5555%2F%23k%3d" + abcBase64, pasted},
		{"pong://[fe80::1%25eth0]:5555/#k=" + abcBase64, "pong://[fe80::1%25eth0]:5555/#k=" + abcBase64},
		{"pong://[fe80::1%23k]:5555/", "pong://[fe80::1%23k]:5555/"},

		// Broken into lines.
		{pasted[:12] + "\n" + pasted[12:], pasted}, {pasted[:26] + "\r\n" + pasted[26:], pasted},
		{pasted[:40] + "\n   " + pasted[40:60] + " \n" + pasted[60:] + "\nWaiting for players", pasted},
		{"> " + pasted[:50] + "\n> " + pasted[50:] + "\n> Ada", pasted},

		// Addresses.
		{"localhost", "localhost"}, {" example.org:7000 ", "example.org:7000"}, {"host:5555/", "host:5555"},
		{"'192.168.1.20:5555'", "192.168.1.20:5555"}, {"<example.org>", "example.org"}, {"example.org.", "example.org"},
		{"my server is 192.168.1.20, join!", "192.168.1.20"}, {"play at server-1:5555 at 12:30", "server-1:5555"},
		{"::1", "::1"}, {"[::1]:65535", "[::1]:65535"},

		// A text without an address stays as it is, for the error.
		{"", ""}, {" a  b ", "a  b"}, {"10.0.0.1 or 10.0.0.2", "10.0.0.1 or 10.0.0.2"},
		{"http://host/", "http://host/"}, {"user@host", "user@host"},
		{"host:", "host:"}, {"pong://", "pong://"}, {"[::1", "[::1"},
	} {
		if got := FindAddress(test.text); got != test.want && !sameLink(got, test.want) {
			t.Errorf("%q: found %q, want %q", test.text, got, test.want)
		}
	}
}

// sameLink reports whether two texts are the same join link with a key or a room.
func sameLink(a, b string) bool {
	one, err := ParseJoinLink(a)
	other, err2 := ParseJoinLink(b)
	return err == nil && err2 == nil && (one.HasKey || one.Room != "") && one == other
}

// A damaged link must not be taken for one without a key.
func TestFindAddress_DamagedKeysAreRefused(t *testing.T) {
	for _, text := range []string{
		pasted[:len(pasted)-1], pasted[:len(pasted)-20] + "…", pasted[:len(pasted)-20] + "... and so on",
		pasted + "A", pasted + "&x=1",
		"pong://192.168.1.20:5555/ is the server, #k=" + abcBase64, "pong://192.168.1.20:5555/#k=", "pong://h/#",
		"pong://h/%23k=abc", "pong://h/#k= " + abcBase64[:20] + " or so", strings.Replace(pasted, "#k=", "#key=", 1),
		"pong://h:5555/#k=" + abcBase64[:42] + "ä",
	} {
		found := FindAddress(text)
		if link, err := ParseAddress(found, DefaultPort); err == nil {
			t.Errorf("%q: found %q, which is %+v; want an error", text, found, link)
		}
	}
}

// In every text around it, and broken into lines anywhere, the link is found and no other.
func FuzzFindAddress(f *testing.F) {
	f.Add("Join with: pong play '", "'\nWaiting", uint16(30), uint16(50))
	f.Add("> ", " pong://other:5555/", uint16(4), uint16(60))
	f.Add("100%25 <", ">.", uint16(28), uint16(29))
	f.Fuzz(func(t *testing.T, before, after string, first, second uint16) {
		found := FindAddress(before)
		if link, err := ParseAddress(found, DefaultPort); err == nil {
			if again := FindAddress(found); again != found {
				t.Fatalf("%q: found %q, and in that %q", before, found, again)
			}
			if indexScheme(before) >= 0 && strings.Contains(before[indexScheme(before):], "#k=") && !link.HasKey {
				t.Fatalf("%q: found %q, without the key", before, found)
			}
		}
		if len(before) > maxPasted/2 || indexScheme(before) >= 0 || indexScheme(decodePercent(before)) >= 0 ||
			after != "" && strings.ContainsRune("#%&+/=?@", rune(after[0])) {
			return
		}
		const part = len(pasted) - len(scheme)
		at := []int{len(scheme) + int(first)%part, len(scheme) + int(second)%part}
		if at[0] > at[1] {
			at[0], at[1] = at[1], at[0]
		}
		text := before + "\n" + pasted[:at[0]] + "\n" + pasted[at[0]:at[1]] + "\r\n  " + pasted[at[1]:] + "\n\n" + after
		if strings.Contains(strings.ToLower(after), "://") || strings.ContainsAny(after, "#%") {
			return
		}
		if got := FindAddress(text); got != pasted {
			t.Fatalf("%q: found %q, want %q", text, got, pasted)
		}
	})
}
