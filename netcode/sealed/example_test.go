package sealed_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log"
	"math/big"
	"net"
	"time"

	"pong/netcode/sealed"
)

// The two ends of a TLS connection key a session, and the client sends a datagram. A real program sends it over UDP.
func Example() {
	cfg := sealed.Config{Label: "tug v1"} // both ends have the same
	server, client := connect()

	// The server makes its end, and sends the id to the client over TLS.
	serverState := server.ConnectionState()
	serverSession, err := sealed.NewServer(&serverState, cfg)
	if err != nil {
		log.Fatal(err)
	}
	id := serverSession.ID()
	go server.Write(id[:])

	// The client makes its end with that id, once.
	var received sealed.ID
	if _, err := client.Read(received[:]); err != nil {
		log.Fatal(err)
	}
	clientState := client.ConnectionState()
	clientSession, err := sealed.NewClient(&clientState, received, cfg)
	if err != nil {
		log.Fatal(err)
	}

	datagram, err := clientSession.Seal(nil, []byte("paddle up"))
	if err != nil {
		log.Fatal(err)
	}
	to, _ := sealed.ParseID(datagram) // finds the session among many
	fmt.Println("for the server's session:", to == id)
	plaintext, n, err := serverSession.Open(nil, datagram)
	fmt.Printf("packet %d: %q, %v\n", n, plaintext, err)
	_, _, err = serverSession.Open(nil, datagram)
	fmt.Println(err)
	// Output:
	// for the server's session: true
	// packet 1: "paddle up", <nil>
	// sealed: packet number replayed or too old
}

// connect returns the two ends of a TLS connection in memory, after the handshake.
func connect() (server, client *tls.Conn) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"tug.example"}, NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)

	a, b := net.Pipe()
	server = tls.Server(a, &tls.Config{
		Certificates:           []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
		SessionTicketsDisabled: true,
	})
	client = tls.Client(b, &tls.Config{RootCAs: roots, ServerName: "tug.example"})
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	if err := client.Handshake(); err != nil {
		log.Fatal(err)
	}
	if err := <-done; err != nil {
		log.Fatal(err)
	}
	return server, client
}
