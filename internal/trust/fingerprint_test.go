package trust

import (
	"strings"
	"testing"
)

// The digest of "abc", FIPS 180-2 appendix B.1.
const (
	abcHex    = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	abcString = "ba78:16bf:8f01:cfea:4141:40de:5dae:2223:b003:61a3:9617:7a9c:b410:ff61:f200:15ad"
	abcBase64 = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
)

func TestFingerprint_Forms(t *testing.T) {
	pairs := abcHex[:2]
	for i := 2; i < len(abcHex); i += 2 {
		pairs += ":" + abcHex[i:i+2]
	}
	for _, s := range []string{
		abcHex, strings.ToUpper(abcHex), abcString, abcBase64, pairs, strings.ToUpper(pairs),
		strings.ReplaceAll(abcString, ":", " "), "  " + abcBase64 + "\n",
	} {
		f, err := ParseFingerprint(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if f.String() != abcString || f.Base64() != abcBase64 {
			t.Errorf("ParseFingerprint(%q) = %v, %v; want %s", s, f, f.Base64(), abcString)
		}
	}
}

func TestFingerprint_Errors(t *testing.T) {
	for _, s := range []string{
		"", "ba78", abcHex[1:], abcHex + "00", "g" + abcHex[1:],
		abcBase64[1:], abcBase64 + "A", "+" + abcBase64[1:],
		abcBase64[:42] + "1", // the two spare bits are not zero
	} {
		if f, err := ParseFingerprint(s); err == nil {
			t.Errorf("ParseFingerprint(%q) = %v, want an error", s, f)
		}
	}
}

func FuzzParseFingerprint(f *testing.F) {
	f.Add(abcHex)
	f.Add(abcString)
	f.Add(abcBase64)
	f.Fuzz(func(t *testing.T, s string) {
		key, err := ParseFingerprint(s)
		if err != nil {
			return
		}
		for _, form := range []string{key.String(), key.Base64()} {
			if again, err := ParseFingerprint(form); err != nil || again != key {
				t.Fatalf("%q is parsed as %v, and its form %q as %v, error %v", s, key, form, again, err)
			}
		}
	})
}
