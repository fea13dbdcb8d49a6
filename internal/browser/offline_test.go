//go:build browser

package browser

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

const workers = `navigator.serviceWorker.getRegistrations().then((all) => all.length)`

// TestPage_PlaysABotOffline opens the page of a server whose certificate the browser trusts, ends the server, and opens
// the page again.
func TestPage_PlaysABotOffline(t *testing.T) {
	s := serve(t)
	b := openChromium(t, "--ignore-certificate-errors-spki-list="+base64.StdEncoding.EncodeToString(s.key(t)))
	p := b.open(s.page, 1280, 800, false)
	p.await(screenIs + `'Waiting for an opponent'`)
	if workers := p.eval(workers); workers != "0" {
		t.Errorf("the page has %s service workers at a server without a public certificate, want none", workers)
	}
	// The server does not know that this browser trusts its certificate, so the page is told.
	p.eval(`navigator.serviceWorker.register('offline.js').then(() => navigator.serviceWorker.ready).then(() => true)`)
	var wrong struct{ InstallabilityErrors []struct{ ErrorID string } }
	p.call("Page.getInstallabilityErrors", nil, &wrong)
	if len(wrong.InstallabilityErrors) > 0 {
		t.Errorf("the page cannot be installed: %+v", wrong.InstallabilityErrors)
	}
	p.noErrors()
	p.close()
	s.stop()

	p = b.open(s.page, 390, 844, true)
	p.await(screenIs + `'match'`)
	p.await(`document.getElementById('right').textContent.startsWith('Bot')`)
	p.await(`document.body.dataset.score !== '0:0'`)
	p.shoot("offline")
	p.eval(`dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape' }))`)
	p.await(`document.querySelector('#choices button')`)
	p.shoot("offline-leave")
	without := slices.DeleteFunc(slices.Clone(p.consoleErrors()), func(text string) bool {
		return strings.Contains(text, "net::ERR_CONNECTION_REFUSED") // of /hash, which asks whether there is a server
	})
	if len(without) > 0 {
		t.Errorf("errors in the console: %q, want none", without)
	}
}
