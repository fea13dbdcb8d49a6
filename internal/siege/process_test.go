//go:build siege && linux

package siege

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is a running pong, or another program of a test.
type process struct {
	t      testing.TB
	cmd    *exec.Cmd
	stderr bytes.Buffer
	ended  chan struct{}

	mu    sync.Mutex // guards what follows
	lines []string   // of its standard output
}

// run starts a program. If it still runs at the end of the test, it is killed.
func run(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, ended: make(chan struct{})}
	cmd.Stderr = &p.stderr
	var lines *bufio.Scanner
	if cmd.Stdout == nil {
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		lines = bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %v: %v", cmd.Args, err)
	}
	go func() {
		defer close(p.ended)
		for lines != nil && lines.Scan() {
			p.mu.Lock()
			p.lines = append(p.lines, lines.Text())
			p.mu.Unlock()
		}
		_ = cmd.Wait() // the outcome is in cmd.ProcessState
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			all := p.all()
			t.Logf("%v ended with %v; its last lines:\n%s\n%s", cmd.Args, cmd.ProcessState,
				strings.Join(all[max(0, len(all)-20):], "\n"), p.stderr.String())
		}
	})
	return p
}

// all returns the lines that were printed so far.
func (p *process) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.lines...)
}

func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// with returns the lines that contain a text.
func (p *process) with(text string) (found []string) {
	for _, line := range p.all() {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// wait waits for a line that contains a text.
func (p *process) wait(text string) string {
	p.t.Helper()
	var found []string
	poll(p.t, 20*time.Second, fmt.Sprintf("%v prints a line with %q", p.cmd.Args, text), func() bool {
		found = p.with(text)
		return len(found) > 0 || !p.running()
	})
	if found = p.with(text); len(found) == 0 {
		p.t.Fatalf("%v ended without printing a line with %q", p.cmd.Args, text)
	}
	return found[0]
}

// terminate sends SIGTERM and waits until the process has ended.
func (p *process) terminate() {
	p.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(40 * time.Second):
		p.t.Fatalf("%v did not end on SIGTERM", p.cmd.Args)
	}
}

// wantRefusal expects a process to fail with one line that contains all of some texts.
func (p *process) wantRefusal(want ...string) {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.t.Fatalf("%v did not end", p.cmd.Args)
	}
	said := p.stderr.String()
	if p.cmd.ProcessState.ExitCode() != 1 || strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "pong: ") {
		p.t.Errorf("%v ended with code %d and printed %q, want 1 and one line", p.cmd.Args,
			p.cmd.ProcessState.ExitCode(), said)
	}
	for _, text := range want {
		if !strings.Contains(said, text) {
			p.t.Errorf("%v printed %q, want it to contain %q", p.cmd.Args, said, text)
		}
	}
}

// pong prepares a pong with its own home folder, in a network namespace unless that is "".
func pong(t testing.TB, namespace string, args ...string) *exec.Cmd {
	t.Helper()
	words := append([]string{pongPath}, args...)
	if namespace != "" {
		words = append([]string{"ip", "netns", "exec", namespace}, words...)
	}
	home := t.TempDir()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = home
	cmd.Env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + home, "PATH=" + os.Getenv("PATH")}
	return cmd
}

// A serving is a running pong serve.
type serving struct {
	*process
	control, game netip.AddrPort
	Fingerprint   string `json:"fingerprint"`
	Control       uint16 `json:"control_port"`
	Game          uint16 `json:"game_port"`
}

// serve starts a server on free ports of 127.0.0.1. It starts matches by itself, and games have no end.
func serve(t testing.TB, args ...string) *serving {
	t.Helper()
	return serveCommand(t, pong(t, "", append(serveArgs("127.0.0.1", filepath.Join(t.TempDir(), "certs")), args...)...),
		"127.0.0.1")
}

// serveArgs returns the arguments of such a server.
func serveArgs(host, certs string) []string {
	return []string{"serve", "--listen", host, "--control-port", "0", "--game-port", "0", "--start", "auto", "--points",
		"0",
		"--log", "json", "--certs", certs}
}

// serveCommand starts a server with a prepared command.
func serveCommand(t testing.TB, cmd *exec.Cmd, host string) *serving {
	t.Helper()
	p := run(t, cmd)
	return newServing(t, p, p.wait("fingerprint"), host)
}

// newServing returns a running server from the first line of its log.
func newServing(t testing.TB, p *process, first, host string) *serving {
	t.Helper()
	s := &serving{process: p}
	if err := json.Unmarshal([]byte(first), s); err != nil || s.Control == 0 {
		t.Fatalf("the first line of the log is %q: %v", first, err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	addr := netip.MustParseAddr(host)
	s.control, s.game = netip.AddrPortFrom(addr, s.Control), netip.AddrPortFrom(addr, s.Game)
	return s
}

// totals holds the sums of a server's status lines.
type totals struct {
	datagrams, refused int
	by                 map[string]int
}

// totals adds up the status lines. They are complete once the server has ended.
func (s *serving) totals() totals {
	sum := totals{by: make(map[string]int)}
	for _, line := range s.with(`"status"`) {
		var l struct {
			Datagrams int            `json:"datagrams"`
			Refused   map[string]int `json:"refused"`
		}
		if json.Unmarshal([]byte(line), &l) != nil {
			continue
		}
		sum.datagrams += l.Datagrams
		for why, n := range l.Refused {
			sum.by[why] += n
		}
	}
	for _, why := range []string{"malformed", "unknown", "replayed", "forged", "limited", "unregistered", "from_denied",
		"bad_token", "invalid"} {
		sum.refused += sum.by[why]
	}
	return sum
}

// descriptors returns the number of open file descriptors of a process.
func (p *process) descriptors() int {
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	return len(all)
}

// cpu returns the CPU time of a process.
func (p *process) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name before it may contain spaces
	fields := strings.Fields(rest)
	ticks := 0
	for _, field := range fields[11:13] { // utime, stime
		var n int
		_, _ = fmt.Sscan(field, &n)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// drops returns the number of datagrams that the system has dropped because the receive buffers of a UDP port were
// full.
func drops(t testing.TB, port uint16) (n int) {
	t.Helper()
	for _, table := range []string{"/proc/net/udp", "/proc/net/udp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue // no such protocol
		}
		for _, line := range strings.Split(string(text), "\n") {
			fields := strings.Fields(line)
			if len(fields) < 13 || !strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", port)) {
				continue
			}
			var dropped int
			if _, err := fmt.Sscan(fields[len(fields)-1], &dropped); err == nil {
				n += dropped
			}
		}
	}
	return n
}
