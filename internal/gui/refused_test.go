//go:build !nogui

package gui

import (
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/front/fronttest"
	"pong/internal/trust"
)

// TestCard_ShowsAChangedIdentityWhole: both fingerprints and the command that is the way on, with nothing cut off.
func TestCard_ShowsAChangedIdentityWhole(t *testing.T) {
	for _, address := range []string{
		"192.168.1.20:5555", "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:5555",
		"pong.department.university.example.org:5555",
	} {
		known, found, err := fronttest.Refusal(t, address)
		screen := fronttest.Show(t, front.Config{Want: front.Want{Address: address}}, fronttest.Server{Err: err})
		f := frame{Screen: screen, zoom: 1}
		bottom := 0.0
		for _, g := range composed(f).shapes {
			bottom = max(bottom, g.y+g.h)
		}
		if bottom > client.FieldHeight {
			t.Errorf("%s: the card ends at %.0f, below the picture", address, bottom)
		}
		got := texts(f)
		command := trust.Command("pong", "trust", "forget", address)
		for _, want := range []string{known, found, command, "server prints", "reinstalled", "join again"} {
			if !strings.Contains(strings.NewReplacer(" | ", "", " ", "").Replace(got),
				strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%s: the card does not show %q whole; it says %s", address, want, got)
			}
		}
		if strings.Contains(got, "…") {
			t.Errorf("%s: something is cut off: %s", address, got)
		}
	}
}
