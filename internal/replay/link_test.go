package replay

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func TestLink_HasTheWholeRecording(t *testing.T) {
	p := play(4, 2000)
	link := Link("https://pong.example:5555/", p.bytes)
	if want := "https://pong.example:5555/replay#m="; !strings.HasPrefix(link, want) {
		t.Errorf("link %q, want it to begin with %q", link, want)
	}
	for _, text := range []string{link, "  " + link + "\n", link + "&t=20"} {
		if b, err := FromLink(text); err != nil || !bytes.Equal(b, p.bytes) {
			t.Errorf("from %q...: %v", text[:20], err)
		}
	}
}

func TestFromLink_NamesWhatIsWrong(t *testing.T) {
	p := play(4, 500)
	link := Link("https://pong.example:5555", p.bytes)
	var bomb bytes.Buffer
	w, _ := flate.NewWriter(&bomb, flate.BestCompression)
	_, _ = w.Write([]byte(magic))
	zeros := make([]byte, 1<<20)
	for range 50 {
		_, _ = w.Write(zeros)
	}
	w.Close()
	text := func(packed []byte) string {
		return "https://pong.example:5555/replay#m=" + base64.RawURLEncoding.EncodeToString(packed)
	}
	for name, test := range map[string]struct {
		link string
		want error
	}{
		"no fragment":     {"https://pong.example:5555/replay", ErrForeign},
		"another link":    {"https://pong.example:5555/#k=abc&r=def", ErrForeign},
		"no text":         {"https://pong.example:5555/replay#m=", ErrForeign},
		"not in base 64":  {"https://pong.example:5555/replay#m=a b", ErrDamaged},
		"cut off":         {link[:len(link)-40], ErrCut},
		"cut off by one":  {link[:len(link)-1], ErrCut},
		"cut off by two":  {link[:len(link)-2], ErrCut},
		"cut off by 3":    {link[:len(link)-3], ErrCut},
		"not deflated":    {text([]byte(magic)), ErrForeign},
		"grows too large": {text(bomb.Bytes()), ErrTooLong},
	} {
		if _, err := FromLink(test.link); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func FuzzFromLink(f *testing.F) {
	f.Add(Link("https://h:1", play(1, 100).bytes))
	f.Fuzz(func(t *testing.T, link string) {
		b, err := FromLink(link)
		if err == nil && !bytes.HasPrefix(b, []byte(magic)) {
			t.Fatalf("%q: accepted", link)
		}
	})
}
