package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// open opens the identity in a folder.
func open(t testing.TB, dir string, now time.Time) *Server {
	t.Helper()
	s, err := OpenIdentity(dir, now)
	if err != nil {
		t.Fatalf("open identity: %v", err)
	}
	return s
}

// wantOpenError expects an error that contains all of the words.
func wantOpenError(t testing.TB, dir string, words ...string) {
	t.Helper()
	s, err := OpenIdentity(dir, day0)
	if err == nil || s != nil {
		t.Fatalf("got server %v, error %v; want an error alone", s, err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the error lacks %q: %v", word, err)
		}
	}
}

// write writes a file of the test.
func write(t testing.TB, path string, text []byte, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, text, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // WriteFile keeps the mode of an existing file
		t.Fatal(err)
	}
	if mode&0o077 != 0 {
		return
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := Narrow(f); err != nil { // on Windows, where modes mean nothing
		t.Fatal(err)
	}
}

// read reads a file of the test.
func read(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestOpenIdentity_FirstRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "certs")
	s := open(t, dir, day0)
	for path, mode := range map[string]os.FileMode{
		dir:                              0o700 | os.ModeDir,
		filepath.Join(dir, identityFile): 0o600,
		filepath.Join(dir, leafFile):     0o600,
	} {
		wantMode(t, path, mode)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("the folder holds %v, want two files", files)
	}
	if key, ok := s.identity.PrivateKey.(*ecdsa.PrivateKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("the identity is %T, want ECDSA P-256", s.identity.PrivateKey)
	}
	if s.Warning(day0) != nil {
		t.Errorf("warning %v, want none", s.Warning(day0))
	}
}

func TestOpenIdentity_KeepsTheIdentity(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, day0)
	again := open(t, dir, day0.Add(day))
	if first.Fingerprint() != again.Fingerprint() {
		t.Error("a restart changed the identity")
	}
	if !chainOf(t, first, day0)[0].Equal(chainOf(t, again, day0.Add(day))[0]) {
		t.Error("a restart within half of the leaf's life made another leaf")
	}
	years := open(t, dir, day0.Add(20*365*day))
	if first.Fingerprint() != years.Fingerprint() {
		t.Error("the identity changed within 20 years")
	}
}

// TestLeaf_NamesNoHost looks for anything in the certificates that a stranger could learn from them, such as the name
// of the machine.
func TestLeaf_NamesNoHost(t *testing.T) {
	chain := chainOf(t, newServer(t), day0)
	if len(chain) != 2 || !isIdentity(chain[1]) {
		t.Fatalf("the chain has %d certificates, want leaf and identity", len(chain))
	}
	if life := chain[0].NotAfter.Sub(chain[0].NotBefore); life != 13*day {
		t.Errorf("the leaf is valid for %v, want 13 days", life)
	}
	for i, want := range []string{"CN=Pong server", "CN=" + identityName} {
		c := chain[i]
		if c.Subject.String() != want || c.Issuer.String() != "CN="+identityName {
			t.Errorf("certificate %d is of %q, by %q; want %q and no more", i, c.Subject, c.Issuer, want)
		}
		names := len(c.DNSNames) + len(c.IPAddresses) + len(c.EmailAddresses) + len(c.URIs)
		if names > 0 {
			t.Errorf("certificate %d names %v %v %v %v, want nothing", i, c.DNSNames, c.IPAddresses, c.EmailAddresses,
				c.URIs)
		}
	}
}

// An identity signs leaves only. Even other verifiers reject a leaf of a subordinate authority.
func TestIdentity_SignsLeavesOnly(t *testing.T) {
	s := newServer(t)
	sub := sign(t, authority("Sub"), s.identity)
	leaf := sign(t, site("pong.example"), sub)
	options := x509.VerifyOptions{Roots: poolOf(s.identity.Leaf), Intermediates: poolOf(sub.Leaf), CurrentTime: day0}
	if _, err := leaf.Leaf.Verify(options); err == nil {
		t.Error("a leaf of a subordinate authority was accepted")
	}
}

func TestLeaf_RenewedAtHalfLife(t *testing.T) {
	s := newServer(t)
	pin := s.Fingerprint()
	first := chainOf(t, s, day0)[0]
	half := first.NotBefore.Add(13 * day / 2)
	if !chainOf(t, s, half.Add(-time.Second))[0].Equal(first) {
		t.Error("the leaf was renewed before half of its life had passed")
	}
	second := chainOf(t, s, half)
	if second[0].Equal(first) || !second[0].NotAfter.After(first.NotAfter) {
		t.Error("the leaf was not renewed after half of its life")
	}
	if verdict, _, err := Decide(half, address, nil, &pin, second, nil); verdict != Trusted {
		t.Errorf("after the renewal: %v, %v", verdict, err)
	}
	if back := chainOf(t, s, day0.Add(-30*day)); back[0].NotBefore.After(day0.Add(-30 * day)) {
		t.Error("after the clock was set back, the leaf is from the future")
	}
}

