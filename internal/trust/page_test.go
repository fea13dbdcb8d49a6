package trust

import (
	"strings"
	"testing"
)

// The address of a page is the join link with another scheme, and is taken where a join link is.
func TestJoinLink_PageIsItsTwin(t *testing.T) {
	for _, address := range []string{"192.168.1.20:5555", "[2001:db8::7]:5555", "pong.example.org:443"} {
		link := JoinLink{Address: address, Key: Fingerprint{1, 2, 3}, HasKey: true, Room: "maple-42"}
		page := link.WithFurther([]string{"10.0.0.1:5555"}).Page()
		if want := "https://" + strings.TrimPrefix(link.String(), scheme); page != want {
			t.Errorf("the page of %s is %s, want %s", link, page, want)
		}
		for _, text := range []string{
			page, "Open " + page + " and play.", strings.ToUpper(page[:8]) + page[8:],
			strings.Replace(page, "#", "%23", 1),
		} {
			if got := FindAddress(text); got != link.String() {
				t.Errorf("FindAddress(%q) = %q, want %q", text, got, link)
			}
		}
	}
	for _, text := range []string{"https://example.org/", "https://example.org/a#k=b", "https://example.org/#top"} {
		if got := FindAddress(text); strings.HasPrefix(got, scheme) {
			t.Errorf("FindAddress(%q) = %q, want no join link", text, got)
		}
	}
}
