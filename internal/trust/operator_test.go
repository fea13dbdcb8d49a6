package trust

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// install writes an operator's files from a text that holds a key and a certificate.
func install(t testing.TB, dir string, text []byte, chain ...[]byte) {
	t.Helper()
	key, certificate, _ := strings.Cut(string(text), "-----BEGIN CERTIFICATE")
	certificate = "-----BEGIN CERTIFICATE" + certificate
	for _, c := range chain {
		_, more, _ := strings.Cut(string(c), "-----BEGIN CERTIFICATE")
		certificate += "-----BEGIN CERTIFICATE" + more
	}
	replace(t, filepath.Join(dir, operatorKey), []byte(key))
	replace(t, filepath.Join(dir, operatorCert), []byte(certificate))
}

// replace replaces a file by renaming a new one, as certificate tools do.
func replace(t testing.TB, path string, text []byte) {
	t.Helper()
	write(t, path+".new", text, 0o600)
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// selfSigned returns the key and certificate of an operator, and its fingerprint.
func selfSigned(t testing.TB, template *x509.Certificate) ([]byte, Fingerprint) {
	t.Helper()
	text, err := issue(template, nil)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := parsePair(text, text)
	if err != nil {
		t.Fatal(err)
	}
	return text, fingerprintOf(pair.Leaf)
}

func TestOperator_Certificate(t *testing.T) {
	dir := t.TempDir()
	root, err := issue(authority("Company root"), nil)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := parsePair(root, root)
	if err != nil {
		t.Fatal(err)
	}
	text, err := issue(site("pong.example"), issuer)
	if err != nil {
		t.Fatal(err)
	}
	install(t, dir, text, root)
	s := open(t, dir, day0)
	chain := chainOf(t, s, day0)
	if len(chain) != 2 || s.Fingerprint() != fingerprintOf(chain[0]) {
		t.Fatalf("a chain of %d certificates, fingerprint %v; want 2 and that of the leaf's key", len(chain),
			s.Fingerprint())
	}
	if verdict, key, err := Decide(day0, address, nil, nil, chain, poolOf(issuer.Leaf)); verdict != Trusted ||
		key != s.Fingerprint() {
		t.Errorf("the verdict of a player with the root is %v, %v; want trusted", verdict, err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("the folder holds %v, want the operator's files only", files)
	}
}

func TestOperator_Reload(t *testing.T) {
	dir := t.TempDir()
	first, firstKey := selfSigned(t, site("pong.example"))
	second, secondKey := selfSigned(t, site("pong.example"))
	install(t, dir, first)
	s := open(t, dir, day0)
	want := func(when string, key Fingerprint, warning bool) {
		t.Helper()
		if got := fingerprintOf(chainOf(t, s, day0)[0]); got != key || s.Fingerprint() != key {
			t.Errorf("%s: leaf %v, fingerprint %v; want %v", when, got, s.Fingerprint(), key)
		}
		if (s.Warning(day0) != nil) != warning {
			t.Errorf("%s: warning %v, want one: %t", when, s.Warning(day0), warning)
		}
	}
	want("at first", firstKey, false)

	key, _, _ := strings.Cut(string(second), "-----BEGIN CERTIFICATE")
	replace(t, filepath.Join(dir, operatorKey), []byte(key))
	want("between the new key and the new certificate", firstKey, true)
	install(t, dir, second)
	want("after both", secondKey, false)

	if err := os.Chmod(filepath.Join(dir, operatorKey), 0o644); err != nil {
		t.Fatal(err)
	}
	want("a change of mode alone", secondKey, false)
	if err := os.Remove(filepath.Join(dir, operatorCert)); err != nil {
		t.Fatal(err)
	}
	want("without the certificate", secondKey, true)
	install(t, dir, first)
	want("with the first again", firstKey, false)
}

func TestOperator_Errors(t *testing.T) {
	expired := site("pong.example")
	expired.NotBefore, expired.NotAfter = day0.Add(-20*day), day0.Add(-day)
	clients := site("pong.example")
	clients.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	good, _ := selfSigned(t, site("pong.example"))
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, dir, cert, key string)
		words []string
	}{
		{"key missing", func(t *testing.T, _, _, key string) { os.Remove(key) }, []string{"server.key", "neither"}},
		{"certificate missing", func(t *testing.T, _, cert, _ string) { os.Remove(cert) },
			[]string{"server.crt", "neither"}},
		{"garbled key", func(t *testing.T, _, _, key string) { replace(t, key, []byte("x")) },
			[]string{"server.key", "PEM"}},
		{"garbled certificate", func(t *testing.T, _, cert, _ string) { replace(t, cert, []byte("x")) },
			[]string{"server.crt", "PEM"}},
		{"another key", func(t *testing.T, dir, _, key string) {
			text, _ := selfSigned(t, site("pong.example"))
			other, _, _ := strings.Cut(string(text), "-----BEGIN CERTIFICATE")
			replace(t, key, []byte(other))
		}, []string{"server.key", "does not match"}},
		{"expired", func(t *testing.T, dir, _, _ string) { text, _ := selfSigned(t, expired); install(t, dir, text) },
			[]string{"server.crt", "renew"}},
		{"for clients", func(t *testing.T, dir, _, _ string) {
			text,
				_ := selfSigned(t, clients)
			install(t, dir, text)
		}, []string{"server.crt", "usage"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			install(t, dir, good)
			test.spoil(t, dir, filepath.Join(dir, operatorCert), filepath.Join(dir, operatorKey))
			wantOpenError(t, dir, append(test.words, "operator")...)
		})
	}
}
