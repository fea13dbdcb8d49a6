package dial_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/trust"
)

// rotating runs a fake whose identity can be rotated while it runs.
func rotating(t *testing.T) (f *fake, identity *trust.Server, rotate func()) {
	t.Helper()
	dir := t.TempDir()
	identity, err := trust.OpenIdentity(dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	f = serveTLS(t, &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return identity.Leaf(time.Now()) },
	}, answers(silentWelcome(t)))
	return f, identity, func() {
		t.Helper()
		if _, _, err := trust.Rotate(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRotation_IsFollowed dials a server whose identity was rotated. The pin moves without a question, and the news is
// reported once.
func TestRotation_IsFollowed(t *testing.T) {
	f, identity, rotate := rotating(t)
	file := filepath.Join(t.TempDir(), "known_servers")
	pins := trust.NewPins(file)
	first := identity.Fingerprint()
	if err := pins.Store(trust.Pin{Address: f.address, Key: first, Date: time.Now()}); err != nil {
		t.Fatal(err)
	}
	var told []client.Rotation
	cfg := dial.Config{Address: f.address, PinFile: file, Rotated: func(r client.Rotation) { told = append(told, r) }}
	check := func(when string, news bool) {
		t.Helper()
		told = nil
		c, err := join(t, cfg)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		if got := len(told) > 0; got != news {
			t.Errorf("%s the person is told %v, want news: %v", when, told, news)
		}
		v := frames(t, c, 20*time.Second, client.StageWaiting)
		if got := v.Rotation != nil; got != news {
			t.Errorf("%s the frame has the rotation %v, want one: %v", when, v.Rotation, news)
		}
		if pin, err := pins.Lookup(f.address); err != nil || *pin != identity.Fingerprint() {
			t.Errorf("%s the pin is %v, %v; the server is %v", when, pin, err, identity.Fingerprint())
		}
	}
	check("before", false)
	rotate()
	check("after a rotation", true)
	check("the next time", false)
	rotate()
	rotate()
	check("after two rotations", true)
	if want := (client.Rotation{Address: f.address}); len(told) != 1 || told[0] != want {
		t.Errorf("told %v, want %v", told, want)
	}

	// The first link, and what was given as --trust, still lead here.
	cfg.PinFile = ""
	cfg.Address = trust.JoinLink{Address: f.address, Key: first, HasKey: true}.String()
	if _, err := join(t, cfg); err != nil {
		t.Errorf("with the first link: %v", err)
	}
	cfg.Address, cfg.Trust = f.address, first.String()
	if _, err := join(t, cfg); err != nil {
		t.Errorf("with the first fingerprint: %v", err)
	}
}

// TestRotation_ThatCannotBeStoredKeepsNobodyOut dials with a pin file that cannot be replaced.
func TestRotation_ThatCannotBeStoredKeepsNobodyOut(t *testing.T) {
	f, identity, rotate := rotating(t)
	// A name that leaves no room for that of the copy which replaces it.
	file := filepath.Join(t.TempDir(), strings.Repeat("k", 250))
	pin := trust.Pin{Address: f.address, Key: identity.Fingerprint(), Date: time.Now()}
	writeFile(t, file, pin.String()+"\n")
	rotate()
	for range 2 {
		var told client.Rotation
		_, err := join(t, dial.Config{Address: f.address, PinFile: file, Rotated: func(r client.Rotation) { told = r }})
		if err != nil || told.Err == nil {
			t.Errorf("error %v, told %v; want nil, and an error in the news", err, told)
		}
	}
}

// TestRotation_ByAnotherIdentityIsRefused dials a server whose rotation the pinned identity does not vouch for.
func TestRotation_ByAnotherIdentityIsRefused(t *testing.T) {
	f, identity, rotate := rotating(t)
	rotate()
	file := filepath.Join(t.TempDir(), "known_servers")
	known := newIdentity(t).Fingerprint()
	if err := trust.NewPins(file).Store(trust.Pin{Address: f.address, Key: known, Date: time.Now()}); err != nil {
		t.Fatal(err)
	}
	_, err := join(t, dial.Config{Address: f.address, PinFile: file, Rotated: func(r client.Rotation) {
		t.Errorf("told %v", r)
	}})
	refused(t, err, "has changed", known.String(), "pong trust forget "+f.address)
	if pin, err := trust.NewPins(file).Lookup(f.address); err != nil || *pin != known {
		t.Errorf("the pin is %v, %v; want it as it was", pin, err)
	}
	if len(f.received()) != 0 {
		t.Errorf("lines were sent to a server that is not trusted, %v", identity.Fingerprint())
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
