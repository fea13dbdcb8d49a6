package trust

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"testing"
	"time"
)

var day0 = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

const address = "pong.example:5555"

// newServer returns a server with a new identity.
func newServer(t testing.TB) *Server {
	t.Helper()
	s, err := NewIdentity(day0)
	if err != nil {
		t.Fatalf("new identity: %v", err)
	}
	return s
}

// chainOf returns the certificates that a server shows at a time.
func chainOf(t testing.TB, s *Server, now time.Time) []*x509.Certificate {
	t.Helper()
	leaf, err := s.Leaf(now)
	if err != nil {
		t.Fatalf("leaf: %v", err)
	}
	return parseChain(t, leaf)
}

// parseChain returns the certificates of a TLS certificate.
func parseChain(t testing.TB, c *tls.Certificate) []*x509.Certificate {
	t.Helper()
	var chain []*x509.Certificate
	for _, der := range c.Certificate {
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatalf("parse certificate: %v", err)
		}
		chain = append(chain, parsed)
	}
	return chain
}

// sign makes a certificate from a template, signed by the issuer or, without one, by itself.
func sign(t testing.TB, template *x509.Certificate, issuer *tls.Certificate) *tls.Certificate {
	t.Helper()
	text, err := issue(template, issuer)
	if err != nil {
		t.Fatalf("issue %s: %v", template.Subject, err)
	}
	pair, err := parsePair(text, text)
	if err != nil {
		t.Fatalf("parse the issued certificate: %v", err)
	}
	return pair
}

// authority returns the template of a certificate authority.
func authority(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: day0.Add(-day), NotAfter: day0.Add(365 * day),
		KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true, IsCA: true,
	}
}

// site returns the template of a server's certificate for a year.
func site(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:   pkix.Name{CommonName: name},
		NotBefore: day0.Add(-day), NotAfter: day0.Add(365 * day),
		KeyUsage: x509.KeyUsageDigitalSignature, DNSNames: []string{name},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// poolOf returns a pool of roots.
func poolOf(certificates ...*x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range certificates {
		pool.AddCert(c)
	}
	return pool
}

func TestDecide_LinkThenPinThenRoots(t *testing.T) {
	server := newServer(t)
	right, wrong := server.Fingerprint(), newServer(t).Fingerprint()
	ours := chainOf(t, server, day0)
	root := sign(t, authority("Public root"), nil)
	public := sign(t, site("pong.example"), root)
	publicChain := []*x509.Certificate{public.Leaf, root.Leaf}
	publicKey := fingerprintOf(public.Leaf)
	roots, none := poolOf(root.Leaf), x509.NewCertPool()

	tests := []struct {
		name      string
		address   string
		want, pin *Fingerprint
		peer      []*x509.Certificate
		roots     *x509.CertPool
		verdict   Verdict
		key       Fingerprint
	}{
		{"the link matches", address, &right, nil, ours, none, Trusted, right},
		{"the link matches, the pin does not", address, &right, &wrong, ours, none, Refused, right},
		{"the link and the roots match, the pin does not", address, &publicKey, &wrong, publicChain, roots, Refused,
			publicKey},
		{"the link matches, the pin does not, in a house", "192.168.1.20:5555", &right, &wrong, ours, none, Trusted,
			right},
		{"the link does not match, the pin does, in a house", "192.168.1.20:5555", &wrong, &right, ours, none, Refused,
			right},
		{"the link and the pin match", address, &right, &right, ours, none, Trusted, right},
		{"the link does not match", address, &wrong, nil, ours, none, Refused, right},
		{"the link does not match, the pin does", address, &wrong, &right, ours, none, Refused, right},
		{"the link does not match, the roots do", address, &wrong, nil, publicChain, roots, Refused, publicKey},
		{"the pin matches", address, nil, &right, ours, none, Trusted, right},
		{"the pin does not match", address, nil, &wrong, ours, none, Refused, right},
		{"the pin does not match, the roots do", address, nil, &wrong, publicChain, roots, Refused, publicKey},
		{"the pin matches under another name", "10.0.0.1:5555", nil, &publicKey, publicChain, none, Trusted, publicKey},
		{"the roots match", address, nil, nil, publicChain, roots, Trusted, publicKey},
		{"the roots match a bare host", "pong.example", nil, nil, publicChain, roots, Trusted, publicKey},
		{"the roots match another name", "else.example:5555", nil, nil, publicChain, roots, Ask, publicKey},
		{"the roots match, the name is empty", ":5555", nil, nil, publicChain, roots, Ask, publicKey},
		{"other roots", address, nil, nil, publicChain, none, Ask, publicKey},
		{"unknown", address, nil, nil, ours, none, Ask, right},
		{"unknown to the roots of the system", address, nil, nil, ours, nil, Ask, right},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			verdict, key, err := Decide(day0, test.address, test.want, test.pin, test.peer, test.roots)
			if verdict != test.verdict || key != test.key || (err != nil) != (verdict == Refused) {
				t.Fatalf("got %v, %v, error %v; want %v, %v", verdict, key, err, test.verdict, test.key)
			}
		})
	}
}

