package wire_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/trust"
)

// chain returns the certificates cert1, cert2 and so on of an example.
func (f fields) chain(t *testing.T) []*x509.Certificate {
	t.Helper()
	var all []*x509.Certificate
	for i := 1; f[fmt.Sprint("cert", i)] != ""; i++ {
		der, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(f[fmt.Sprint("cert", i)], " ", ""))
		if err != nil {
			t.Fatalf("%s: certificate %d: %v", docPath, i, err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatalf("%s: certificate %d: %v", docPath, i, err)
		}
		all = append(all, c)
	}
	return all
}

// checkLineage checks the example with the standard library alone, as the document says, and then with package trust.
func checkLineage(t *testing.T, lines []string) {
	for _, f := range groups(lines) {
		at, err := time.Parse(time.RFC3339, f["at"])
		if err != nil {
			t.Fatal(err)
		}
		chain, before := f.chain(t), strings.Fields(f["before"])
		if len(before) == 0 || len(chain) != len(before)+3 {
			t.Fatalf("%d certificates and %d identities before, want three more", len(chain), len(before))
		}
		print := func(c *x509.Certificate) string {
			return trust.Fingerprint(sha256.Sum256(c.RawSubjectPublicKeyInfo)).String()
		}
		for i, want := range append([]string{f["present"], f["present"]}, before...) {
			if got := print(chain[1+i]); got != want {
				t.Errorf("certificate %d has the key %s, the document says %s", i+2, got, want)
			}
		}
		for i, signer := range []int{1, 1, 3, 4} {
			if err := chain[i].CheckSignatureFrom(chain[signer]); err != nil {
				t.Errorf("certificate %d is not signed by certificate %d: %v", i+1, signer+1, err)
			}
		}
		decide := func(known string, peer []*x509.Certificate) trust.Verdict {
			want, err := trust.ParseFingerprint(known)
			if err != nil {
				t.Fatal(err)
			}
			verdict, _, _ := trust.Decide(at, "pong.example", &want, nil, peer, x509.NewCertPool())
			return verdict
		}
		for _, known := range append(before, f["present"]) {
			if got := decide(known, chain); got != trust.Trusted {
				t.Errorf("who knows %s: %v", known, got)
			}
			for i := range chain[2:] {
				cut := slices.Delete(slices.Clone(chain), 2+i, 3+i)
				if got := decide(known, cut); got != trust.Refused && i < len(chain)-3 {
					t.Errorf("who knows %s, without certificate %d: %v", known, i+3, got)
				}
			}
		}
	}
}
