//go:build browser

package browser

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
)

// The fingerprint that the page shows is the one in the server's link.
func TestPage_ShowsTheFingerprint(t *testing.T) {
	s := serve(t)
	_, fragment, _ := strings.Cut(s.link, "#")
	fields, err := url.ParseQuery(fragment)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.RawURLEncoding.DecodeString(fields.Get("k"))
	if err != nil || len(key) == 0 {
		t.Fatalf("the link %s has the key %q: %v", s.link, key, err)
	}
	b := openChromium(t)
	p := b.open(s.page+"&r=yew-2", 390, 844, true)
	p.await(screenIs + `'Waiting for your friend'`)
	p.await(`document.querySelector('#identity summary').offsetParent`)
	p.eval(`document.querySelector('#identity summary').click()`)
	p.shoot("fingerprint")
	shown := p.eval(`document.querySelector("#identity pre").innerText.replace(/[:\s]/g, "")`)
	if want := hex.EncodeToString(key); shown != `"`+want+`"` {
		t.Errorf("the page shows the fingerprint %s, want %s", shown, want)
	}
	p.noErrors()
}
