package wire

import (
	"strings"
	"testing"
)

func TestParseSecret_TakesOneSpelling(t *testing.T) {
	secret := [TokenLen]byte{0xfb, 0xff, 15: 0x07}
	text := FormatSecret(secret[:])
	if got, ok := ParseSecret(text); !ok || got != secret || len(text) != 22 {
		t.Fatalf("ParseSecret(%q) = %x, %v, want %x", text, got, ok, secret)
	}
	for _, other := range []string{
		"", text[:21], text + "A", text + "==", text + "\n", "\r" + text, text[:11] + "\n" + text[11:], " " + text,
		text[:21] + string(text[21]+1), // the same bytes, with one of the unused last bits set
		strings.NewReplacer("-", "+", "_", "/").Replace(text), strings.Repeat("é", 11),
	} {
		if got, ok := ParseSecret(other); ok {
			t.Errorf("ParseSecret(%q) = %x, want a refusal", other, got)
		}
	}
}
