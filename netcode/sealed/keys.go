package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// Suite is the number of a TLS 1.3 cipher suite: 0x1301, 0x1302 or 0x1303. It is
// only another name for uint16, since crypto/tls has no type of its own for it.
// The AEAD of the suite seals the datagrams too. The key derivation is always
// with SHA-256.
type Suite = uint16

// Role says which end of the TLS connection, and so of the session, this is.
type Role uint8

const (
	// Client is the end that dialled.
	Client Role = iota
	// Server is the end that accepted.
	Server
)

// direction is all that protects the datagrams that go one way.
type direction struct {
	aead cipher.AEAD
	iv   [12]byte
	// nonce is room for nonceOf. As a local variable it would escape through the
	// AEAD interface, one allocation for each datagram.
	nonce [12]byte
}

// newDirection derives the keys of the direction with this name, c2s or s2c.
// The names in the derivation differ, so a datagram sent back to its sender
// is a forgery there.
func newDirection(suite Suite, secret []byte, name string) (direction, error) {
	keyLen, newAEAD, err := suiteAEAD(suite)
	if err != nil {
		return direction{}, err
	}
	key, err := hkdf.Expand(sha256.New, secret, "pong-udp v1 "+name+" key", keyLen)
	if err != nil {
		return direction{}, fmt.Errorf("derive %s key: %w", name, err)
	}
	iv, err := hkdf.Expand(sha256.New, secret, "pong-udp v1 "+name+" iv", 12)
	if err != nil {
		return direction{}, fmt.Errorf("derive %s iv: %w", name, err)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return direction{}, fmt.Errorf("key the %s cipher: %w", name, err)
	}
	return direction{aead: aead, iv: [12]byte(iv)}, nil
}

// suiteAEAD returns the key length and the constructor of a suite's AEAD.
func suiteAEAD(suite Suite) (keyLen int, newAEAD func(key []byte) (cipher.AEAD, error), err error) {
	switch suite {
	case tls.TLS_AES_128_GCM_SHA256:
		return 16, newGCM, nil
	case tls.TLS_AES_256_GCM_SHA384:
		return 32, newGCM, nil
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		return chacha20poly1305.KeySize, chacha20poly1305.New, nil
	}
	return 0, nil, fmt.Errorf("unknown TLS 1.3 cipher suite 0x%04x", suite)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// nonceOf returns iv XOR (0^8 || n), as TLS 1.3 and QUIC make theirs. The result
// is good until the next call.
func (d *direction) nonceOf(n uint32) []byte {
	d.nonce = d.iv
	binary.BigEndian.PutUint32(d.nonce[8:], binary.BigEndian.Uint32(d.iv[8:])^n)
	return d.nonce[:]
}
