package trust

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// at returns a clock that stands still.
func at(now time.Time) func() time.Time { return func() time.Time { return now } }

// player returns the configuration of a player who knows the given fingerprints of the server.
func player(now time.Time, want, pin *Fingerprint) *tls.Config {
	return ClientTLS("pong.example", func(peer []*x509.Certificate) (Verdict, Fingerprint, error) {
		return Decide(now, address, want, pin, peer, x509.NewCertPool())
	})
}

// connect performs a handshake over a pipe and sends one byte from server to client, because a server may refuse
// after the client has finished. It returns the states of both ends.
func connect(t testing.TB, server, client *tls.Config) (serverState, clientState tls.ConnectionState, serverErr,
	clientErr error) {
	t.Helper()
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	for _, end := range []net.Conn{a, b} { // a pipe has no buffer: two ends that write at the same time would deadlock
		if err := end.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error, 1)
	accepted := tls.Server(a, server)
	go func() {
		err := accepted.Handshake()
		if err == nil {
			_, err = accepted.Write([]byte{1})
		}
		a.Close()
		done <- err
	}()
	dialed := tls.Client(b, client)
	clientErr = dialed.Handshake()
	if clientErr == nil {
		_, clientErr = dialed.Read(make([]byte, 1))
	}
	b.Close()
	serverErr = <-done
	return accepted.ConnectionState(), dialed.ConnectionState(), serverErr, clientErr
}

func TestTLS_Handshake(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	s, c, serverErr, clientErr := connect(t, ServerTLS(server, at(day0)), player(day0, &key, nil))
	if serverErr != nil || clientErr != nil {
		t.Fatalf("server: %v; client: %v", serverErr, clientErr)
	}
	if c.Version != tls.VersionTLS13 || c.NegotiatedProtocol != ALPN || s.ServerName != "pong.example" {
		t.Errorf("version %#x, protocol %q, server name %q; want TLS 1.3, %s and pong.example",
			c.Version, c.NegotiatedProtocol, s.ServerName, ALPN)
	}
	var secrets [2][]byte
	for i, state := range []tls.ConnectionState{s, c} {
		secret, err := state.ExportKeyingMaterial("EXPERIMENTAL-test", nil, 32)
		if err != nil {
			t.Fatalf("export: %v", err)
		}
		secrets[i] = secret
	}
	if !bytes.Equal(secrets[0], secrets[1]) {
		t.Error("the two sides export different secrets")
	}
}

func TestTLS_RefusesServersThatAreNotTrusted(t *testing.T) {
	server, other := newServer(t), newServer(t)
	key, wrong := server.Fingerprint(), other.Fingerprint()
	for _, test := range []struct {
		name      string
		now       time.Time
		want, pin *Fingerprint
		word      string
	}{
		{"wrong fingerprint in the link", day0, &wrong, nil, "not the server you were told"},
		{"changed identity", day0, nil, &wrong, "identity has changed"},
		{"expired", day0.Add(20 * day), nil, &key, "correct the clock"},
		{"unknown", day0, nil, nil, "not known"},
	} {
		_, _, serverErr, clientErr := connect(t, ServerTLS(server, at(day0)), player(test.now, test.want, test.pin))
		if clientErr == nil || !strings.Contains(clientErr.Error(), test.word) {
			t.Errorf("%s: error %v, want one with %q", test.name, clientErr, test.word)
		}
		if serverErr == nil {
			t.Errorf("%s: the server completed the handshake", test.name)
		}
		var unknown *UnknownError
		if errors.As(clientErr, &unknown) != (test.name == "unknown") || unknown != nil && unknown.Key != key {
			t.Errorf("%s: error %v, want an UnknownError only for an unknown server", test.name, clientErr)
		}
	}
}

// The first connection asks, the person accepts, and the second connection succeeds.
func TestTLS_AskThenJoin(t *testing.T) {
	server := newServer(t)
	_, _, _, err := connect(t, ServerTLS(server, at(day0)), player(day0, nil, nil))
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), server.Fingerprint().String()) {
		t.Fatalf("error %v, want a question that shows the fingerprint", err)
	}
	if _, _, _, err := connect(t, ServerTLS(server, at(day0)), player(day0, &unknown.Key, nil)); err != nil {
		t.Fatalf("after the person accepted: %v", err)
	}
}

// A thief who shows a server's certificates without its key gets no connection.
func TestTLS_StolenCertificatesAreUseless(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	leaf, err := server.Leaf(day0)
	if err != nil {
		t.Fatal(err)
	}
	thief := ServerTLS(server, at(day0))
	thief.GetCertificate = nil
	thief.Certificates = []tls.Certificate{{
		Certificate: leaf.Certificate,
		PrivateKey:  newServer(t).leaf.PrivateKey,
	}}
	if _, _, _, err := connect(t, thief, player(day0, &key, nil)); err == nil {
		t.Fatal("connected to a server without the key")
	}
}

