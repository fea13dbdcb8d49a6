package replay

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"net/url"
	"strings"
)

// MaxLink is the greatest length of a link that programs pass on whole. Encode makes longer ones, too.
const MaxLink = 8000

// linkKey is the key of a recording in the fragment of a link, which is not sent to any server.
const linkKey = "m="

// Encode returns a recording as a text for the fragment of a link.
func Encode(recording []byte) string {
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // fails for an unknown level only
	_, _ = w.Write(recording)                               // a buffer never fails
	_ = w.Close()
	return base64.RawURLEncoding.EncodeToString(packed.Bytes())
}

// Decode is the inverse of Encode. It returns an error that wraps ErrForeign, ErrDamaged or ErrTooLong.
func Decode(text string) ([]byte, error) {
	if len(text)%4 == 1 {
		text = text[:len(text)-1] // it is cut off, which inflating will show
	}
	packed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, ErrDamaged
	}
	b, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), MaxBytes+1))
	switch {
	case len(b) > MaxBytes:
		return nil, ErrTooLong
	case !bytes.HasPrefix(b, []byte(magic)):
		return nil, ErrForeign
	case err != nil:
		return nil, ErrCut
	}
	return b, nil
}

// Link returns the link to a recording at the page of a server, such as https://HOST:5555.
func Link(page string, recording []byte) string {
	return strings.TrimRight(page, "/") + "/replay#" + linkKey + Encode(recording)
}

// IsLink reports whether a text looks like a link, and so is not the name of a file.
func IsLink(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

// FromLink returns the recording in a link. The page does not matter.
func FromLink(link string) ([]byte, error) {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return nil, ErrForeign
	}
	for _, field := range strings.Split(u.EscapedFragment(), "&") {
		if text, ok := strings.CutPrefix(field, linkKey); ok {
			return Decode(text)
		}
	}
	return nil, ErrForeign
}
