package ticket

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

// keyPrefix begins the text of a public key, so that it is not taken for the fingerprint of a server.
const keyPrefix = "ed25519:"

// FormatKey returns a public key as text, as ParseKey reads it.
func FormatKey(key ed25519.PublicKey) string { return keyPrefix + encoding.EncodeToString(key) }

// errKey is the error of a text that is no public key.
var errKey = errors.New("not the public key of a host: it begins with " + keyPrefix +
	", or is a PEM block PUBLIC KEY with an Ed25519 key")

// ParseKey parses a public key: the text of FormatKey, or PEM (RFC 8410), as other programs write it.
func ParseKey(text string) (ed25519.PublicKey, error) {
	text = strings.TrimSpace(text)
	if encoded, ok := strings.CutPrefix(text, keyPrefix); ok {
		if b, err := encoding.DecodeString(encoded); err == nil && len(b) == ed25519.PublicKeySize {
			return b, nil
		}
		return nil, errKey
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errKey
	}
	if parsed, err := x509.ParsePKIXPublicKey(block.Bytes); err == nil {
		if key, ok := parsed.(ed25519.PublicKey); ok {
			return key, nil
		}
	}
	return nil, errKey
}

// FormatPrivateKey returns a host's key in PEM (PKCS #8, RFC 8410), as other programs read it.
func FormatPrivateKey(key ed25519.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic("ticket: an Ed25519 key always marshals: " + err.Error())
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// ParsePrivateKey parses a host's key in PEM, as pong ticket keygen and openssl genpkey -algorithm ed25519 write it.
func ParsePrivateKey(text []byte) (ed25519.PrivateKey, error) {
	if block, _ := pem.Decode(bytes.TrimSpace(text)); block != nil {
		if parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if key, ok := parsed.(ed25519.PrivateKey); ok {
				return key, nil
			}
		}
	}
	return nil, errors.New("not the key of a host: it is a PEM block PRIVATE KEY with an Ed25519 key, as pong ticket " +
		"keygen writes it")
}
