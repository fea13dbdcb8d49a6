//go:build e2e && linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"pong/internal/gui/guitest"
)

// The tests of these files press real keys in real windows and terminals. They need Xvfb, setxkbmap, openbox, xdotool,
// ImageMagick and tmux. Run them with: go test -tags e2e -run '^TestScreen' ./cmd/pong

// A screenTest is a test with a server and the binary that joins it.
type screenTest struct {
	*testing.T
	binary, link string
	events       chan string // messages of the server's log
}

func newScreenTest(t *testing.T) *screenTest {
	t.Helper()
	dir := t.TempDir()
	b := &screenTest{T: t, binary: filepath.Join(dir, "pong"), events: make(chan string, 1000)}
	if out, err := exec.Command("go", "build", "-o", b.binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	serve := exec.Command(b.binary, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0",
		"--start", "auto", "--points", "0", "--log", "json", "--certs", filepath.Join(dir, "certs"))
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	b.start(serve)
	link := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var line struct{ Msg, Link string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Link != "" {
				link <- line.Link
			}
			b.events <- line.Msg
		}
	}()
	select {
	case b.link = <-link:
	case <-time.After(10 * time.Second):
		t.Fatal("the server printed no join link")
	}
	return b
}

// start runs a process until the test ends. The system kills it if this process ends before, as at the time-out of
// go test, after which no cleanup runs.
func (b *screenTest) start(cmd *exec.Cmd) {
	b.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = time.Second // for a program of its own that has its output
	var stderr bytes.Buffer
	if cmd.Stderr == nil {
		cmd.Stderr = &stderr
	}
	if err := cmd.Start(); err != nil {
		b.Fatalf("%s: %v", cmd.Args[0], err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-done
		}
		if b.Failed() && stderr.Len() > 0 {
			b.Logf("%s: %s", strings.Join(cmd.Args, " "), stderr.String())
		}
	})
}

// waitFor waits for a message of the server's log.
func (b *screenTest) waitFor(message string) {
	b.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case m := <-b.events:
			if m == message {
				return
			}
		case <-deadline:
			b.Fatalf("the server never logged %q", message)
		}
	}
}

// eventually waits until a condition holds.
func (b *screenTest) eventually(what string, ask func() bool) {
	b.Helper()
	const patience = 2 * time.Minute // far more than it needs: other programs use the processors, too
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if ask() {
			return
		}
	}
	b.Fatalf("not within %v: %s", patience, what)
}

func (b *screenTest) run(name string, args ...string) []byte {
	b.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		b.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

// TestScreenWindows plays with two windows, each on its own display. Keys pressed in one window move the paddle by
// the same distance in the other.
func TestScreenWindows(t *testing.T) {
	b := newScreenTest(t)
	left := b.window("left")
	b.waitFor("joined")
	right := b.window("right")
	b.waitFor("started")

	before := b.paddles(left)
	b.hold(left, "w", 600*time.Millisecond)
	b.bothShow(left, right, 0, func(y float64) bool { return y < before[0]-50 })
	b.hold(right, "Down", 400*time.Millisecond)
	b.bothShow(left, right, 1, func(y float64) bool { return y > before[1]+50 })
}

// window opens a window on a new display and returns the display.
func (b *screenTest) window(name string) (display string) {
	b.Helper()
	return b.sitDown(name, "play", b.link).display
}

// onDisplay runs a program of X on a display.
func (b *screenTest) onDisplay(display, name string, args ...string) {
	b.Helper()
	if _, err := guitest.Run(display, name, args...); err != nil {
		b.Fatal(err)
	}
}

func (b *screenTest) hold(display, key string, d time.Duration) {
	b.Helper()
	for _, action := range []string{"keydown", "keyup"} {
		b.onDisplay(display, "xdotool", action, key)
		if action == "keydown" {
			time.Sleep(d)
		}
	}
}

// bothShow waits until both windows show a paddle in the right place, at the same height.
func (b *screenTest) bothShow(left, right string, player int, moved func(y float64) bool) {
	b.Helper()
	var l, r [2]float64
	defer func() {
		if b.Failed() {
			b.Logf("the paddles are at %.1f in the left window, at %.1f in the right one", l, r)
		}
	}()
	b.eventually(fmt.Sprintf("player %d's paddle has moved by the same distance in both windows", player+1),
		func() bool {
			l, r = b.paddles(left), b.paddles(right)
			return moved(l[player]) && moved(r[player]) && l[player]-r[player] < 2 && r[player]-l[player] < 2
		})
	b.Logf("player %d's paddle: at %.1f in the left window, %.1f in the right one", player+1, l[player], r[player])
}

// paddles returns the top edges of both paddles in a screenshot, in pixels of the field.
func (b *screenTest) paddles(display string) (tops [2]float64) {
	b.Helper()
	picture, shot := guitest.Screenshot(b, display)
	if dir := os.Getenv("SCREENSHOTS"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, "window"+display+".png"), shot, 0o644)
	}
	return guitest.Paddles(picture)
}
