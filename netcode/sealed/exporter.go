package sealed

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
)

// secretLen is the number of bytes that are exported for a session.
const secretLen = 32

// ExporterContext returns the context of the TLS exporter (RFC 8446 section 7.5), 11 bytes:
//
//	off len
//	  0   1  0x01        version of the datagram format
//	  1   2  suite       big endian
//	  3   8  session id
//
// Because the suite is in it, the two ends cannot have one secret and two AEADs. Because the id is in it, each
// session of one connection has keys of its own.
func ExporterContext(suite uint16, id ID) []byte {
	context := binary.BigEndian.AppendUint16([]byte{0x01}, suite)
	return append(context, id[:]...)
}

// export returns the secret of session id. It refuses a connection whose handshake is not complete, since the peer is
// not known until then, and one that is not TLS 1.3, whose exporter does not cover the whole handshake.
func export(label Label, cs *tls.ConnectionState, id ID) ([]byte, error) {
	if err := label.check(); err != nil {
		return nil, fmt.Errorf("export session secret: %w", err)
	}
	if !cs.HandshakeComplete {
		return nil, errors.New("export session secret: the TLS handshake is not complete")
	}
	if cs.Version != tls.VersionTLS13 {
		return nil, fmt.Errorf("export session secret: want TLS 1.3, the connection is %s", tls.VersionName(cs.Version))
	}
	secret, err := cs.ExportKeyingMaterial(label.Exporter(), ExporterContext(cs.CipherSuite, id), secretLen)
	if err != nil {
		return nil, fmt.Errorf("export session secret: %w", err)
	}
	return secret, nil
}
