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

func mustExport(t *testing.T, label Label, cs tls.ConnectionState, id ID) []byte {
	t.Helper()
	secret, err := export(label, &cs, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(secret) != secretLen {
		t.Fatalf("exported %d bytes, want %d", len(secret), secretLen)
	}
	return secret
}

func TestExport_DependsOnConnectionIDSuiteAndLabel(t *testing.T) {
	first, peer := handshake(t, tls.VersionTLS13)
	second, _ := handshake(t, tls.VersionTLS13)
	secret := mustExport(t, testLabel, first, testID)
	if !bytes.Equal(secret, mustExport(t, testLabel, peer, testID)) {
		t.Error("the two ends exported different secrets")
	}
	if bytes.Equal(secret, mustExport(t, testLabel, first, ID{1})) {
		t.Error("two session ids have one secret")
	}
	if bytes.Equal(secret, mustExport(t, testLabel, second, testID)) {
		t.Error("two connections have one secret")
	}
	if bytes.Equal(secret, mustExport(t, "tug v1", first, testID)) {
		t.Error("two labels have one secret")
	}
	suite := first
	suite.CipherSuite ^= 1
	if bytes.Equal(secret, mustExport(t, testLabel, suite, testID)) {
		t.Error("the secret does not depend on the cipher suite")
	}
}

// The exporter's label and context must be those of docs/protocol.md.
func TestExport_IsThatOfTheProtocol(t *testing.T) {
	cs, _ := handshake(t, tls.VersionTLS13)
	context := append([]byte{1, byte(cs.CipherSuite >> 8), byte(cs.CipherSuite)}, testID[:]...)
	want, err := cs.ExportKeyingMaterial("EXPERIMENTAL-pong-udp-v1", context, 32)
	if err != nil {
		t.Fatal(err)
	}
	if got := mustExport(t, testLabel, cs, testID); !bytes.Equal(got, want) {
		t.Errorf("secret %x, want %x", got, want)
	}
}

func TestExporterContext_Bytes(t *testing.T) {
	if got := hex.EncodeToString(ExporterContext(0x1303, testID)); got != "011303a1a2a3a4a5a6a7a8" {
		t.Errorf("context %s, want 011303a1a2a3a4a5a6a7a8", got)
	}
}
