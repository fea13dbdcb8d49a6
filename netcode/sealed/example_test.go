package sealed_test

import (
	"crypto/tls"
	"fmt"

	"pong/netcode/sealed"
)

// Two ends with one secret, as Export gives it to both ends of a TLS connection.
func Example() {
	id := sealed.ID{0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8}
	secret := make([]byte, 32) // from Export, never a constant
	client, err := sealed.New(sealed.Client, tls.TLS_AES_128_GCM_SHA256, secret, id)
	if err != nil {
		panic(err)
	}
	server, err := sealed.New(sealed.Server, tls.TLS_AES_128_GCM_SHA256, secret, id)
	if err != nil {
		panic(err)
	}

	datagram, err := client.Seal(nil, []byte("paddle up"))
	if err != nil {
		panic(err)
	}
	to, _ := sealed.ParseID(datagram) // which session is it for?
	plaintext, n, err := server.Open(nil, datagram)
	fmt.Printf("session %s, packet %d: %q, %v\n", to, n, plaintext, err)

	_, _, err = server.Open(nil, datagram)
	fmt.Println(err)
	// Output:
	// session a1a2a3a4a5a6a7a8, packet 1: "paddle up", <nil>
	// sealed: packet number replayed or too old
}
