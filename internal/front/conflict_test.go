package front

import (
	"slices"
	"strings"
	"testing"

	"pong/internal/dial"
)

// TestFlow_AnotherKnownServerIsAQuestion shows both fingerprints, and refuses unless the person says yes.
func TestFlow_AnotherKnownServerIsAQuestion(t *testing.T) {
	for key, want := range map[Action]bool{Enter: false, Back: false, No: false, Yes: true} {
		servers := person{ask: dial.Question{
			Host: "pong.example:5555", Fingerprint: "aaaa:aaaa:aaaa:aaaa", Known: "bbbb:bbbb:bbbb:bbbb",
		}}
		tryAt(t, servers, Config{Want: Want{Address: testLink}}, func(p *person) {
			p.wait(guardTime)
			p.want(CardQuestion)
			for _, words := range []string{"another server", "aaaa:aaaa:aaaa:aaaa", "bbbb:bbbb:bbbb:bbbb", "replace"} {
				if !strings.Contains(p.says(), words) {
					t.Errorf("the question does not show %q: %s", words, p.says())
				}
			}
			p.press(key)
			if !slices.Equal(p.answers, []bool{want}) {
				t.Errorf("after action %b the answers are %v, want %v", key, p.answers, want)
			}
		})
	}
}

// TestDialer_LinkThatHasDecidedIsNewsOnce for each address, on the screen and after it.
func TestDialer_LinkThatHasDecidedIsNewsOnce(t *testing.T) {
	var d Dialer
	cfg := d.config("h", nil)
	for range 2 {
		cfg.LinkDecided("192.168.1.20:5555")
	}
	if got := d.News(); !strings.Contains(got, "another server at 192.168.1.20:5555") {
		t.Errorf("the news are %q", got)
	}
	if got := d.News(); got != "" {
		t.Errorf("the news come again: %q", got)
	}
	if got := d.Notices(); len(got) != 1 {
		t.Errorf("the notices are %q, want one", got)
	}
}

// TestDialer_RemembersAnAgreement does not ask again in the same process, whatever can be stored.
func TestDialer_RemembersAnAgreement(t *testing.T) {
	var d Dialer
	d.trust("h", dial.Config{Trust: "aaaa", Agreed: true})
	if cfg := d.config("h", nil); cfg.Trust != "aaaa" || !cfg.Agreed {
		t.Errorf("the next dial trusts %q, agreed %t", cfg.Trust, cfg.Agreed)
	}
	d.Join.Trust = "bbbb"
	if cfg := d.config("h", nil); cfg.Trust != "bbbb" || cfg.Agreed {
		t.Errorf("with another fingerprint the dial trusts %q, agreed %t", cfg.Trust, cfg.Agreed)
	}
}
