//go:build browser

package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pong/internal/replay/replaytest"
)

// output returns the first line that the program prints.
func output(t *testing.T, args ...string) string {
	t.Helper()
	lines := make(chan string, 1)
	run(t, func(line string) {
		select {
		case lines <- line:
		default:
		}
	}, args...)
	select {
	case line := <-lines:
		return line
	case <-time.After(time.Minute):
		t.Fatalf("pong %q printed nothing within a minute", args)
	}
	return ""
}

// recorded returns the link to a recorded game at a page.
func recorded(t *testing.T, page string) string {
	t.Helper()
	_, recording := replaytest.Game(t)
	file := filepath.Join(t.TempDir(), "game.pongrec")
	if err := os.WriteFile(file, recording, 0o644); err != nil {
		t.Fatal(err)
	}
	return output(t, "replay", file, "--link", page)
}

// A files is a server of the files of the page, which knows nothing of Pong.
type files struct {
	url string

	mu    sync.Mutex
	asked []string // of what is not there
}

func serveFiles(t *testing.T) *files {
	t.Helper()
	dir := t.TempDir()
	program(t, "replay", "--page", dir)
	f, from := new(files), http.FileServer(http.Dir(dir))
	handle := func(w http.ResponseWriter, r *http.Request) {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(r.URL.Path))); err != nil {
			f.mu.Lock()
			f.asked = append(f.asked, r.URL.Path)
			f.mu.Unlock()
		}
		from.ServeHTTP(w, r)
	}
	s := httptest.NewServer(http.StripPrefix("/games/pong", http.HandlerFunc(handle)))
	t.Cleanup(s.Close)
	f.url = s.URL + "/games/pong"
	return f
}

// The link is opened in a browser that has never met a server, from the server's page and from one that is files only.
func TestPage_PlaysTheReplayInALink(t *testing.T) {
	server, static := serve(t), serveFiles(t)
	address, _, _ := strings.Cut(server.page, "/#")
	for name, page := range map[string]string{"server": address, "files": static.url} {
		t.Run(name, func(t *testing.T) {
			b := openChromium(t)
			p := b.open(recorded(t, page), 1280, 800, false)
			at := func(condition string) {
				t.Helper()
				p.await("Number(document.body.dataset.at) " + condition)
			}
			at("> 10")
			if names := p.eval(`left.textContent + '-' + right.textContent`); names != `"Ann-Ben"` {
				t.Errorf("the names are %s, want Ann-Ben", names)
			}
			p.shoot("replay-" + name)
			press := func(key string) {
				t.Helper()
				p.eval(fmt.Sprintf(`dispatchEvent(new KeyboardEvent('keydown', { key: %q, code: %[1]q }))`, key))
			}
			press(" ")
			p.await(`document.getElementById('clock').textContent.endsWith('paused')`)
			press("End")
			p.await(`document.body.dataset.score !== '0:0'`)
			press("Home")
			press("Home")
			p.await(`document.body.dataset.score === '0:0'`)
			p.eval(`(() => { // at once, since each frame sets the value
				const at = document.getElementById('at');
				at.value = 100;
				at.dispatchEvent(new Event('input'));
			})()`)
			at("=== 100")
			press(".")
			at("=== 101")
			press("ArrowUp")
			p.await(`document.getElementById('clock').textContent.includes('speed 2')`)
			press("v")
			p.await(`document.getElementById('left').className === 'own'`)
			press("v")
			p.await(`document.getElementById('right').className === 'own'`)
			p.eval(`document.querySelector('[data-do="1"]').click()`)
			p.await(`document.getElementById('clock').textContent.startsWith('You play the left paddle')`)
			p.size(390, 844, true)
			p.await(`innerWidth === 390`)
			p.shoot("replay-phone-" + name)
			p.noErrors()
		})
	}
	static.mu.Lock()
	defer static.mu.Unlock()
	if len(static.asked) > 0 {
		t.Errorf("the page asked for %q, want only its own files", static.asked)
	}
}

func TestPage_RefusesReplaysThatAreNotWhole(t *testing.T) {
	static := serveFiles(t)
	link := recorded(t, static.url)
	b := openChromium(t)
	middle := strings.Index(link, "m=") + (len(link)-strings.Index(link, "m="))/2
	other := "A"
	if link[middle:middle+1] == other {
		other = "B"
	}
	for name, test := range map[string]struct{ link, want string }{
		"cut off": {link[:len(link)-40], "cut off"},
		"altered": {link[:middle] + other + link[middle+1:], "copy the link again"},
		"foreign": {static.url + "/replay#k=abc&r=oak-7", "the link has no recording in it"},
		"empty":   {static.url + "/replay", "the link has no recording in it"},
	} {
		p := b.open(test.link, 1280, 800, false)
		p.await(`document.querySelector('#loading.alert')`)
		if text := p.eval(`document.getElementById('loading').textContent`); !strings.Contains(text, test.want) ||
			!strings.Contains(text, "This replay cannot be played: ") {
			t.Errorf("%s: the page shows %s, want it to contain %q", name, text, test.want)
		}
		p.shoot("replay-" + name)
		p.noErrors()
		p.close()
	}
}
