package trust

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestOperatorWhileRunning: real handshakes while an operator replaces the certificate under a server that is never
// restarted, spoils it, mends it and lets it end; each is told once, however many players join.
func TestOperatorWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		issued := func(from, to time.Time) ([]byte, Fingerprint) {
			template := site("pong.example")
			template.NotBefore, template.NotAfter = from, to
			return selfSigned(t, template)
		}
		dir := t.TempDir()
		first, firstKey := issued(start, start.Add(90*day))
		second, secondKey := issued(start, start.Add(180*day))
		install(t, dir, first)
		s := open(t, dir, start)
		config := ServerTLS(s, time.Now)
		shows := func(when string, key Fingerprint) {
			t.Helper()
			for range 5 {
				_, state, serverErr, err := connect(t, config, player(time.Now(), &key, nil))
				if err != nil || serverErr != nil || fingerprintOf(state.PeerCertificates[0]) != key {
					t.Fatalf("%s: player %v, server %v", when, err, serverErr)
				}
			}
		}
		wantChanges := func(when string, words ...string) {
			t.Helper()
			n := s.Changes(time.Now())
			if (n.Warning != nil) != (len(words) > 0) {
				t.Errorf("%s the operator is told %+v", when, n)
			}
			for _, word := range words {
				if n.Warning != nil && !strings.Contains(n.Warning.Error(), word) {
					t.Errorf("%s the warning lacks %q: %v", when, word, n.Warning)
				}
			}
			if again := s.Changes(time.Now()); again != (Changes{}) {
				t.Errorf("%s the operator is told twice: %+v", when, again)
			}
		}
		shows("at first", firstKey)
		wantChanges("at first")
		time.Sleep(83*day - time.Hour)
		wantChanges("a week and an hour before the end")
		time.Sleep(2 * time.Hour)
		shows("near the end", firstKey)
		wantChanges("near the end", "ends at", operatorCert)

		key, _, _ := strings.Cut(string(second), "-----BEGIN CERTIFICATE")
		replace(t, filepath.Join(dir, operatorKey), []byte(key))
		shows("between the new key and the new certificate", firstKey)
		wantChanges("between", "stays in use", "does not match")
		install(t, dir, second)
		shows("after both", secondKey)
		if n := s.Changes(time.Now()); n != (Changes{Resolved: true, Rotated: true}) {
			t.Errorf("after both the operator is told %+v", n)
		}
		if err := os.Remove(filepath.Join(dir, operatorCert)); err != nil {
			t.Fatal(err)
		}
		shows("without the certificate", secondKey)
		wantChanges("without the certificate", "both be there")
		install(t, dir, second)
		shows("mended", secondKey)
		time.Sleep(100 * day)
		wantChanges("at the end", "has ended", "nobody can join")
		if _, _, _, err := connect(t, config, player(time.Now(), &secondKey, nil)); err == nil {
			t.Error("a player takes a certificate that has ended")
		}
	})
}

// TestUnsavedLeafIsToldOnce: a folder that can no longer be written is one line, at the renewal.
func TestUnsavedLeafIsToldOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, day0)
	s.Changes(day0)
	path := filepath.Join(dir, leafFile)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := day0.Add(7 * day)
	if n := s.Changes(now); n.Warning == nil || !strings.Contains(n.Warning.Error(), "could not be stored") {
		t.Errorf("the operator is told %+v", n)
	}
	if n := s.Changes(now); n != (Changes{}) {
		t.Errorf("and again %+v", n)
	}
}
