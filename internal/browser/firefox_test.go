//go:build browser

package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// A firefox is a Firefox that runs without a screen, with one page, controlled by WebDriver BiDi.
type firefox struct {
	t       *testing.T
	conn    *websocket.Conn
	serial  int
	context string
	errors  []string // of the console
}

// openFirefox starts a browser, which is ended with the test. It accepts the certificate of the server, as a person
// does who reads the warning.
func openFirefox(t *testing.T) *firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		t.Fatalf("this test needs Debian's firefox-esr: %v", err)
	}
	profile := profile(t)
	cmd := exec.Command(path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0")
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
			if _, url, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok {
				address <- url
			}
		}
	}()
	var url string
	select {
	case url = <-address:
	case <-time.After(patience):
		t.Fatal("firefox did not print the address of WebDriver BiDi in time")
	}
	conn, _, err := websocket.Dial(context.Background(), url+"/session", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	f := &firefox{t: t, conn: conn}
	f.call("session.new", map[string]any{
		"capabilities": map[string]any{"alwaysMatch": map[string]any{"acceptInsecureCerts": true}},
	}, nil)
	f.call("session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil)
	var tree struct{ Contexts []struct{ Context string } }
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	f.context = tree.Contexts[0].Context
	return f
}

// call calls a command, and takes the events until its answer.
func (f *firefox) call(method string, params any, result any) {
	f.t.Helper()
	f.serial++
	text, _ := json.Marshal(map[string]any{"id": f.serial, "method": method, "params": params})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := f.conn.Write(ctx, websocket.MessageText, text); err != nil {
		f.t.Fatalf("%s: %v", method, err)
	}
	for {
		_, text, err := f.conn.Read(ctx)
		if err != nil {
			f.t.Fatalf("%s: %v", method, err)
		}
		var m struct {
			ID                    int
			Type, Method, Message string
			Params                struct{ Level, Text string }
			Result                json.RawMessage
		}
		if err := json.Unmarshal(text, &m); err != nil {
			f.t.Fatalf("%s: %v", method, err)
		}
		if m.Method == "log.entryAdded" && m.Params.Level == "error" {
			f.errors = append(f.errors, m.Params.Text)
		}
		if m.ID != f.serial {
			continue
		}
		if m.Type == "error" {
			f.t.Fatalf("%s: %s", method, m.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				f.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

// eval returns the text that an expression has.
func (f *firefox) eval(expression string) string {
	f.t.Helper()
	var r struct{ Result struct{ Value any } }
	f.call("script.evaluate", map[string]any{
		"expression": "String(" + expression + ")", "target": map[string]any{"context": f.context},
		"awaitPromise": true,
	}, &r)
	text, _ := r.Result.Value.(string)
	return text
}

// await waits until an expression is true.
func (f *firefox) await(expression string) {
	f.t.Helper()
	for late := time.Now().Add(patience); f.eval("Boolean(document.body && ("+expression+"))") != "true"; {
		if time.Now().After(late) {
			f.t.Fatalf("%s: not within %v; the page shows %s; errors: %q", expression, patience,
				f.eval("document.body?.innerText"), f.errors)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestPage_PlaysInFirefox(t *testing.T) {
	s := serve(t, "--points", "1")
	f := openFirefox(t)
	f.call("browsingContext.navigate", map[string]any{
		"context": f.context, "url": s.page + "&r=ash-5", "wait": "none",
	}, nil)
	f.await(screenIs + `'Waiting for your friend'`)
	run(t, nil, "bot", s.link, "--room", "ash-5", "--name", "Grace")
	f.await(screenIs + `'match'`)
	f.await(`document.body.dataset.screen.endsWith(' wins')`)
	if tcp := f.eval(`document.querySelector('#figures .tcp') !== null`); tcp != "false" {
		t.Error("the page plays over TCP, want WebTransport")
	}
	if len(f.errors) > 0 {
		t.Errorf("errors in the console: %q, want none", f.errors)
	}
}
