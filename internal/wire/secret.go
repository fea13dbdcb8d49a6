package wire

import "encoding/base64"

// ParseSecret returns the bytes of a token or a resume secret. It returns false if the text is not the one that a
// server writes for them: base64 has other texts for the same bytes, with line breaks or other last bits, and a secret
// that can be written in two ways can pass for two.
func ParseSecret(text string) (secret [TokenLen]byte, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != TokenLen || FormatSecret(b) != text {
		return secret, false
	}
	return [TokenLen]byte(b), true
}

// FormatSecret returns the text of a token or a resume secret: base64url without padding, 22 characters.
func FormatSecret(secret []byte) string { return base64.RawURLEncoding.EncodeToString(secret) }
