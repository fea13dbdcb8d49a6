//go:build siege && linux

package siege

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A chaosProgram is a running pong.
type chaosProgram struct {
	*testing.T
	cmd    *exec.Cmd
	home   string
	began  time.Time
	stderr bytes.Buffer
	ended  chan struct{}

	mu    sync.Mutex  // guards what follows
	lines []chaosLine // of its standard output
}

// A chaosLine is a line of output with its time, and the fields of a server's log or a bot's report.
type chaosLine struct {
	at   time.Time
	text string

	Msg, Why, Name   string
	Score1, Score2   int
	Player1, Player2 string // names
	Player           int
	Control          int    `json:"control_port"`
	Game             int    `json:"game_port"`
	Fingerprint      string `json:"fingerprint"`
	Metrics          string // the address of the page

	Tick   uint32
	Score  []int
	Result string
}

// run starts a pong with a home folder, which also holds its settings.
func (c *chaos) run(t *testing.T, home string, args ...string) *chaosProgram {
	t.Helper()
	p := &chaosProgram{T: t, cmd: exec.Command(c.pong, args...), home: home, ended: make(chan struct{})}
	p.cmd.Dir = home
	p.cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "PATH=" + os.Getenv("PATH")}
	p.cmd.Stderr = &p.stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start pong %v: %v", args, err)
	}
	go func() {
		defer close(p.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			line := chaosLine{at: time.Now(), text: lines.Text()}
			_ = json.Unmarshal(lines.Bytes(), &line) // some lines are not JSON
			p.mu.Lock()
			p.lines = append(p.lines, line)
			p.mu.Unlock()
		}
		_ = p.cmd.Wait() // the outcome is in cmd.ProcessState
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGCONT)
		p.kill()
		if strings.Contains(p.stderr.String(), "goroutine ") {
			t.Errorf("pong %v crashed", args)
		}
		if t.Failed() {
			var last []string
			for _, line := range p.all() {
				last = append(last, fmt.Sprintf("%v %s", line.at.Sub(p.began).Round(time.Millisecond), line.text))
			}
			t.Logf("pong %v ended with %v; its last lines:\n%s\n%s", args, p.cmd.ProcessState,
				strings.Join(last[max(0, len(last)-40):], "\n"), p.stderr.String())
		}
	})
	return p
}

func (p *chaosProgram) all() []chaosLine {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.lines)
}

// with returns the lines after a moment that contain a text.
func (p *chaosProgram) with(text string, after time.Time) (found []chaosLine) {
	for _, line := range p.all() {
		if line.at.After(after) && strings.Contains(line.text, text) {
			found = append(found, line)
		}
	}
	return found
}

// wait waits for a line after a moment that contains a text.
func (p *chaosProgram) wait(within time.Duration, text string, after time.Time) chaosLine {
	p.Helper()
	chaosWant(p.T, within, fmt.Sprintf("pong %v prints a line with %q", p.cmd.Args[1:], text), func() bool {
		return len(p.with(text, after)) > 0
	})
	return p.with(text, after)[0]
}

func (p *chaosProgram) signal(s syscall.Signal) {
	p.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fatalf("signal pong %v: %v", p.cmd.Args[1:], err)
	}
}

// kill kills the process.
func (p *chaosProgram) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// waitExit waits until the process ends, and expects an exit code.
func (p *chaosProgram) waitExit(within time.Duration, code int) {
	p.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		p.Fatalf("pong %v did not end within %v", p.cmd.Args[1:], within)
	}
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.Errorf("pong %v ended with %v, want code %d: %s", p.cmd.Args[1:], p.cmd.ProcessState, code, p.stderr.String())
	}
}

// chaosWant waits until something has happened, and fails if it takes too long.
func chaosWant(t *testing.T, within time.Duration, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}
