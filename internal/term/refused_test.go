//go:build !js

package term

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"

	"pong/internal/trust"
)

// changed is what a player is told of a server whose identity is another than the one that is known.
func changed(t *testing.T, address string) error {
	t.Helper()
	server, err := trust.NewIdentity(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := server.Leaf(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var peer []*x509.Certificate
	for _, der := range leaf.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		peer = append(peer, c)
	}
	_, _, err = trust.Decide(time.Now(), address, nil, &trust.Fingerprint{1, 2, 3}, peer, nil)
	return fmt.Errorf("secure connection to %s: %w", address, err)
}

// TestAChangedIdentityNamesTheWayOn: the command stands in a line of its own, to be typed as it is.
func TestAChangedIdentityNamesTheWayOn(t *testing.T) {
	const address = "192.168.1.20:5555"
	for _, height := range []int{24, 40} {
		m := newTestModel(t, "")
		press(m, char('q'), enter)
		m.width, m.height = 80, height
		m.Update(answered{err: changed(t, address)})
		text := ""
		for line := range strings.Lines(m.draw()) {
			text += strings.TrimSpace(line) + "\n"
		}
		for _, want := range []string{"\npong trust forget " + address + "\n", "known\n0102:0300:", "found\n", "reinstalled", "the server prints", "join again"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d rows: the screen lacks %q:\n%s", height, want, text)
			}
		}
	}
}
