package trust

import (
	"bytes"
	"crypto/ed25519"
	"strings"
	"testing"

	"pong/internal/ticket"
)

// signedTicket returns a ticket for a name.
func signedTicket(t *testing.T, name string) string {
	t.Helper()
	text, err := ticket.Sign(ticket.Ticket{ID: ticket.ID{1}, Role: ticket.Player, Expires: 1, Name: name},
		ed25519.NewKeyFromSeed(bytes.Repeat([]byte{1}, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestJoinLink_Ticket(t *testing.T) {
	text := signedTicket(t, "")
	with := JoinLink{Address: "192.168.1.7:5555", Key: Fingerprint{1}, HasKey: true, Ticket: text}
	without := JoinLink{Address: "pong.example.org:5555", Ticket: text}
	for _, link := range []JoinLink{with, without} {
		if got, err := ParseJoinLink(link.String()); err != nil || got != link {
			t.Errorf("%v is read as %+v, %v", link, got, err)
		}
		if bare := link.WithoutRoom().String(); strings.Contains(bare, text[:20]) {
			t.Errorf("the link to show and store has the ticket: %s", bare)
		}
	}
	for _, damaged := range []string{
		with.String()[:len(with.String())-1], with.String() + "A", strings.Replace(with.String(), "&t=", "&t=A", 1),
		strings.Replace(with.String(), "&t=", "&r=oak-7&t=", 1), with.String() + "&r=oak-7",
		strings.Replace(with.String(), text, "", 1),
	} {
		got, err := ParseJoinLink(damaged)
		if err == nil || strings.Contains(err.Error(), text[60:]) {
			t.Errorf("%s is read as %+v, %v, want an error without the ticket", damaged, got, err)
		}
	}
}

// TestFindAddress_Ticket finds links with tickets in texts, broken at each place. A link whose ticket is damaged is
// never taken for one without a ticket.
func TestFindAddress_Ticket(t *testing.T) {
	for _, name := range []string{"", "n", "nn", strings.Repeat("n", 256)} {
		whole := JoinLink{Address: "192.168.1.7:5555", Key: Fingerprint{1}, HasKey: true, Ticket: signedTicket(t, name)}
		link := whole.String()
		for _, text := range []string{
			link, "Join with " + link + ".", "'" + link + "'", "<" + link + ">", "(" + link + "), please",
			"_" + link + "_", link + "\nSee you!", strings.ReplaceAll(link, "&", "&amp;"),
			strings.NewReplacer("#", "%23", "&", "%26").Replace(link), "pong play \"" + link + "\" --tty",
		} {
			if got := FindAddress(text); got != link {
				t.Errorf("in %q the link is %q, want %q", text, got, link)
			}
		}
		for at := len(scheme) + 1; at < len(link); at++ {
			text := "Your link: " + link[:at] + "\n> " + link[at:] + "\nBye"
			if got := FindAddress(text); got != link {
				t.Errorf("broken at %d, in %q, the link is %q", at, text, got)
			}
		}
		for at := strings.Index(link, "t=") + 2; at < len(link); at++ {
			for _, text := range []string{
				link[:at], "Your link: " + link[:at] + "\n(end)", link[:at] + link[at+1:],
				strings.Replace(link[:at], "&t=", "\n&t=", 1),
			} {
				if got, err := ParseAddress(FindAddress(text), DefaultPort); err == nil {
					t.Errorf("the damaged link %q is taken for %v", text, got)
				}
			}
		}
	}
}
