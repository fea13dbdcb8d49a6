package acme

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

const host = "pong.example.test"

// stored returns a certificate that is on disk, as an earlier run of a server left it, so that no authority is
// contacted.
func stored(t *testing.T, from, to time.Time) *Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{host}, NotBefore: from, NotAfter: to}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	for _, b := range []*pem.Block{{Type: "EC PRIVATE KEY", Bytes: secret}, {Type: "CERTIFICATE", Bytes: cert}} {
		if err := pem.Encode(&text, b); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, host), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	// No one serves this directory: a test that contacts it fails.
	return New(Config{Host: "Pong.Example.TEST.", Dir: dir, Directory: "https://127.0.0.1:1/dir"})
}

// TestShow_DependsOnTheNameDialled shows the public certificate to clients that dial the host and the other one to
// all others, and still refuses clients that the other function refuses.
func TestShow_DependsOnTheNameDialled(t *testing.T) {
	c := stored(t, time.Now().Add(-time.Hour), time.Now().Add(90*24*time.Hour))
	own := &tls.Certificate{}
	no := errors.New("no")
	config := &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if len(hello.SupportedProtos) == 0 {
			return nil, no
		}
		return own, nil
	}}
	c.Show(config)
	ask := func(name string, protocols ...string) (*tls.Certificate, error) {
		return config.GetCertificate(&tls.ClientHelloInfo{ServerName: name, SupportedProtos: protocols})
	}
	if got, err := ask(host, "pong/1"); got != own || err != nil {
		t.Errorf("before Get: got %v, error %v; want the other certificate", got, err)
	}
	if err := c.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, public := range map[string]bool{host: true, "PONG.example.test": true, host + ".": true, "": false,
		"localhost": false, "x." + host: false} {
		got, err := ask(name, "pong/1")
		if err != nil || (got != own) != public || public && got.Leaf.DNSNames[0] != host {
			t.Errorf("name %q: public certificate: %t, error %v; want %t", name, got != own, err, public)
		}
	}
	if got, err := ask(host); !errors.Is(err, no) {
		t.Errorf("without a protocol: got %v, error %v; want the refusal", got, err)
	}
}

// TestGet_Fails if neither the disk nor the authority has a certificate; the error names the host and the authority.
func TestGet_Fails(t *testing.T) {
	c := New(Config{Host: host, Dir: t.TempDir(), Directory: "https://127.0.0.1:1/dir"})
	if err := c.Get(t.Context()); err == nil || !strings.Contains(err.Error(), host) ||
		!strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("got error %v, want one that names the host and the authority", err)
	}
	if err := c.Warning(time.Now()); err == nil || !strings.Contains(err.Error(), "no certificate") {
		t.Errorf("got warning %v, want that there is no certificate", err)
	}
}

// TestWarning_WhenRenewalsKeepFailing checks a certificate at several ages.
func TestWarning_WhenRenewalsKeepFailing(t *testing.T) {
	start := time.Now()
	c := stored(t, start, start.Add(90*24*time.Hour))
	if err := c.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	for days, warns := range map[int]bool{0: false, 60: false, 71: false, 73: true, 91: true} {
		if err := c.Warning(start.Add(time.Duration(days) * 24 * time.Hour)); (err != nil) != warns {
			t.Errorf("after %d of 90 days: warning %v, want one: %t", days, err, warns)
		}
	}
}

// TestAnswer_IsForTheAuthorityOnly expects other handshakes to get no certificate and to request none. The port keeps
// working while many connections are silent, and closes with its context.
func TestAnswer_IsForTheAuthorityOnly(t *testing.T) {
	c := stored(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)) // must not be shown here
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Answer(ctx, listener) }()
	for _, protocols := range [][]string{nil, {"h2"}, {"pong/1"}, {acme.ALPNProto, "h2"}, {acme.ALPNProto}} {
		conn, err := tls.Dial("tcp", listener.Addr().String(),
			&tls.Config{ServerName: host, NextProtos: protocols, InsecureSkipVerify: true})
		if err == nil {
			conn.Close()
			t.Errorf("a handshake with protocols %q succeeded", protocols)
		}
	}
	var silent []net.Conn
	for range maxAnswers + 8 {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		silent = append(silent, conn)
	}
	// The last connections are closed at once, because too many are open.
	_ = silent[len(silent)-1].SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := silent[len(silent)-1].Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("read from a connection too many: got %v, want EOF", err)
	}
	stop()
	<-ended
}
