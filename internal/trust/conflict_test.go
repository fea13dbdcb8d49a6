package trust

import (
	"crypto/x509"
	"errors"
	"strings"
	"testing"
)

func TestDecide_ConflictNamesBothServers(t *testing.T) {
	server := newServer(t)
	right, known := server.Fingerprint(), newServer(t).Fingerprint()
	_, _, err := Decide(day0, address, &right, &known, chainOf(t, server, day0), x509.NewCertPool())
	var conflict *ConflictError
	if !errors.As(err, &conflict) || *conflict != (ConflictError{address, known, right}) ||
		!strings.HasSuffix(err.Error(), "\n  pong trust forget "+address) {
		t.Errorf("got %v, want a conflict between %v and %v that ends with the command", err, known, right)
	}
}

func TestIsLocal(t *testing.T) {
	for address, want := range map[string]bool{
		"192.168.1.20:5555": true, "10.1.2.3": true, "172.16.0.1:1": true, "127.0.0.1:5555": true,
		"169.254.1.1:5555": true, "100.64.0.1:5555": true, "[fe80::1%eth0]:5555": true, "[fd00::1]:5555": true,
		"[::1]:5555": true, "::ffff:10.0.0.1": true, "localhost:5555": true, "nas:5555": true,
		"Desk.local:5555": true, "desk.home.arpa.:5555": true, "desk.lan": true, "desk.internal:7": true,
		"172.32.0.1:1": false, "203.0.113.7:5555": false, "100.128.0.1:5555": false, "[2001:db8::1]:5555": false,
		"pong.example.org:5555": false, "pong.example.org": false, "local.example:5555": false, "xlan.example": false,
	} {
		if got := IsLocal(address); got != want {
			t.Errorf("IsLocal(%q) = %t, want %t", address, got, want)
		}
	}
}

func TestPins_DifferAndReplace(t *testing.T) {
	server, other := newServer(t), newServer(t)
	p, peer := newPins(t), chainOf(t, server, day0)
	if p.Differ(day0, address, peer) {
		t.Error("without a pin another identity is known")
	}
	store(t, p, address, other.Fingerprint())
	if !p.Differ(day0, address, peer) {
		t.Error("the pin of another server does not differ")
	}
	if err := p.Replace(Pin{address, server.Fingerprint(), pinTime}); err != nil || p.Differ(day0, address, peer) {
		t.Errorf("after Replace, error %v, the pin differs: %t", err, p.Differ(day0, address, peer))
	}
	if all, err := p.List(); err != nil || len(all) != 1 {
		t.Errorf("the file has %v, %v; want one pin", all, err)
	}
}