// A leaf on disk is used if it is fresh and names no host; otherwise it is replaced.
func TestLeaf_StoredOneIsUsedIfValid(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, leafFile)
	first := chainOf(t, open(t, dir, day0), day0)[0]
	stored := read(t, path)
	other := newServer(t)
	foreign, err := makeLeaf(day0, other.identity)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := readIdentity(filepath.Join(dir, identityFile))
	if err != nil {
		t.Fatal(err)
	}
	named := site("machine.example")
	named.NotBefore, named.NotAfter = first.NotBefore, first.NotAfter
	former, err := issue(named, identity)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		text []byte
		now  time.Time
		kept bool
	}{
		{"good", stored, day0, true},
		{"of a former release, with a name", former, day0, false},
		{"past half of its life", stored, day0.Add(6 * day), false},
		{"signed by another identity", foreign, day0, false},
		{"garbled", []byte("x"), day0, false},
		{"cut short", stored[:len(stored)/2], day0, false},
	} {
		write(t, path, test.text, 0o600)
		s := open(t, dir, test.now)
		leaf := chainOf(t, s, test.now)[0]
		if leaf.Equal(first) != test.kept {
			t.Errorf("%s: kept: %t, want %t", test.name, !test.kept, test.kept)
		}
		wantMode(t, path, 0o600)
		key := s.Fingerprint()
		if verdict, _, err := Decide(test.now, address, &key, nil, chainOf(t, s, test.now), nil); verdict != Trusted {
			t.Errorf("%s: a player's verdict is %v, %v; want trusted", test.name, verdict, err)
		}
	}
}

// A leaf that cannot be stored is shown, and the operator is warned.
func TestLeaf_WithoutDisk(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, day0)
	path := filepath.Join(dir, leafFile)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, day0)
	if len(chainOf(t, s, day0)) != 2 || s.Warning(day0) == nil {
		t.Errorf("warning %v; want a leaf and a warning", s.Warning(day0))
	}
	if files, _ := filepath.Glob(filepath.Join(dir, ".*")); len(files) != 0 {
		t.Errorf("a failed write left %v behind", files)
	}
}

func TestOpenIdentity_ConcurrentServersAgree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "certs")
	const n = 16
	var keys [n]Fingerprint
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			s, err := OpenIdentity(dir, day0)
			if err != nil {
				t.Errorf("server %d: %v", i, err)
				return
			}
			keys[i] = s.Fingerprint()
		})
	}
	wg.Wait()
	stored := open(t, dir, day0).Fingerprint()
	for i, key := range keys {
		if key != stored {
			t.Errorf("server %d has identity %v, want that of the folder, %v", i, key, stored)
		}
	}
}

func TestLeaf_ConcurrentCalls(t *testing.T) {
	s := newServer(t)
	now := day0.Add(7 * day)
	var leaves [16]*x509.Certificate
	var wg sync.WaitGroup
	for i := range leaves {
		wg.Go(func() {
			leaf, err := s.Leaf(now)
			if err != nil {
				t.Errorf("leaf: %v", err)
				return
			}
			leaves[i] = leaf.Leaf
			s.Fingerprint()
			s.Warning(day0)
		})
	}
	wg.Wait()
	for _, leaf := range leaves {
		if leaf != leaves[0] {
			t.Fatal("concurrent calls made different leaves")
		}
	}
}

func TestOpenIdentity_IdentityErrors(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, day0)
	path := filepath.Join(dir, identityFile)
	good := read(t, path)
	otherDir := t.TempDir()
	open(t, otherDir, day0)
	other := read(t, filepath.Join(otherDir, identityFile))
	split := strings.Index(string(good), "-----BEGIN CERTIFICATE")
	otherSplit := strings.Index(string(other), "-----BEGIN CERTIFICATE")
	leaf := read(t, filepath.Join(dir, leafFile))

	for _, test := range []struct {
		name  string
		text  []byte
		words []string
	}{
		{"empty", nil, []string{path, "backup"}},
		{"no PEM", []byte("hello"), []string{path, "backup"}},
		{"cut short", good[:len(good)/2], []string{path, "backup"}},
		{"no key", good[split:], []string{path, "backup"}},
		{"the key of another", append(other[:otherSplit:otherSplit], good[split:]...),
			[]string{path, "does not match", "backup"}},
		{"no identity", leaf, []string{path, "server.crt", "backup"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			write(t, path, test.text, 0o600)
			wantOpenError(t, dir, test.words...)
			if string(read(t, path)) != string(test.text) {
				t.Error("the file was modified")
			}
		})
	}
	write(t, path, good, 0o600)
	open(t, dir, day0)
}

func TestOpenIdentity_FolderErrors(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, nil, 0o600)
	wantOpenError(t, file, file, "--certs")
	wantOpenError(t, filepath.Join(file, "certs"), file, "--certs")

	unreadable := filepath.Join(dir, "unreadable")
	if err := os.MkdirAll(filepath.Join(unreadable, identityFile), 0o700); err != nil {
		t.Fatal(err)
	}
	wantOpenError(t, unreadable, identityFile, "can read")
}
