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

// stored returns a certificate that lies on disk as the last run of a server left it, so that no authority is asked.
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
	// A directory that nobody serves: a test that asked it would fail.
	return New(Config{Host: "Pong.Example.TEST.", Dir: dir, Directory: "https://127.0.0.1:1/dir"})
}

// TestShow: who dials the host sees the public certificate, whoever dials anything else what was there before, and who
// was refused before is refused still.
func TestShow(t *testing.T) {
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
		t.Errorf("before there is a certificate: %v, %v; want the other one", got, err)
	}
	if err := c.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, public := range map[string]bool{host: true, "PONG.example.test": true, host + ".": true, "": false, "localhost": false, "x." + host: false} {
		got, err := ask(name, "pong/1")
		if err != nil || (got != own) != public || public && got.Leaf.DNSNames[0] != host {
			t.Errorf("%q sees the public certificate: %t, %v; want %t", name, got != own, err, public)
		}
	}
	if got, err := ask(host); !errors.Is(err, no) {
		t.Errorf("without a protocol: %v, %v; want the refusal", got, err)
	}
}

// TestGetFails where neither the disk nor the authority has one: with the host and the authority in the error.
func TestGetFails(t *testing.T) {
	c := New(Config{Host: host, Dir: t.TempDir(), Directory: "https://127.0.0.1:1/dir"})
	if err := c.Get(t.Context()); err == nil || !strings.Contains(err.Error(), host) || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("the error %v names neither the host nor the authority", err)
	}
	if err := c.Warning(time.Now()); err == nil || !strings.Contains(err.Error(), "no certificate") {
		t.Errorf("warning %v", err)
	}
}

// TestWarning: only once renewals have failed for long.
func TestWarning(t *testing.T) {
	start := time.Now()
	c := stored(t, start, start.Add(90*24*time.Hour))
	if err := c.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	for days, warns := range map[int]bool{0: false, 60: false, 71: false, 73: true, 91: true} {
		if err := c.Warning(start.Add(time.Duration(days) * 24 * time.Hour)); (err != nil) != warns {
			t.Errorf("after %d of 90 days: %v", days, err)
		}
	}
}

// TestAnswerIsForTheAuthorityOnly: others get no certificate and cause none to be asked for, and however many come and
// say nothing, the port goes on and ends with its context.
func TestAnswerIsForTheAuthorityOnly(t *testing.T) {
	c := stored(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)) // which must not be shown here
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Answer(ctx, listener) }()
	for _, protocols := range [][]string{nil, {"h2"}, {"pong/1"}, {acme.ALPNProto, "h2"}, {acme.ALPNProto}} {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{ServerName: host, NextProtos: protocols, InsecureSkipVerify: true})
		if err == nil {
			conn.Close()
			t.Errorf("with %q a stranger has a handshake", protocols)
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
	// The last ones are closed at once, for there is no room for them.
	_ = silent[len(silent)-1].SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := silent[len(silent)-1].Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("one too many hears %v, want the end", err)
	}
	stop()
	<-ended
}
