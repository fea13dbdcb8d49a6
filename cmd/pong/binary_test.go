package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pong/internal/crash"
)

// The tests of this package run pong as processes that communicate over real sockets. The binary is the test binary:
// with asPong in its environment it acts as pong.
const asPong = "PONG_TEST_AS_PONG"

func TestMain(m *testing.M) {
	role := os.Getenv(asPong)
	if role == "" {
		defaultHangup()
		os.Exit(m.Run())
	}
	if act, ok := roles[role]; ok {
		act()
	}
	os.Exit(run())
}

// roles has what the test binary does before it acts as pong, or instead, by the value of asPong.
var roles = map[string]func(){
	stubborn:  beStubborn,
	panicking: func() { go crash.Guarded(panicOnSignal)() },
}

// With panicking in its environment, pong panics at a signal, in a goroutine of which Bubble Tea does not know.
const panicking = "panicking"

// panicSignal is SIGUSR1 on Linux, where a test sends it.
const panicSignal = syscall.Signal(10)

func panicOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, panicSignal)
	<-signals
	panic("a test panics")
}

// defaultHangup makes the processes of the tests start with the default action for SIGHUP. Without it they inherit that
// the signal is ignored if the tests run under nohup or as a service.
func defaultHangup() {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, sigHangup)
	go func() {
		<-hangup
		os.Exit(1)
	}()
}

// patience is how long a test waits for anything before it fails.
const patience = 90 * time.Second

// A process is a running pong.
type process struct {
	testing.TB
	cmd    *exec.Cmd
	lines  chan string // of its standard output, closed at the end
	seen   []string    // lines that the test has read
	stderr bytes.Buffer
	ended  chan struct{}
}

// command prepares a pong with its own home folder and without a display.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	home := t.TempDir()
	cmd.Dir = home
	cmd.Env = append(homeIn(home), asPong+"=1", "PATH="+os.Getenv("PATH"), "TERM=xterm")
	ownConsole(cmd)
	return cmd
}

// homeIn returns the environment of a person whose home folder and folder of settings is dir, on every system.
func homeIn(dir string) []string {
	return []string{"HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "USERPROFILE=" + dir, "AppData=" + dir,
		"LocalAppData=" + dir}
}

// start runs a pong without a terminal until the test ends.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	return begin(t, command(t, args...))
}

// begin starts a prepared command.
func begin(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{TB: t, cmd: cmd, lines: make(chan string, 10_000), ended: make(chan struct{})}
	cmd.Stderr = &p.stderr
	var out io.Reader = strings.NewReader("") // for a command in a terminal, see terminal_linux_test.go
	if cmd.Stdout == nil {
		pipe, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		out = pipe
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start pong %s: %v", p.what(), err)
	}
	go func() {
		defer close(p.ended)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.lines <- lines.Text()
		}
		close(p.lines)
		_ = cmd.Wait() // its outcome is in cmd.ProcessState
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("pong %s ended with %v and printed\n%s\nand on standard error\n%s",
				p.what(), cmd.ProcessState, strings.Join(p.rest(), "\n"), p.stderr.String())
		}
	})
	return p
}

func (p *process) what() string { return strings.Join(p.cmd.Args[1:], " ") }

// line waits for a line that contains a text.
func (p *process) line(text string) string {
	p.Helper()
	late := time.After(patience)
	for {
		select {
		case line, ok := <-p.lines:
			if !ok {
				p.Fatalf("pong %s ended without printing a line with %q", p.what(), text)
			}
			p.seen = append(p.seen, line)
			if strings.Contains(line, text) {
				return line
			}
		case <-late:
			p.Fatalf("pong %s printed no line with %q within %v", p.what(), text, patience)
		}
	}
}

// end waits until the process ends, expects an exit code, and returns all lines that were printed.
func (p *process) end(code int) []string {
	p.Helper()
	p.wait()
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.Fatalf("pong %s ended with exit code %d (%v), want %d: %s", p.what(), got, p.cmd.ProcessState, code,
			p.stderr.String())
	}
	return p.rest()
}

// wait waits until the process ends.
func (p *process) wait() {
	p.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.Fatalf("pong %s did not end within %v", p.what(), patience)
	}
}

// rest returns all lines of a process that has ended.
func (p *process) rest() []string {
	for line := range p.lines {
		p.seen = append(p.seen, line)
	}
	return p.seen
}

// interrupt presses Ctrl-C.
func (p *process) interrupt() {
	p.Helper()
	if err := pressCtrlC(p.cmd.Process); err != nil {
		p.Fatalf("interrupt pong %s: %v", p.what(), err)
	}
}

// signal sends a signal, which is for systems other than Windows.
func (p *process) signal(s syscall.Signal) {
	p.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fatalf("signal pong %s: %v", p.what(), err)
	}
}

// A servingProcess is a pong serve on 127.0.0.1, with the first line of its JSON log.
type servingProcess struct {
	*process
	ControlPort int    `json:"control_port"`
	GamePort    int    `json:"game_port"`
	Shards      int    `json:"shards"`
	Link        string `json:"link"`
	Fingerprint string `json:"fingerprint"`
}

func serve(t testing.TB, args ...string) *servingProcess {
	t.Helper()
	certs := filepath.Join(t.TempDir(), "certs")
	p := start(t, append([]string{"serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0",
		"--log", "json", "--certs", certs}, args...)...)
	s := &servingProcess{process: p}
	first := p.line("")
	if err := json.Unmarshal([]byte(first), s); err != nil || s.ControlPort == 0 || s.GamePort == 0 || s.Link == "" {
		t.Fatalf("the first line of the JSON log is %s, want control_port, game_port and link", first)
	}
	return s
}

// address returns the address of the server's control port, or of the same port on another host, such as a relay.
func (s *servingProcess) address(host string) string {
	return net.JoinHostPort(host, strconv.Itoa(s.ControlPort))
}

// A logged is a line of a server's JSON log.
type logged struct {
	Msg, Why       string
	Score1, Score2 int
	Player, Winner int
}

func parseLog(t testing.TB, lines []string) (log []logged) {
	t.Helper()
	for _, line := range lines {
		var l logged
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("a line of the log is not JSON: %s", line)
		}
		log = append(log, l)
	}
	return log
}

// secondLoopback returns a loopback address with ports of its own, other than 127.0.0.1. macOS has only ::1, and Wine
// takes every address of 127.0.0.0/8 for 127.0.0.1.
func secondLoopback(t testing.TB) string {
	t.Helper()
	first, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, port, _ := net.SplitHostPort(first.LocalAddr().String())
	for _, host := range []string{"127.0.0.2", "::1"} {
		if second, err := net.ListenPacket("udp", net.JoinHostPort(host, port)); err == nil {
			second.Close()
			return host
		}
	}
	t.Fatal("this machine has neither 127.0.0.2 nor ::1 as a second loopback address")
	return ""
}

// relay runs pong link from the second loopback address to a server, and returns its host.
func relay(t testing.TB, s *servingProcess, args ...string) (*process, string) {
	t.Helper()
	host := secondLoopback(t)
	p := start(t, append([]string{"link", "--listen", host, "--to", "127.0.0.1",
		"--control-port", strconv.Itoa(s.ControlPort), "--game-port", strconv.Itoa(s.GamePort)}, args...)...)
	p.line("Relaying")
	return p, host
}
