//go:build browser

package browser

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// binary builds the program once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pong-browser")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "pong")
	out, err := exec.Command("go", "build", "-tags", "nogui", "-o", path, "pong/cmd/pong").CombinedOutput()
	if err != nil {
		os.Stderr.Write(out)
	}
	return path, err
})

// TestMain removes what binary has built.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// A server is a running pong serve.
type server struct {
	link, page string
	pid        int
	stop       func()
}

// serve starts a server with further flags, which is ended with the test.
func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	first := make(chan map[string]any, 1)
	pid, stop := run(t, func(line string) {
		var m map[string]any
		if json.Unmarshal([]byte(line), &m) == nil && m["msg"] == "listening" {
			first <- m
		}
	}, append([]string{"serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--start", "auto",
		"--log", "json", "--certs", t.TempDir(), "--state", "none"}, flags...)...)
	select {
	case m := <-first:
		link := m["link"].(string)
		return &server{link: link, page: "https://" + strings.TrimPrefix(link, "pong://"), pid: pid, stop: stop}
	case <-time.After(patience):
		t.Fatal("the server did not print its link in time")
	}
	return nil
}

// key returns the SHA-256 digest of the public key of the server, which is in its link.
func (s *server) key(t *testing.T) []byte {
	t.Helper()
	_, fragment, _ := strings.Cut(s.link, "#")
	fields, err := url.ParseQuery(fragment)
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.RawURLEncoding.DecodeString(fields.Get("k"))
	if err != nil || len(key) == 0 {
		t.Fatalf("the link %s has the key %q: %v", s.link, key, err)
	}
	return key
}

// run starts the program, which is ended with the test or by stop, and calls take with its lines.
func run(t *testing.T, take func(line string), args ...string) (pid int, stop func()) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(stop)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if os.Getenv("PONG_LINES") != "" {
				os.Stderr.WriteString(lines.Text() + "\n")
			}
			if take != nil {
				take(lines.Text())
			}
		}
	}()
	return cmd.Process.Pid, stop
}

// program runs the program to its end.
func program(t *testing.T, args ...string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Fatalf("pong %q: %v\n%s", args, err, out)
	}
}
