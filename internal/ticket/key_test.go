package ticket

import (
	"bytes"
	"crypto/ed25519"
	"encoding/pem"
	"strings"
	"testing"
)

func TestParseKey(t *testing.T) {
	key := testKey(1).Public().(ed25519.PublicKey)
	// openssl pkey -pubout makes the same of the key of the seed 01 01 ... 01.
	const spki = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAiojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=\n" +
		"-----END PUBLIC KEY-----\n"
	for _, text := range []string{FormatKey(key), " " + FormatKey(key) + "\n", spki, "# of the club\n" + spki} {
		if got, err := ParseKey(text); err != nil || !bytes.Equal(got, key) {
			t.Errorf("ParseKey(%q) = %x, %v, want %x", text, got, err, key)
		}
	}
	long := FormatKey(key)
	for _, text := range []string{
		"", "ed25519:", long[:len(long)-1], long + "A", strings.TrimPrefix(long, keyPrefix),
		string(FormatPrivateKey(testKey(1))),
		string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte{1, 2}})),
	} {
		if got, err := ParseKey(text); err == nil {
			t.Errorf("ParseKey(%q) = %x, want an error", text, got)
		}
	}
}

func TestParsePrivateKey(t *testing.T) {
	key := testKey(1)
	// RFC 8410 section 7: PKCS #8 without the public key.
	der := append([]byte("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"), key.Seed()...)
	pkcs8 := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	for _, text := range []string{string(FormatPrivateKey(key)), pkcs8} {
		if got, err := ParsePrivateKey([]byte(text)); err != nil || !got.Equal(key) {
			t.Errorf("ParsePrivateKey(%q): %v, want the key of the seed 01 01 ...", text, err)
		}
	}
	for _, text := range []string{"", FormatKey(key.Public().(ed25519.PublicKey)), pkcs8[:60]} {
		if _, err := ParsePrivateKey([]byte(text)); err == nil {
			t.Errorf("ParsePrivateKey(%q) succeeds, want an error", text)
		}
	}
}
