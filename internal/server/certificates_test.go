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

// leaf returns the certificate that the server shows to a new connection.
func (r *rig) leaf(known trust.Fingerprint) *x509.Certificate {
	r.Helper()
	raw, err := r.net.Host("203.0.113.9").DialStream(r.Context(), controlAddr.String())
	if err != nil {
		r.Fatal(err)
	}
	defer raw.Close()
	conn := tls.Client(raw, trust.ClientTLS("pong.example",
		func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
			return trust.Decide(time.Now(), "pong.example", &known, nil, peer, x509.NewCertPool())
		}))
	if err := conn.HandshakeContext(r.Context()); err != nil {
		r.Fatalf("handshake: %v", err)
	}
	return conn.ConnectionState().PeerCertificates[0]
}

// TestServe_CertificatesChangeDuringAMatch renews the leaf and rotates the identity during a match. Its players notice
// nothing, and a client that knows the old identity can join afterwards.
func TestServe_CertificatesChangeDuringAMatch(t *testing.T) {
	dir := t.TempDir()
	var identity *trust.Server
	bubble(t, func(s *settings) {
		// Half of the lifetime of the leaf, 13 days from a day in the past on, is over in a minute.
		created := time.Now().Add(time.Minute - 5*24*time.Hour - 12*time.Hour)
		var err error
		if identity, err = trust.OpenIdentity(dir, created); err != nil {
			t.Fatal(err)
		}
		s.TLS = trust.ServerTLS(identity, time.Now)
	}, func(r *rig) {
		known := identity.Fingerprint()
		r.key = known
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		first := r.leaf(known)
		r.run(time.Minute)
		second := r.leaf(known)
		if second.Equal(first) || !second.NotAfter.After(first.NotAfter) {
			r.Errorf("after half of its lifetime the leaf is valid until %v, as before", second.NotAfter)
		}
		if !second.Equal(r.leaf(known)) {
			r.Error("each handshake gets a new leaf")
		}
		_, to, err := trust.Rotate(dir)
		if err != nil {
			r.Fatal(err)
		}
		third := r.leaf(known)
		if third.Equal(second) || identity.Fingerprint() != to {
			r.Errorf("after the rotation the running server has the identity %v, want %v", identity.Fingerprint(), to)
		}
		r.join("third") // with the old fingerprint
		r.run(5 * time.Second)
		for _, p := range []*player{left, right} {
			if slices.Contains(p.seen, client.StageLost) || slices.Contains(p.seen, client.StagePaused) ||
				!playing(p) && p.view.Stage != client.StageOver {
				r.Errorf("a player of the match has seen the stages %v, want no interruption", p.seen)
			}
		}
	})
}
