package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// A Fingerprint names a server's identity: it is the SHA-256 of its public key in the DER form of
// SubjectPublicKeyInfo. It depends on the key alone, so a renewed certificate for the same key has the same
// fingerprint.
type Fingerprint [32]byte

// fingerprintOf returns the fingerprint of a certificate's public key.
func fingerprintOf(c *x509.Certificate) Fingerprint {
	return sha256.Sum256(c.RawSubjectPublicKeyInfo)
}

// String returns the form for people: 16 groups of four hexadecimal digits with colons between them, 79 characters,
// which fits a terminal and needs no quotes on a command line.
func (f Fingerprint) String() string {
	digits := hex.EncodeToString(f[:])
	groups := make([]string, 0, 16)
	for ; digits != ""; digits = digits[4:] {
		groups = append(groups, digits[:4])
	}
	return strings.Join(groups, ":")
}

// Base64 returns the form for join links: base64url without padding, 43 characters.
func (f Fingerprint) Base64() string { return base64.RawURLEncoding.EncodeToString(f[:]) }

// ParseFingerprint parses the forms of String and Base64, and 64 hexadecimal digits with colons or spaces anywhere
// between them, as other tools print fingerprints.
func ParseFingerprint(s string) (Fingerprint, error) {
	var f Fingerprint
	s = strings.TrimSpace(s)
	if len(s) == base64.RawURLEncoding.EncodedLen(len(f)) {
		// Strict, because the last character has two spare bits, and a key has one spelling only.
		if b, err := base64.RawURLEncoding.Strict().DecodeString(s); err == nil && len(b) == len(f) {
			return Fingerprint(b), nil
		}
	}
	b, err := hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(s))
	if err != nil || len(b) != len(f) {
		return f, errors.New("not a fingerprint: it has 64 hexadecimal digits (colons and spaces do not matter) or " +
			"the 43 characters after k= in a join link")
	}
	return Fingerprint(b), nil
}
