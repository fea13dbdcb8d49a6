package trust

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestChanges_OperatorCertificateWhileRunning makes real handshakes while the operator replaces the certificate of a
// running server, spoils it, repairs it and lets it expire. Each change is reported once, however many players join.
func TestChanges_OperatorCertificateWhileRunning(t *testing.T) {
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
				t.Errorf("%s: got %+v, want a warning: %t", when, n, len(words) > 0)
			}
			for _, word := range words {
				if n.Warning != nil && !strings.Contains(n.Warning.Error(), word) {
					t.Errorf("%s: the warning lacks %q: %v", when, word, n.Warning)
				}
			}
			if again := s.Changes(time.Now()); again != (Changes{}) {
				t.Errorf("%s: the second call returned %+v, want no changes", when, again)
			}
		}
		shows("at first", firstKey)
		wantChanges("at first")
		time.Sleep(83*day - time.Hour)
		wantChanges("a week and an hour before the end")
		time.Sleep(2 * time.Hour)
		shows("near the end", firstKey)
		wantChanges("near the end", "expires at", operatorCert)

		key, _, _ := strings.Cut(string(second), "-----BEGIN CERTIFICATE")
		replace(t, filepath.Join(dir, operatorKey), []byte(key))
		shows("between the new key and the new certificate", firstKey)
		wantChanges("between", "stays in use", "does not match")
		install(t, dir, second)
		shows("after both", secondKey)
		if n := s.Changes(time.Now()); n != (Changes{Resolved: true, Rotated: true}) {
			t.Errorf("after both: got %+v, want resolved and rotated", n)
		}
		if err := os.Remove(filepath.Join(dir, operatorCert)); err != nil {
			t.Fatal(err)
		}
		shows("without the certificate", secondKey)
		wantChanges("without the certificate", "both exist")
		install(t, dir, second)
		shows("mended", secondKey)
		time.Sleep(100 * day)
		wantChanges("at the end", "expired at", "no one can join")
		if _, _, _, err := connect(t, config, player(time.Now(), &secondKey, nil)); err == nil {
			t.Error("a player accepted an expired certificate")
		}
	})
}
