package trust

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A rotatedServer is one whose identity was rotated, with all its former identities.
type rotatedServer struct {
	dir    string
	server *Server
	keys   []*tls.Certificate // the identities with their keys, oldest first
	prints []Fingerprint      // their fingerprints
}

// newRotatedServer returns a server that has rotated n times.
func newRotatedServer(t testing.TB, n int) *rotatedServer {
	t.Helper()
	d := &rotatedServer{dir: t.TempDir()}
	open(t, d.dir, day0)
	for i := range n + 1 {
		if i > 0 {
			if _, _, err := Rotate(d.dir); err != nil {
				t.Fatalf("rotation %d: %v", i, err)
			}
		}
		identity, err := readIdentity(filepath.Join(d.dir, identityFile))
		if err != nil {
			t.Fatalf("after %d rotations: %v", i, err)
		}
		d.keys, d.prints = append(d.keys, identity), append(d.prints, fingerprintOf(identity.Leaf))
	}
	d.server = open(t, d.dir, day0)
	return d
}

// chain returns the certificates that the server shows.
func (d *rotatedServer) chain(t testing.TB) []*x509.Certificate {
	t.Helper()
	return chainOf(t, d.server, day0)
}

// statement returns a statement about another key, signed by an identity, after a change to its template.
func statement(t testing.TB, about *x509.Certificate, by *tls.Certificate,
	change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	template := identityTemplate()
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(zeros{}, template, by.Leaf, about.PublicKey, by.PrivateKey)
	if err != nil {
		t.Fatalf("make a statement: %v", err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// zeros is a source of randomness that suffices here: the signed content differs anyway.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); b[0] = 1; return len(b), nil }

// decide expects a verdict for a player who knows a fingerprint, from a join link and as a pin.
func decide(t testing.TB, what string, known Fingerprint, peer []*x509.Certificate, want Verdict) {
	t.Helper()
	for how, from := range map[string][2]*Fingerprint{"link": {&known, nil}, "pin": {nil, &known}} {
		verdict, key, err := Decide(day0, address, from[0], from[1], peer, x509.NewCertPool())
		if verdict != want || want == Trusted && key != fingerprintOf(peer[1]) {
			t.Errorf("%s, known by %s: %v, %v, %v; want %v", what, how, verdict, key, err, want)
		}
	}
}

// TestRotate_FormerIdentitiesAreAccepted expects players to accept the server if they know its present identity or a
// former one, after any number of rotations.
func TestRotate_FormerIdentitiesAreAccepted(t *testing.T) {
	for n := range 4 {
		d := newRotatedServer(t, n)
		if got := d.server.Fingerprint(); got != d.prints[n] {
			t.Fatalf("after %d rotations the server is %v, want %v", n, got, d.prints[n])
		}
		chain := d.chain(t)
		if want := 2 + n + min(n, 1); len(chain) != want {
			t.Errorf("after %d rotations the chain has %d certificates, want %d", n, len(chain), want)
		}
		for i, known := range d.prints {
			decide(t, fmt.Sprint("identity ", i), known, chain, Trusted)
		}
		decide(t, "a stranger", newServer(t).Fingerprint(), chain, Refused)
		// A player who knows a later identity does not accept an earlier one.
		before := newRotatedServer(t, 0)
		decide(t, "another server", d.prints[n], before.chain(t), Refused)
	}
}

// TestRotate_IsOneWay checks that an identity does not vouch for its predecessor.
func TestRotate_IsOneWay(t *testing.T) {
	dir := t.TempDir()
	old := chainOf(t, open(t, dir, day0), day0)
	_, to, err := Rotate(dir)
	if err != nil {
		t.Fatal(err)
	}
	decide(t, "the old server, to a player who knows the new one", to, old, Refused)
}

// TestRotate_LineageIsBounded checks that the lineage ends after eight former identities.
func TestRotate_LineageIsBounded(t *testing.T) {
	d := newRotatedServer(t, maxRotations+3)
	chain := d.chain(t)
	if len(chain) != 1+1+maxRotations+1 {
		t.Errorf("the chain has %d certificates, want %d", len(chain), maxRotations+3)
	}
	for i, known := range d.prints {
		want := Trusted
		if i < len(d.prints)-1-maxRotations {
			want = Refused
		}
		decide(t, fmt.Sprint("identity ", i), known, chain, want)
	}
	size := 0
	for _, c := range chain {
		size += len(c.Raw)
	}
	if size > 8<<10 {
		t.Errorf("the longest chain has %d bytes, want at most 8 KiB", size)
	}
}

// TestLineage_RefusesAttacks shows chains that mallory can build from everything that is public, without a key of the
// server or with the stolen key of a leaf. A player who knows the server, at present or formerly, refuses all of
// them.
func TestLineage_RefusesAttacks(t *testing.T) {
	d := newRotatedServer(t, 2)
	real := d.chain(t) // leaf, identity 2, statement 2, statement 1, identity 0
	leaf, present, second, first, oldest := real[0], real[1], real[2], real[3], real[4]
	identity1 := d.keys[1].Leaf

	mallory := sign(t, identityTemplate(), nil)
	own := sign(t, site("pong.example"), mallory).Leaf // a leaf that mallory's identity has signed
	stolen, err := d.server.Leaf(day0)                 // with its key
	if err != nil {
		t.Fatal(err)
	}
	// An identity made from the stolen key of a leaf, and a leaf that it signs.
	self := statement(t, leaf, &tls.Certificate{Leaf: identityTemplate(), PrivateKey: stolen.PrivateKey}, nil)
	fromLeaf := &tls.Certificate{Leaf: self, PrivateKey: stolen.PrivateKey}
	leafOfLeaf := sign(t, site("pong.example"), fromLeaf).Leaf
	noCA := func(c *x509.Certificate) {
		c.IsCA, c.MaxPathLenZero, c.KeyUsage = false, false, x509.KeyUsageDigitalSignature
	}

	mallories := slices.Repeat([]*x509.Certificate{mallory.Leaf}, 40)
	for what, peer := range map[string][]*x509.Certificate{
		"a statement that mallory signs in the name of the server": {own, mallory.Leaf,
			statement(t, mallory.Leaf, mallory, nil), present},
		"the same before the whole lineage": {own, mallory.Leaf,
			statement(t, mallory.Leaf, mallory, nil), second, first, oldest},
		"the server's own statements after mallory's identity": {own, mallory.Leaf, second, first, oldest},
		"a statement replayed about mallory's identity":        {own, mallory.Leaf, second, first},
		"the server's identity after mallory's":                {own, mallory.Leaf, present},
		"the server's chain after mallory's leaf":              {own, present, second, first, oldest},
		"the server's identity as a statement about itself":    {own, mallory.Leaf, present, oldest},
		"a leaf as a statement":                                {leafOfLeaf, self, leaf, present},
		"a leaf as a statement, followed by the lineage":       {leafOfLeaf, self, leaf, second, first, oldest},
		"a statement that the key of a leaf signs": {own, mallory.Leaf,
			statement(t, mallory.Leaf, fromLeaf, nil), leaf, present},
		"the same with an identity made of that key": {own, mallory.Leaf,
			statement(t, mallory.Leaf, fromLeaf, nil), self},
		"a leaf signed by the key of a leaf": {leafOfLeaf, present, second, first, oldest},
		"a lineage without a start": {own, mallory.Leaf,
			statement(t, mallory.Leaf, mallory, nil)},
		"an unsigned identity with the server's name": {own, mallory.Leaf, mallory.Leaf, oldest},
		"mallory's statement about the server's identity, and a leaf": {own, mallory.Leaf,
			statement(t, present, mallory, nil), mallory.Leaf},
		"a former identity with a made-up leaf": {sign(t, site("pong.example"), mallory).Leaf,
			oldest},
		"a former identity with the stolen leaf":                   {leaf, oldest},
		"a former identity with the stolen leaf and its statement": {leaf, identity1, first, oldest},
		"a chain of 40 mallories before the server":                append(mallories, present),
		"statements of an identity that is not an authority": {own, mallory.Leaf,
			statement(t, mallory.Leaf, mallory, noCA), present},
	} {
		for i, known := range d.prints {
			decide(t, fmt.Sprint(what, ", to a player who knows identity ", i), known, peer, Refused)
		}
	}
}

// TestLineage_IsStrict expects any defect to be refused, even with the right signatures, and even by a player who knows
// the present identity.
func TestLineage_IsStrict(t *testing.T) {
	d := newRotatedServer(t, 2)
	real := d.chain(t)
	leaf, present, second, first, oldest := real[0], real[1], real[2], real[3], real[4]
	by0, by1 := d.keys[0], d.keys[1]
	remade := func(change func(*x509.Certificate)) *x509.Certificate { return statement(t, present, by1, change) }
	long := []*x509.Certificate{leaf, present, second}
	for range maxRotations + 1 { // identity 1 about itself, repeatedly
		long = append(long, statement(t, by1.Leaf, by1, nil))
	}

	decide(t, "the lineage as it is", d.prints[0], []*x509.Certificate{leaf, present, second, first, oldest}, Trusted)
	decide(t, "a statement made again", d.prints[0], []*x509.Certificate{leaf, present, remade(nil), first, oldest},
		Trusted)
	decide(t, "as many steps as may be", d.prints[1], long[:3+maxRotations], Trusted)
	for what, peer := range map[string][]*x509.Certificate{
		"swapped statements":      {leaf, present, first, second, oldest},
		"swapped ends":            {leaf, present, second, oldest, first},
		"identity and statement":  {leaf, second, present, first, oldest},
		"the wrong way round":     {leaf, oldest, first, second, present},
		"a step left out":         {leaf, present, second, oldest},
		"the first step left out": {leaf, present, first, oldest},
		"no start":                {leaf, present, second},
		"one step too many":       long,
		"an expired statement": {leaf, present,
			remade(func(c *x509.Certificate) { c.NotAfter = day0.Add(-time.Second) }), first, oldest},
		"a statement of the future": {leaf, present,
			remade(func(c *x509.Certificate) { c.NotBefore = day0.Add(time.Second) }), first, oldest},
		"a statement by no name": {leaf, present,
			remade(func(c *x509.Certificate) { c.Subject.CommonName = "Pong server" }), first, oldest},
		"a statement of a non-CA": {leaf, present,
			remade(func(c *x509.Certificate) { c.IsCA, c.MaxPathLenZero = false, false }), first, oldest},
		"a statement without limits": {leaf, present,
			remade(func(c *x509.Certificate) {
				c.IsCA, c.MaxPathLenZero, c.BasicConstraintsValid = false, false,
					false
			}), first, oldest},
		"a signer that may not sign": {leaf, present, second,
			statement(t, by1.Leaf, by0,
				func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }), oldest},
		"an end of another name": {leaf, present, second, first, sign(t, authority("Public root"), nil).Leaf},
		"a skipped generation":   {leaf, present, statement(t, present, by0, nil), first, oldest},
	} {
		for i, known := range d.prints {
			decide(t, fmt.Sprint(what, ", to a player who knows identity ", i), known, peer, Refused)
		}
		if s, err := identify(day0, peer); err == nil && what != "identity and statement" {
			t.Errorf("%s: identified as %v with former identities %v, want an error", what, s.key, s.former)
		}
	}
}

// TestRotate_File checks that the new identity and its lineage are one file, for its owner only, without the old key.
func TestRotate_File(t *testing.T) {
	dir := t.TempDir()
	before := open(t, dir, day0).Fingerprint()
	path := filepath.Join(dir, identityFile)
	old := string(read(t, path))
	from, to, err := Rotate(dir)
	if err != nil || from != before || to == from {
		t.Fatalf("rotated from %v to %v, %v; want from %v", from, to, err, before)
	}
	text := string(read(t, path))
	wantMode(t, path, 0o600)
	if strings.Count(text, "PRIVATE KEY") != 2 || strings.Contains(text, strings.Split(old, "-----")[2]) {
		t.Error("the file does not hold exactly one key, the new one")
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("the folder holds %v, want two files", files)
	}
	if s := open(t, dir, day0); s.Fingerprint() != to || s.Warning(day0) != nil {
		t.Errorf("after a restart: identity %v, warning %v; want %v and none", s.Fingerprint(), s.Warning(day0), to)
	}
}

// TestRotate_Errors expects an error that says why there is nothing to rotate, and an unchanged folder.
func TestRotate_Errors(t *testing.T) {
	for what, test := range map[string]struct {
		prepare func(t *testing.T, dir string)
		words   []string
	}{
		"no folder": {func(t *testing.T, dir string) { os.Remove(dir) },
			[]string{"no server identity", "--certs", "pong serve"}},
		"an empty folder": {func(*testing.T, string) {}, []string{"no server identity", "--certs"}},
		"garbage": {func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, identityFile), []byte("x"),
				0o600)
		}, []string{identityFile, "backup"}},
		"operator's certificate": {func(t *testing.T, dir string) {
			open(t, dir, day0)
			write(t, filepath.Join(dir, operatorCert), nil, 0o600)
		}, []string{"your own certificate", operatorCert}},
		"a lineage that breaks": {func(t *testing.T, dir string) {
			open(t, dir, day0)
			path := filepath.Join(dir, identityFile)
			good := read(t, path)
			_, certificate, _ := strings.Cut(string(good), "-----BEGIN CERT")
			again := "-----BEGIN CERT" + certificate
			write(t, path, []byte(string(good)+again), 0o600)
		}, []string{identityFile, "lineage"}},
	} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "certs")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			test.prepare(t, dir)
			before, _ := os.ReadFile(filepath.Join(dir, identityFile))
			_, _, err := Rotate(dir)
			for _, word := range test.words {
				if err == nil || !strings.Contains(err.Error(), word) {
					t.Errorf("error %v, want one with %q", err, word)
				}
			}
			if after, _ := os.ReadFile(filepath.Join(dir, identityFile)); string(after) != string(before) {
				t.Error("the identity was modified")
			}
		})
	}
}

