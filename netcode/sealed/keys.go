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

// A Role says which end of the TLS connection, and so of the session, a Session is.
type Role uint8

const (
	// Client is the end that dialled.
	Client Role = iota
	// Server is the end that accepted.
	Server
)

// A direction protects the datagrams that go one way.
type direction struct {
	aead cipher.AEAD
	iv   [12]byte
	// nonce is scratch memory of nonceOf. A local variable would escape through the AEAD interface: an allocation for
	// each datagram.
	nonce [12]byte
}

// newDirection derives the keys of the direction with this name, c2s or s2c, with HKDF-Expand (RFC 5869) and SHA-256,
// whatever the suite. Because the name is part of the keys, a datagram that is sent back to its sender is a forgery
// there.
func newDirection(label Label, suite uint16, secret []byte, name string) (direction, error) {
	keyLen, newAEAD, err := suiteAEAD(suite)
	if err != nil {
		return direction{}, err
	}
	key, err := hkdf.Expand(sha256.New, secret, label.info(name, "key"), keyLen)
	if err != nil {
		return direction{}, fmt.Errorf("derive %s key: %w", name, err)
	}
	iv, err := hkdf.Expand(sha256.New, secret, label.info(name, "iv"), 12)
	if err != nil {
		return direction{}, fmt.Errorf("derive %s iv: %w", name, err)
	}
	aead, err := newAEAD(key)
	clear(key) // the AEAD has a copy
	if err != nil {
		return direction{}, fmt.Errorf("key the %s cipher: %w", name, err)
	}
	return direction{aead: aead, iv: [12]byte(iv)}, nil
}

// suiteAEAD returns the key length and the constructor of the AEAD of a TLS 1.3 cipher suite.
func suiteAEAD(suite uint16) (keyLen int, newAEAD func(key []byte) (cipher.AEAD, error), err error) {
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

// nonceOf returns iv XOR (0^8 || n), as in TLS 1.3 (RFC 8446 section 5.3) and QUIC. The next call overwrites it.
func (d *direction) nonceOf(n uint32) []byte {
	d.nonce = d.iv
	binary.BigEndian.PutUint32(d.nonce[8:], binary.BigEndian.Uint32(d.iv[8:])^n)
	return d.nonce[:]
}
