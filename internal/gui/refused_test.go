//go:build !nogui

package gui

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/trust"
)

// refusal is what a player is told of a server at an address whose identity is another than the one that is known.
func refusal(t *testing.T, address string) (text, known, found string) {
	t.Helper()
	server, err := trust.NewIdentity(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := server.Leaf(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	pin := trust.Fingerprint{1, 2, 3}
	var peer []*x509.Certificate
	for _, der := range leaf.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		peer = append(peer, c)
	}
	_, _, refused := trust.Decide(time.Now(), address, nil, &pin, peer, nil)
	return fmt.Sprintf("secure connection to %s: %v", address, refused), pin.String(), server.Fingerprint().String()
}

// TestAChangedIdentityIsShownWhole: both fingerprints and the command that is the way on, with nothing cut off.
func TestAChangedIdentityIsShownWhole(t *testing.T) {
	for _, address := range []string{"192.168.1.20:5555", "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:5555", "pong.department.university.example.org:5555"} {
		text, known, found := refusal(t, address)
		f := frame{scene: sceneFailed, view: rally(), zoom: 1, want: front.Want{Address: address}, failure: text}
		var p picture
		p.compose(f)
		bottom := 0.0
		for _, g := range p.shapes {
			bottom = max(bottom, g.y+g.h)
		}
		if bottom > client.FieldHeight {
			t.Errorf("%s: the dialog ends at %.0f, below the picture", address, bottom)
		}
		got := texts(f)
		for _, want := range []string{known, found, "pong trust forget " + address, "server prints", "reinstalled", "join again"} {
			if !strings.Contains(strings.NewReplacer(" | ", "", " ", "").Replace(got), strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%s: the dialog does not show %q whole; it says %s", address, want, got)
			}
		}
		if strings.Contains(got, "…") {
			t.Errorf("%s: something is cut off: %s", address, got)
		}
	}
}
