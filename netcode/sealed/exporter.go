package sealed

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	// ExporterLabel is the label of the TLS exporter (RFC 5705, RFC 8446 section
	// 7.5). The prefix is the one that IANA leaves to anybody.
	ExporterLabel = "EXPERIMENTAL-pong-udp-v1"

	secretLen = 32
)

// ExporterContext returns the context of the TLS exporter, 11 bytes:
//
//	off len
//	  0   1  0x01        version of the datagram format
//	  1   2  suite       big endian
//	  3   8  session id
//
// With the suite in it the two ends cannot have one secret and two AEADs, and
// with the id every session of one connection has keys of its own.
func ExporterContext(suite uint16, id ID) []byte {
	context := binary.BigEndian.AppendUint16([]byte{0x01}, suite)
	return append(context, id[:]...)
}

// Export returns the 32-byte secret of session id from the state of a TLS
// connection, to be given to [New] and then forgotten. It refuses a connection
// whose handshake is not complete, for until then the peer is not known, and one
// that is not TLS 1.3, where the exporter does not cover the whole handshake.
func Export(cs *tls.ConnectionState, id ID) ([]byte, error) {
	if !cs.HandshakeComplete {
		return nil, errors.New("export session secret: the TLS handshake is not complete")
	}
	if cs.Version != tls.VersionTLS13 {
		return nil, fmt.Errorf("export session secret: want TLS 1.3, the connection is %s", tls.VersionName(cs.Version))
	}
	secret, err := cs.ExportKeyingMaterial(ExporterLabel, ExporterContext(cs.CipherSuite, id), secretLen)
	if err != nil {
		return nil, fmt.Errorf("export session secret: %w", err)
	}
	return secret, nil
}
