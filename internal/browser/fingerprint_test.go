//go:build browser

package browser

import (
	"encoding/hex"
	"testing"
)

// The fingerprint that the page shows is the one in the server's link.
func TestPage_ShowsTheFingerprint(t *testing.T) {
	s := serve(t)
	b := openChromium(t)
	p := b.open(s.page+"&r=yew-2", 390, 844, true)
	p.await(screenIs + `'Waiting for your friend'`)
	p.await(`document.querySelector('#identity summary').offsetParent`)
	p.eval(`document.querySelector('#identity summary').click()`)
	p.shoot("fingerprint")
	shown := p.eval(`document.querySelector("#identity pre").innerText.replace(/[:\s]/g, "")`)
	if want := hex.EncodeToString(s.key(t)); shown != `"`+want+`"` {
		t.Errorf("the page shows the fingerprint %s, want %s", shown, want)
	}
	p.noErrors()
}