// A real handshake with an identity that follows a leaf it has not signed.
func TestTLS_BorrowedIdentityIsRefused(t *testing.T) {
	victim := newServer(t)
	key := victim.Fingerprint()
	mallory := sign(t, site("pong.example"), nil)
	mallory.Certificate = append(mallory.Certificate, victim.identity.Certificate[0])
	config := ServerTLS(victim, at(day0))
	config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return mallory, nil }
	for _, known := range [][2]*Fingerprint{{&key, nil}, {nil, &key}, {nil, nil}} {
		_, _, _, err := connect(t, config, player(day0, known[0], known[1]))
		if err == nil || !strings.Contains(err.Error(), "does not prove the identity") {
			t.Errorf("error %v, want a refusal", err)
		}
	}
}

func TestServerTLS_RefusesTLS12(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	client := player(day0, &key, nil)
	client.MinVersion, client.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if _, _, serverErr, clientErr := connect(t, ServerTLS(server, at(day0)), client); serverErr == nil ||
		clientErr == nil {
		t.Fatalf("TLS 1.2: server %v, client %v; want both to fail", serverErr, clientErr)
	}
}

func TestClientTLS_RefusesTLS12(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	config := ServerTLS(server, at(day0))
	config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if _, _, _, err := connect(t, config, player(day0, &key, nil)); err == nil {
		t.Fatal("the client accepted TLS 1.2")
	}
}

func TestTLS_RefusesOtherProtocols(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	for _, protocols := range [][]string{nil, {"h2"}, {"pong/2"}} {
		client := player(day0, &key, nil)
		client.NextProtos = protocols
		client.VerifyConnection = nil // the server has to refuse
		if _, _, serverErr, clientErr := connect(t, ServerTLS(server, at(day0)), client); serverErr == nil ||
			clientErr == nil {
			t.Errorf("a client with %q: server %v, client %v; want both to fail", protocols, serverErr, clientErr)
		}
		config := ServerTLS(server, at(day0))
		config.NextProtos = protocols // the client has to refuse
		if _, _, _, err := connect(t, config, player(day0, &key, nil)); err == nil {
			t.Errorf("the client accepted a server with protocols %q", protocols)
		}
	}
}

// TestServerTLS_ComputesOnlyCheapKeyExchanges offers one key exchange at a time to a server.
func TestServerTLS_ComputesOnlyCheapKeyExchanges(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	for curve, want := range map[tls.CurveID]bool{
		tls.X25519MLKEM768: true, tls.X25519: true, tls.CurveP256: true, tls.CurveP384: false, tls.CurveP521: false,
	} {
		client := player(day0, &key, nil)
		client.CurvePreferences = []tls.CurveID{curve}
		_, _, serverErr, clientErr := connect(t, ServerTLS(server, at(day0)), client)
		if got := serverErr == nil && clientErr == nil; got != want {
			t.Errorf("a handshake with %v alone succeeds: %v (%v, %v), want %v", curve, got, serverErr, clientErr, want)
		}
	}
}

func TestServerTLS_HasNoTickets(t *testing.T) {
	server := newServer(t)
	key := server.Fingerprint()
	config := ServerTLS(server, at(day0)) // shared, because it holds the keys of tickets
	cache := tls.NewLRUClientSessionCache(4)
	for range 2 {
		client := player(day0, &key, nil)
		client.SessionTicketsDisabled = false // the server has to refuse
		client.ClientSessionCache = cache
		client.Time = at(day0)
		_, state, _, err := connect(t, config, client)
		if err != nil || state.DidResume {
			t.Fatalf("resumed: %t, error %v; want a full handshake", state.DidResume, err)
		}
	}
}

func TestClientTLS_FailsClosed(t *testing.T) {
	server := newServer(t)
	type decide = func([]*x509.Certificate) (Verdict, Fingerprint, error)
	for name, f := range map[string]decide{
		"nil":             nil,
		"zero":            func([]*x509.Certificate) (v Verdict, f Fingerprint, err error) { return },
		"no such verdict": func([]*x509.Certificate) (Verdict, Fingerprint, error) { return 7, Fingerprint{}, nil },
		"trusted in an error": func([]*x509.Certificate) (Verdict, Fingerprint, error) {
			return Trusted, Fingerprint{}, errors.New("x")
		},
	} {
		if _, _, _, err := connect(t, ServerTLS(server, at(day0)), ClientTLS("", f)); err == nil {
			t.Errorf("%s: connected", name)
		}
	}
}

// Handshakes succeed for 40 days while leaves are renewed, by the clock of a synctest bubble.
func TestLeaf_HandshakesThroughRenewals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, err := NewIdentity(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		pin := server.Fingerprint()
		leaves := make(map[string]bool)
		for range 40 { // days
			_, state, _, err := connect(t, ServerTLS(server, time.Now), player(time.Now(), nil, &pin))
			if err != nil {
				t.Fatalf("on %v: %v", time.Now(), err)
			}
			leaves[string(state.PeerCertificates[0].Raw)] = true
			time.Sleep(day)
		}
		if len(leaves) != 7 {
			t.Errorf("%d leaves in 40 days, want 7: one every 5.5 days, checked once a day", len(leaves))
		}
	})
}