// TestRotate_WhileRunning makes real handshakes before and after rotations of a running server. A player with the old
// pin passes and moves it; each rotation is reported once.
func TestRotate_WhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, now := t.TempDir(), time.Now
		s := open(t, dir, now())
		config := ServerTLS(s, now)
		pins := newPins(t)
		store(t, pins, address, s.Fingerprint())
		join := func(when string) []*x509.Certificate {
			t.Helper()
			_, state, _, err := connect(t, config, ClientTLS("pong.example",
				func(peer []*x509.Certificate) (Verdict, Fingerprint, error) {
					return pins.Decide(now(), address, nil, peer)
				}))
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			return state.PeerCertificates
		}
		wantChanges := func(when string, want Changes) {
			t.Helper()
			if got := s.Changes(now()); got != want {
				t.Errorf("%s: changes %+v, want %+v", when, got, want)
			}
		}
		follow := func(when string, want bool) {
			t.Helper()
			if moved, err := pins.Follow(now(), address, join(when)); moved != want || err != nil {
				t.Errorf("%s: pin moved: %t, %v; want %t", when, moved, err, want)
			}
			if key := s.Fingerprint(); want {
				wantPin(t, pins, address, &key)
			}
		}
		wantChanges("at first", Changes{})
		follow("before the rotation", false)
		first := s.Fingerprint()
		for range 3 {
			time.Sleep(3 * day)
			from, to, err := Rotate(dir)
			if err != nil || from != s.Fingerprint() {
				t.Fatalf("rotate: from %v, %v", from, err)
			}
			follow("after a rotation", true)
			if s.Fingerprint() != to {
				t.Errorf("the running server is %v, want %v", s.Fingerprint(), to)
			}
			wantChanges("after a rotation", Changes{Rotated: true})
			wantChanges("a moment later", Changes{})
			follow("the next time", false)
		}
		if _, _, _, err := connect(t, config, player(now(), &first, nil)); err != nil {
			t.Errorf("with the first link: %v", err)
		}
		time.Sleep(40 * day)
		follow("when the leaf has been renewed", false)
		if open(t, dir, now()).Fingerprint() != s.Fingerprint() {
			t.Error("after a restart the server shows another identity")
		}
	})
}

