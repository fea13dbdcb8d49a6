package sealed

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// go vet reports copies of types with these methods.
var _ sync.Locker = (*noCopy)(nil)

func TestNewServer_AndNewClientHaveOneSession(t *testing.T) {
	clientState, serverState := handshake(t, tls.VersionTLS13)
	var log [2]strings.Builder
	server, err := NewServer(&serverState, Config{Label: testLabel, KeyLog: &log[0]})
	if err != nil {
		t.Fatal(err)
	}
	client, err := NewClient(&clientState, server.ID(), Config{Label: testLabel, KeyLog: &log[1]})
	if err != nil {
		t.Fatal(err)
	}
	if client.ID() != server.ID() {
		t.Errorf("the client's id is %v, want the server's, %v", client.ID(), server.ID())
	}
	mustOpen(t, server, mustSeal(t, client, []byte("input")))
	mustOpen(t, client, mustSeal(t, server, []byte("state")))

	secret := hex.EncodeToString(mustExport(t, testLabel, clientState, server.ID()))
	want := fmt.Sprintf("PONG-UDP-V1 %v %04x %s\n", server.ID(), clientState.CipherSuite, secret)
	if log[0].String() != want || log[1].String() != want {
		t.Errorf("the key logs are %q and %q, want %q in both", &log[0], &log[1], want)
	}
}

func TestNewSession_OverwritesTheSecret(t *testing.T) {
	for _, label := range []Label{testLabel, ""} { // without a label it fails
		secret := testSecret()
		var log strings.Builder
		s, err := useSecret(Client, tls.TLS_AES_128_GCM_SHA256, secret, testID, Config{Label: label, KeyLog: &log})
		if (err == nil) != (label != "") {
			t.Fatalf("label %q: %v", label, err)
		}
		if !bytes.Equal(secret, make([]byte, secretLen)) {
			t.Errorf("label %q: the secret is %x, want zeros", label, secret)
		}
		if err != nil {
			continue
		}
		peer, err := FromSecret(Server, label, tls.TLS_AES_128_GCM_SHA256, testSecret(), testID)
		if err != nil {
			t.Fatal(err)
		}
		mustOpen(t, peer, mustSeal(t, s, []byte("input")))
		if want := hex.EncodeToString(testSecret()); !strings.Contains(log.String(), want) {
			t.Errorf("the key log has %q, want the secret %s", &log, want)
		}
	}
}

// A server that is asked twice on one connection must not make the same keys twice.
func TestNewServer_DrawsNewKeysEachTime(t *testing.T) {
	_, cs := handshake(t, tls.VersionTLS13)
	var ends [2]*Session
	for i := range ends {
		var err error
		if ends[i], err = NewServer(&cs, Config{Label: testLabel}); err != nil {
			t.Fatal(err)
		}
	}
	if ends[0].ID() == ends[1].ID() {
		t.Errorf("two sessions have the id %v", ends[0].ID())
	}
	if ends[0].out.iv == ends[1].out.iv {
		t.Error("two sessions have the same keys")
	}
}

func TestNewServer_AndNewClientRefuse(t *testing.T) {
	good, _ := handshake(t, tls.VersionTLS13)
	old, _ := handshake(t, tls.VersionTLS12)
	unfinished := good
	unfinished.HandshakeComplete = false
	for _, c := range []struct {
		name  string
		cs    tls.ConnectionState
		label Label
		want  string
	}{
		{"TLS 1.2", old, testLabel, "want TLS 1.3"},
		{"unfinished handshake", unfinished, testLabel, "not complete"},
		{"no handshake", tls.Client(nil, &tls.Config{}).ConnectionState(), testLabel, "not complete"},
		{"no label", good, "", `label ""`},
		{"long label", good, Label(strings.Repeat("a", 65)), "64 printable"},
	} {
		var log strings.Builder
		cfg := Config{Label: c.label, KeyLog: &log}
		if s, err := NewServer(&c.cs, cfg); s != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("NewServer, %s: session %v, error %v; want an error with %q", c.name, s, err, c.want)
		}
		if s, err := NewClient(&c.cs, testID, cfg); s != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("NewClient, %s: session %v, error %v; want an error with %q", c.name, s, err, c.want)
		}
		if log.Len() > 0 {
			t.Errorf("%s: the key log has %q, want nothing", c.name, &log)
		}
	}
}

func TestLabel_GivesTheNamesOfTheProtocol(t *testing.T) {
	if got := testLabel.Exporter(); got != "EXPERIMENTAL-pong-udp-v1" {
		t.Errorf("the exporter's label is %q", got)
	}
	if got := testLabel.info("s2c", "iv"); got != "pong-udp v1 s2c iv" {
		t.Errorf("the info of HKDF-Expand is %q", got)
	}
	if got := testLabel.keyLogWord(); got != "PONG-UDP-V1" {
		t.Errorf("a line of the key log begins with %q", got)
	}
}