// None of the chains that a peer could show passes as the pinned server.
func TestDecide_RefusesForgedChains(t *testing.T) {
	server := newServer(t)
	pin := server.Fingerprint()
	genuine := chainOf(t, server, day0)
	leaf, identity := genuine[0], genuine[1]
	mallory := sign(t, site("pong.example"), nil)
	malloryCA := sign(t, authority(identityName), nil)
	malloryLeaf := sign(t, site("pong.example"), malloryCA)
	clientLeaf := site("pong.example")
	clientLeaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	// An identity that is not a certificate authority: its signatures count for nothing.
	noCA := authority(identityName)
	noCA.IsCA, noCA.KeyUsage = false, x509.KeyUsageDigitalSignature
	noCASigner := sign(t, noCA, nil)
	noCALeaf := sign(t, site("pong.example"), noCASigner)
	noCAKey := fingerprintOf(noCASigner.Leaf)
	// A subordinate authority that the identity has signed.
	sub := sign(t, authority("Sub"), server.identity)
	subLeaf := sign(t, site("pong.example"), sub)

	tests := []struct {
		name string
		pin  Fingerprint
		peer []*x509.Certificate
	}{
		{"no certificate", pin, nil},
		{"the victim's identity after mallory's leaf", pin, []*x509.Certificate{mallory.Leaf, identity}},
		{"the victim's identity after a leaf of an identity of the same name", pin,
			[]*x509.Certificate{malloryLeaf.Leaf, identity}},
		{"the victim's identity after mallory's chain", pin,
			[]*x509.Certificate{malloryLeaf.Leaf, malloryCA.Leaf, identity}},
		{"the victim's leaf and identity after mallory's leaf", pin, []*x509.Certificate{mallory.Leaf, leaf, identity}},
		{"another identity", pin, []*x509.Certificate{malloryLeaf.Leaf, malloryCA.Leaf}},
		{"another identity after the victim's leaf", pin, []*x509.Certificate{leaf, malloryCA.Leaf}},
		{"the leaf alone", pin, []*x509.Certificate{leaf}},
		{"a leaf for clients", pin, []*x509.Certificate{sign(t, clientLeaf, server.identity).Leaf, identity}},
		{"a subordinate authority of the identity", pin, []*x509.Certificate{subLeaf.Leaf, sub.Leaf, identity}},
		{"an identity that is not an authority", noCAKey, []*x509.Certificate{noCALeaf.Leaf, noCASigner.Leaf}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			verdict, _, err := Decide(day0, address, nil, &test.pin, test.peer, x509.NewCertPool())
			if verdict != Refused || err == nil {
				t.Errorf("as pin: got %v, error %v; want a refusal", verdict, err)
			}
			verdict, _, err = Decide(day0, address, &test.pin, nil, test.peer, x509.NewCertPool())
			if verdict != Refused || err == nil {
				t.Errorf("as link: got %v, error %v; want a refusal", verdict, err)
			}
		})
	}
}

// A leaf for clients is refused even if its own key is the pinned one.
func TestDecide_RefusesLeavesForClients(t *testing.T) {
	template := site("pong.example")
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	leaf := sign(t, template, nil).Leaf
	key := fingerprintOf(leaf)
	if verdict, _, err := Decide(day0, address, &key, nil, []*x509.Certificate{leaf}, nil); verdict != Refused ||
		err == nil {
		t.Fatalf("got %v, error %v; want a refusal", verdict, err)
	}
}

