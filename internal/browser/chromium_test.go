//go:build browser

package browser

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// A browser is a Chromium that runs without a screen, controlled by the DevTools protocol.
type chromium struct {
	t    *testing.T
	conn *websocket.Conn

	mu      sync.Mutex
	serial  int
	answers map[int]chan reply
	pages   map[string]*tab // by session
}

type reply struct {
	Result json.RawMessage
	Error  *struct{ Message string }
}

// A tab is a page that is open in the browser.
type tab struct {
	b               *chromium
	target, session string

	mu     sync.Mutex
	errors []string // of the console
}

// chromiumFlags keep the browser to itself.
var chromiumFlags = []string{
	"--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync", "--disable-default-apps", "--mute-audio",
	"--remote-debugging-port=0", "--disable-dev-shm-usage",
}

// openChromium starts a browser, which is ended with the test.
func openChromium(t *testing.T, more ...string) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("these tests need Debian's chromium: %v", err)
	}
	profile := profile(t)
	args := append(append(append([]string{}, chromiumFlags...), "--user-data-dir="+profile), more...)
	cmd := exec.Command(path, append(args, "about:blank")...)
	cmd.Env = append(os.Environ(), "HOME="+profile)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	address := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if _, url, ok := strings.Cut(lines.Text(), "DevTools listening on "); ok {
				address <- url
			}
		}
	}()
	var url string
	select {
	case url = <-address:
	case <-time.After(patience):
		t.Fatal("chromium did not print the address of its DevTools in time")
	}
	conn, _, err := websocket.Dial(context.Background(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	b := &chromium{t: t, conn: conn, answers: make(map[int]chan reply), pages: make(map[string]*tab)}
	go b.read()
	return b
}

// profile returns a folder for a browser, which is removed after the test. Processes of a browser that has been killed
// may write to it for a moment.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pong-profile")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	return dir
}

// read hands on the answers and events of the browser.
func (b *chromium) read() {
	for {
		_, text, err := b.conn.Read(context.Background())
		if err != nil {
			return
		}
		var m struct {
			ID        int
			Method    string
			SessionID string
			Params    json.RawMessage
			reply
		}
		if json.Unmarshal(text, &m) != nil {
			continue
		}
		b.mu.Lock()
		answer, page := b.answers[m.ID], b.pages[m.SessionID]
		delete(b.answers, m.ID)
		b.mu.Unlock()
		switch {
		case m.ID != 0 && answer != nil:
			answer <- m.reply
		case page != nil:
			page.note(m.Method, m.Params)
		}
	}
}

// note keeps what a page reports as an error.
func (p *tab) note(method string, params json.RawMessage) {
	text := ""
	switch method {
	case "Runtime.exceptionThrown":
		text = string(params)
	case "Runtime.consoleAPICalled":
		var call struct {
			Type string
			Args []struct {
				Value       any
				Description string
			}
		}
		_ = json.Unmarshal(params, &call)
		if call.Type == "error" || call.Type == "warning" || os.Getenv("PONG_CONSOLE") != "" {
			text = fmt.Sprint(call.Type, call.Args)
		}
	case "Log.entryAdded":
		var added struct {
			Entry struct{ Level, Text, URL string }
		}
		_ = json.Unmarshal(params, &added)
		if added.Entry.Level == "error" {
			text = added.Entry.Text + " " + added.Entry.URL
		}
	}
	if text != "" {
		p.mu.Lock()
		p.errors = append(p.errors, text)
		p.mu.Unlock()
	}
}

// consoleErrors returns what the page has reported.
func (p *tab) consoleErrors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.errors
}

// call calls a method of the browser, or of a session.
func (b *chromium) call(session, method string, params any, result any) {
	b.t.Helper()
	answer := make(chan reply, 1)
	b.mu.Lock()
	b.serial++
	id := b.serial
	b.answers[id] = answer
	b.mu.Unlock()
	m := map[string]any{"id": id, "method": method}
	if params != nil {
		m["params"] = params
	}
	if session != "" {
		m["sessionId"] = session
	}
	text, _ := json.Marshal(m)
	if err := b.conn.Write(context.Background(), websocket.MessageText, text); err != nil {
		b.t.Fatal(err)
	}
	select {
	case r := <-answer:
		if r.Error != nil {
			b.t.Fatalf("%s: %s", method, r.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(r.Result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(patience):
		b.t.Fatalf("%s: no answer", method)
	}
}

// open opens a page in a window of a size. The certificate of the server is accepted, as a person does who reads the
// warning. The scripts are run before those of the page.
func (b *chromium) open(url string, width, height int, phone bool, scripts ...string) *tab {
	b.t.Helper()
	var created struct{ TargetID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &created)
	var attached struct{ SessionID string }
	b.call("", "Target.attachToTarget", map[string]any{"targetId": created.TargetID, "flatten": true}, &attached)
	p := &tab{b: b, target: created.TargetID, session: attached.SessionID}
	b.mu.Lock()
	b.pages[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Runtime", "Log", "Page", "Security"} {
		p.call(domain+".enable", nil, nil)
	}
	p.call("Security.setIgnoreCertificateErrors", map[string]any{"ignore": true}, nil)
	p.size(width, height, phone)
	for _, script := range scripts {
		p.call("Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": script}, nil)
	}
	p.call("Page.navigate", map[string]any{"url": url}, nil)
	return p
}

func (p *tab) call(method string, params any, result any) {
	p.b.t.Helper()
	p.b.call(p.session, method, params, result)
}

// size gives the page a size, and a touch screen if it is a phone's.
func (p *tab) size(width, height int, phone bool) {
	p.b.t.Helper()
	scale := 1
	if phone {
		scale = 2
	}
	p.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone,
	}, nil)
	p.call("Emulation.setTouchEmulationEnabled", map[string]any{"enabled": phone}, nil)
}

// eval returns the value of an expression, as JSON.
func (p *tab) eval(expression string) string {
	p.b.t.Helper()
	var r struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	p.call("Runtime.evaluate", map[string]any{
		"expression": expression, "returnByValue": true, "awaitPromise": true,
	}, &r)
	if r.ExceptionDetails != nil {
		p.b.t.Fatalf("%s: %s", expression, r.ExceptionDetails)
	}
	return string(r.Result.Value)
}

// patience is how long a browser is waited for. It is far more than it needs: other programs use the processors, too.
const patience = 5 * time.Minute

// await waits until an expression is true.
func (p *tab) await(expression string) {
	p.b.t.Helper()
	for late := time.Now().Add(patience); p.eval("document.body && Boolean("+expression+")") != "true"; {
		if time.Now().After(late) {
			p.shoot("failed")
			p.b.t.Fatalf("%s: not within %v; the page shows %s; errors: %q", expression, patience,
				p.eval("document.body?.innerText + location.href"), p.consoleErrors())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// shoot saves a picture of the page, if PONG_SHOTS names a folder.
func (p *tab) shoot(name string) {
	p.b.t.Helper()
	dir := os.Getenv("PONG_SHOTS")
	if dir == "" {
		return
	}
	var r struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &r)
	png, err := base64.StdEncoding.DecodeString(r.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644)
	}
	if err != nil {
		p.b.t.Error(err)
	}
}

// close closes the page at once, as when its process is killed.
func (p *tab) close() {
	p.b.t.Helper()
	p.b.call("", "Target.closeTarget", map[string]any{"targetId": p.target}, nil)
}