// TestChanges_UnrelatedIdentityIsIgnored exchanges, spoils and removes the identity's file: the running server does
// not change, and each change is reported once.
func TestChanges_UnrelatedIdentityIsIgnored(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	s, now := open(t, dir, day0), day0
	path := filepath.Join(dir, identityFile)
	good := read(t, path)
	open(t, other, day0)
	if _, _, err := Rotate(other); err != nil {
		t.Fatal(err)
	}
	key := s.Fingerprint()
	s.Changes(now)
	for _, test := range []struct {
		what string
		do   func()
		word string
	}{
		{"another identity", func() { replace(t, path, read(t, filepath.Join(other, identityFile))) },
			"does not vouch for"},
		{"garbage", func() { replace(t, path, []byte("x")) }, "backup"},
		{"no file", func() { os.Remove(path) }, identityFile},
	} {
		test.do()
		for range 3 {
			if chain := chainOf(t, s, now); fingerprintOf(chain[1]) != key || s.Fingerprint() != key {
				t.Fatalf("%s: the running server changed its identity", test.what)
			}
		}
		n := s.Changes(now)
		if n.Warning == nil || !strings.Contains(n.Warning.Error(), test.word) ||
			!strings.Contains(n.Warning.Error(), "stays in use") {
			t.Errorf("%s: changes %+v, want a warning with %q", test.what, n, test.word)
		}
		if again := s.Changes(now); again != (Changes{}) {
			t.Errorf("%s: the second call returned %+v, want no changes", test.what, again)
		}
	}
	replace(t, path, good)
	if n := s.Changes(now); n != (Changes{Resolved: true}) {
		t.Errorf("after the repair: changes %+v, want resolved", n)
	}
}

