package web

import (
	"crypto/x509"
	"testing"
	"time"
)

// A page that has the hashes accepts the certificate at any time in the following days, and a browser accepts each for
// its hash: it is valid for less than 14 days, also with a clock that is a day slow.
func TestLeaves_AreKnownBeforeTheyAreShown(t *testing.T) {
	var l leaves
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	known := map[[32]byte]bool{}
	for hour := range 24 * 40 {
		at := now.Add(time.Duration(hour) * time.Hour)
		current, next, err := l.at(at)
		if err != nil {
			t.Fatal(err)
		}
		if hour > 0 && !known[hashOf(current)] {
			t.Fatalf("after %d h a certificate is shown of which pages do not have the hash", hour)
		}
		known[hashOf(current)], known[hashOf(next)] = true, true
		c, err := x509.ParseCertificate(current.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		if span := c.NotAfter.Sub(c.NotBefore); span >= 14*24*time.Hour {
			t.Fatalf("the certificate is valid for %v, want less than 14 days", span)
		}
		if at.Add(-24*time.Hour).Before(c.NotBefore) || !at.Before(c.NotAfter) {
			t.Fatalf("after %d h the certificate is valid from %v to %v, want now", hour, c.NotBefore, c.NotAfter)
		}
	}
}
