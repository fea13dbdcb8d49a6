package main

import (
	"net"

	"github.com/pion/dtls/v3"
)

// dtlsPeer is DTLS 1.2.
var dtlsPeer = peer{"pion/dtls", serveDTLS, dialDTLS}

func serveDTLS() (string, error) {
	cert, err := certificate()
	if err != nil {
		return "", err
	}
	l, err := dtls.ListenWithOptions("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)},
		dtls.WithCertificates(cert), dtls.WithCipherSuites(dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256))
	if err != nil {
		return "", err
	}
	go acceptEchoes(l)
	return l.Addr().String(), nil
}

// acceptEchoes accepts connections and echoes their messages.
func acceptEchoes(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go echo(conn)
	}
}

func echo(conn net.Conn) {
	defer conn.Close()
	buffer := make([]byte, 2048)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		if _, err := conn.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// A netLine is a net.Conn that preserves message boundaries.
type netLine struct{ net.Conn }

func (l netLine) Send(message []byte) error {
	_, err := l.Write(message)
	return err
}

func (l netLine) Receive(buffer []byte) (int, error) { return l.Read(buffer) }

func dialDTLS(address string, _ int) (line, error) {
	to, err := net.ResolveUDPAddr("udp", address)
	if err != nil {
		return nil, err
	}
	conn, err := dtls.DialWithOptions("udp", to, dtls.WithInsecureSkipVerify(true))
	if err != nil {
		return nil, err
	}
	return netLine{conn}, conn.Handshake()
}