// TestPins_Follow moves only the pin of a former identity, and leaves the rest of the file as it is.
func TestPins_Follow(t *testing.T) {
	d := newRotatedServer(t, 2)
	peer := d.chain(t)
	stranger := newServer(t).Fingerprint()
	for what, test := range map[string]struct {
		pin   *Fingerprint
		moved bool
	}{
		"no pin":         {nil, false},
		"the present":    {&d.prints[2], false},
		"the one before": {&d.prints[1], true},
		"the oldest":     {&d.prints[0], true},
		"a stranger":     {&stranger, false},
	} {
		p := NewPins(filepath.Join(t.TempDir(), "pins"))
		other := Pin{"b.example:1", stranger, pinTime}.String()
		text := "# mine\n" + other + "\n"
		if test.pin != nil {
			text = Pin{address, *test.pin, pinTime}.String() + "\n" + text
		}
		write(t, p.path, []byte(text), 0o600)
		moved, err := p.Follow(day0.Add(5*day), strings.ToUpper(address), peer)
		if moved != test.moved || err != nil {
			t.Errorf("%s: moved: %t, %v; want %t", what, moved, err, test.moved)
		}
		want := text
		if test.moved {
			want = Pin{address, d.prints[2], day0.Add(5 * day)}.String() + "\n# mine\n" + other + "\n"
		}
		if got := string(read(t, p.path)); got != want {
			t.Errorf("%s: the file holds\n%s, want\n%s", what, got, want)
		}
	}
	p := newPins(t)
	store(t, p, address, d.prints[0])
	if moved, err := p.Follow(day0, address, []*x509.Certificate{peer[0], peer[1], peer[2]}); moved || err == nil {
		t.Errorf("an invalid chain: moved: %t, error %v; want an error", moved, err)
	}
}