// Servers often send their root. A pin on it would trust every certificate that the authority has signed.
func TestIdentify_PublicRootIsNoIdentity(t *testing.T) {
	root := sign(t, authority("Public root"), nil)
	public := sign(t, site("pong.example"), root)
	other := sign(t, site("mallory.example"), root)
	_, pin, _ := Decide(day0, address, nil, nil, []*x509.Certificate{public.Leaf, root.Leaf}, x509.NewCertPool())
	if pin != fingerprintOf(public.Leaf) {
		t.Fatalf("the fingerprint is %v, want that of the leaf's key", pin)
	}
	verdict, _, err := Decide(day0, address, nil, &pin, []*x509.Certificate{other.Leaf, root.Leaf}, x509.NewCertPool())
	if verdict != Refused {
		t.Fatalf("another certificate of the same authority: got %v, error %v; want a refusal", verdict, err)
	}
}

// TestIdentity_OperatorsKeyIsNotForLinks: it is replaced with the certificate.
func TestIdentity_OperatorsKeyIsNotForLinks(t *testing.T) {
	s := newServer(t)
	if key, ok := Identity(day0, chainOf(t, s, day0)); !ok || key != s.Fingerprint() {
		t.Errorf("of a server's own identity: %v, %v; want %v", key, ok, s.Fingerprint())
	}
	root := sign(t, authority("Public root"), nil)
	chain := []*x509.Certificate{sign(t, site("pong.example"), root).Leaf, root.Leaf}
	if _, err := identify(day0, chain); err != nil {
		t.Fatal(err)
	}
	if key, ok := Identity(day0, chain); ok {
		t.Errorf("of an operator's certificate: %v, want none", key)
	}
}

// An authority that another one has signed is not an identity, whatever its name.
func TestIdentify_IdentityIsSelfSigned(t *testing.T) {
	root := sign(t, authority("Company root"), nil)
	sub := sign(t, authority(identityName), root)
	leaf := sign(t, site("pong.example"), sub)
	_, key, err := Decide(day0, address, nil, nil, []*x509.Certificate{leaf.Leaf, sub.Leaf}, x509.NewCertPool())
	if err != nil || key != fingerprintOf(leaf.Leaf) {
		t.Fatalf("got %v, error %v; want the fingerprint of the leaf's own key", key, err)
	}
}

func TestDecide_ChecksTheClock(t *testing.T) {
	server := newServer(t)
	pin := server.Fingerprint()
	peer := chainOf(t, server, day0)
	tests := []struct {
		name    string
		after   time.Duration
		verdict Verdict
	}{
		{"now", 0, Trusted},
		{"a player's clock that is slow by a time zone", -14 * time.Hour, Trusted},
		{"a player's clock that is slow by days", -2 * day, Refused},
		{"the last hour", 12*day - time.Hour, Trusted},
		{"expired", 12*day + time.Hour, Refused},
	}
	for _, test := range tests {
		verdict, _, err := Decide(day0.Add(test.after), address, nil, &pin, peer, x509.NewCertPool())
		if verdict != test.verdict {
			t.Errorf("%s: got %v, error %v; want %v", test.name, verdict, err, test.verdict)
		}
		if verdict == Refused && !strings.Contains(err.Error(), "correct the clock") {
			t.Errorf("%s: the error %q does not mention the clock", test.name, err)
		}
	}
}

// A refusal shows both fingerprints and says what to do.
func TestDecide_ErrorsSayWhatToDo(t *testing.T) {
	server := newServer(t)
	found, known := server.Fingerprint(), newServer(t).Fingerprint()
	peer := chainOf(t, server, day0)
	_, _, pinMismatch := Decide(day0, address, nil, &known, peer, nil)
	_, _, link := Decide(day0, address, &known, nil, peer, nil)
	for _, test := range []struct {
		err   error
		wants []string
	}{
		{pinMismatch, []string{address, known.String(), found.String(), "identity has changed",
			"someone may be intercepting the connection", "was reinstalled", "the server prints",
			"\n  pong trust forget " + address}},
		{link, []string{address, known.String(), found.String(), "ask the operator for a new one"}},
	} {
		for _, want := range test.wants {
			if !strings.Contains(test.err.Error(), want) {
				t.Errorf("the error lacks %q:\n%v", want, test.err)
			}
		}
	}
}

func TestVerdict_ZeroRefuses(t *testing.T) {
	var v Verdict
	if v != Refused || v.String() != "refused" || Ask.String() != "ask" || Trusted.String() != "trusted" {
		t.Fatalf("the zero verdict is %v, the others are %v and %v; want refused, ask and trusted", v, Ask, Trusted)
	}
}

// String returns the verdict as a word, for test messages.
func (v Verdict) String() string {
	switch v {
	case Trusted:
		return "trusted"
	case Ask:
		return "ask"
	}
	return "refused"
}
