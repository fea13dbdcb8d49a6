package sealed

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"net"
	"testing"
	"time"
)

// handshake returns both ends' states of a real TLS connection over a pipe.
func handshake(t *testing.T, maxVersion uint16) (client, server tls.ConnectionState) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"pong.test"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)

	clientPipe, serverPipe := net.Pipe()
	clientConn := tls.Client(clientPipe, &tls.Config{RootCAs: roots, ServerName: "pong.test", MaxVersion: maxVersion})
	serverConn := tls.Server(serverPipe, &tls.Config{
		Certificates:           []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		SessionTicketsDisabled: true,
		MaxVersion:             maxVersion,
	})
	t.Cleanup(func() { clientPipe.Close(); serverPipe.Close() })

	served := make(chan error, 1)
	go func() { served <- serverConn.Handshake() }()
	if err := clientConn.Handshake(); err != nil {
		t.Fatalf("client handshake: %v", err)
	}
	if err := <-served; err != nil {
		t.Fatalf("server handshake: %v", err)
	}
	return clientConn.ConnectionState(), serverConn.ConnectionState()
}

func mustExport(t *testing.T, cs tls.ConnectionState, id ID) []byte {
	t.Helper()
	secret, err := Export(&cs, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(secret) != secretLen {
		t.Fatalf("exported %d bytes, want %d", len(secret), secretLen)
	}
	return secret
}

func TestBothEndsOfTLSHaveOneSession(t *testing.T) {
	clientState, serverState := handshake(t, tls.VersionTLS13)
	clientSecret, serverSecret := mustExport(t, clientState, testID), mustExport(t, serverState, testID)
	if !bytes.Equal(clientSecret, serverSecret) {
		t.Fatal("the two ends exported different secrets")
	}
	client, err := New(Client, clientState.CipherSuite, clientSecret, testID)
	if err != nil {
		t.Fatal(err)
	}
	server, err := New(Server, serverState.CipherSuite, serverSecret, testID)
	if err != nil {
		t.Fatal(err)
	}
	mustOpen(t, server, mustSeal(t, client, []byte("input")))
	mustOpen(t, client, mustSeal(t, server, []byte("state")))
}

func TestSecretsAreOfOneConnectionAndOneID(t *testing.T) {
	first, _ := handshake(t, tls.VersionTLS13)
	second, _ := handshake(t, tls.VersionTLS13)
	secret := mustExport(t, first, testID)
	if bytes.Equal(secret, mustExport(t, first, ID{1})) {
		t.Error("two session ids have one secret")
	}
	if bytes.Equal(secret, mustExport(t, second, testID)) {
		t.Error("two connections have one secret")
	}
	suite := first
	suite.CipherSuite ^= 1
	if bytes.Equal(secret, mustExport(t, suite, testID)) {
		t.Error("the secret does not depend on the cipher suite")
	}
}

func TestExportRefusesTLS12(t *testing.T) {
	client, server := handshake(t, tls.VersionTLS12)
	for _, cs := range []*tls.ConnectionState{&client, &server} {
		if secret, err := Export(cs, testID); err == nil || secret != nil {
			t.Errorf("Export from %s succeeded, want an error", tls.VersionName(cs.Version))
		}
	}
}

func TestExportRefusesUnfinishedHandshake(t *testing.T) {
	unfinished, _ := handshake(t, tls.VersionTLS13)
	unfinished.HandshakeComplete = false
	for _, cs := range []tls.ConnectionState{unfinished, tls.Client(nil, &tls.Config{}).ConnectionState()} {
		if secret, err := Export(&cs, testID); err == nil || secret != nil {
			t.Error("Export before the end of the handshake succeeded, want an error")
		}
	}
}

func TestExporterContext(t *testing.T) {
	if got := hex.EncodeToString(ExporterContext(0x1303, testID)); got != "011303a1a2a3a4a5a6a7a8" {
		t.Errorf("context %s, want 011303a1a2a3a4a5a6a7a8", got)
	}
}