// FuzzLineage shows the certificates of two servers in any order. A player who knows one server is never led to
// another one that does not have its keys.
func FuzzLineage(f *testing.F) {
	good, bad := newRotatedServer(f, 3), newRotatedServer(f, 2)
	var all []*x509.Certificate
	all = append(all, good.chain(f)...)
	theirs := len(all)
	all = append(all, bad.chain(f)...)
	for _, d := range []*rotatedServer{good, bad} {
		for _, key := range d.keys {
			all = append(all, key.Leaf)
		}
	}
	// Statements that mallory can make with the keys of the bad server.
	forged := len(all)
	for _, about := range []*x509.Certificate{good.keys[3].Leaf, good.keys[0].Leaf, all[0]} {
		all = append(all, statement(f, about, bad.keys[2], nil), statement(f, about, bad.keys[0], nil))
	}
	mine := make(map[Fingerprint]bool) // the good server's keys, which mallory does not have
	for _, key := range append(good.prints, fingerprintOf(all[0])) {
		mine[key] = true
	}
	f.Add([]byte{0, 1, 2, 3, 4, 5})
	f.Add([]byte{byte(theirs), byte(theirs + 1), byte(theirs + 2), byte(theirs + 3), byte(theirs + 4)})
	f.Add([]byte{byte(theirs), byte(theirs + 1), byte(forged), 2, 3})
	f.Fuzz(func(t *testing.T, order []byte) {
		var peer []*x509.Certificate
		for _, i := range order {
			peer = append(peer, all[int(i)%len(all)])
		}
		found, err := identify(day0, peer)
		if err != nil {
			return
		}
		if len(found.former) > maxRotations {
			t.Fatalf("%d former identities, want at most %d", len(found.former), maxRotations)
		}
		for _, known := range append(found.former, found.key) {
			if mine[known] && !(mine[found.key] && mine[fingerprintOf(peer[0])]) {
				t.Fatalf("%v: the owner of the key %v passes as %v for %v", order, fingerprintOf(peer[0]), found.key,
					known)
			}
		}
	})
}
