package server_test

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/trust"
)

// leafNow joins TLS as a stranger does and returns the certificate that the server shows.
func (r *rig) leafNow(known trust.Fingerprint) *x509.Certificate {
	r.Helper()
	raw, err := r.net.Host("203.0.113.9").DialStream(r.Context(), controlAddr.String())
	if err != nil {
		r.Fatal(err)
	}
	defer raw.Close()
	conn := tls.Client(raw, trust.ClientTLS("pong.example", func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
		return trust.Decide(time.Now(), "pong.example", &known, nil, peer, x509.NewCertPool())
	}))
	if err := conn.HandshakeContext(r.Context()); err != nil {
		r.Fatalf("handshake: %v", err)
	}
	return conn.ConnectionState().PeerCertificates[0]
}

// TestServe_CertificatesChangeDuringAMatch: the leaf is renewed and the identity rotated under a match, and nobody in
// it notices; who joins afterwards with what was known before is let in.
func TestServe_CertificatesChangeDuringAMatch(t *testing.T) {
	dir := t.TempDir()
	var identity *trust.Server
	bubble(t, func(s *settings) {
		// Half of the life of the leaf, 13 days of which one lay in the past, is over in a minute.
		born := time.Now().Add(time.Minute - 5*24*time.Hour - 12*time.Hour)
		var err error
		if identity, err = trust.OpenIdentity(dir, born, nil); err != nil {
			t.Fatal(err)
		}
		s.TLS = trust.ServerTLS(identity, time.Now)
	}, func(r *rig) {
		known := identity.Fingerprint()
		r.key = known
		left, right := r.two()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		first := r.leafNow(known)
		r.run(time.Minute)
		second := r.leafNow(known)
		if second.Equal(first) || !second.NotAfter.After(first.NotAfter) {
			r.Errorf("after half of its life the leaf still holds to %v", second.NotAfter)
		}
		if !second.Equal(r.leafNow(known)) {
			r.Error("the leaf is made anew for each handshake")
		}
		_, to, err := trust.Rotate(dir)
		if err != nil {
			r.Fatal(err)
		}
		third := r.leafNow(known)
		if third.Equal(second) || identity.Fingerprint() != to {
			r.Errorf("after the rotation the running server is %v, want %v", identity.Fingerprint(), to)
		}
		r.join("third") // with the fingerprint from before, as the rig has it
		r.run(5 * time.Second)
		for _, p := range []*player{left, right} {
			if slices.Contains(p.seen, client.StageLost) || slices.Contains(p.seen, client.StagePaused) || !playing(p) && p.view.Stage != client.StageOver {
				r.Errorf("a player of the match has seen %v", p.seen)
			}
		}
	})
}
