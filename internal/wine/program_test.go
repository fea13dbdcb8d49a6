//go:build wine && linux

package wine

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A program is a Windows program that runs under Wine. Its output goes into a file: the helpers of Wine that a program
// starts would keep a pipe open.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	output string // the path of the file
	ended  chan struct{}
}

// command prepares a program, which is one of Wine's own or has a path, without a display.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("wine", append([]string{name}, args...)...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "DISPLAY=") }),
		"WINEPATH="+windowsPath(programs)) // where cmd finds pong
	return cmd
}

// pong prepares pong.
func pong(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	return command(t, filepath.Join(programs, "pong.exe"), args...)
}

// run starts a prepared program. If it still runs at the end of the test, it is killed.
func run(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{t: t, cmd: cmd, output: filepath.Join(t.TempDir(), "output"), ended: make(chan struct{})}
	file, err := os.Create(p.output)
	must(t, err)
	defer file.Close()
	cmd.Stdout, cmd.Stderr = file, file
	must(t, cmd.Start())
	go func() {
		_ = cmd.Wait() // the outcome is in cmd.ProcessState
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			all := p.all()
			t.Logf("%s ended with %v; its last lines:\n%s", p.what(), cmd.ProcessState,
				strings.Join(all[max(0, len(all)-20):], "\n"))
		}
	})
	return p
}

func (p *program) what() string {
	return strings.TrimPrefix(strings.Join(p.cmd.Args[1:], " "), programs+"/")
}

// all returns the whole lines that were printed so far, on standard output and standard error.
func (p *program) all() []string {
	p.t.Helper()
	text, err := os.ReadFile(p.output)
	must(p.t, err)
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	return lines[:len(lines)-1]
}

// with returns the lines that contain a text.
func (p *program) with(text string) []string {
	return slices.DeleteFunc(p.all(), func(line string) bool { return !strings.Contains(line, text) })
}

// wait waits for a line that contains a text, and returns the first one.
func (p *program) wait(text string) string {
	p.t.Helper()
	var found []string
	eventually(p.t, p.what()+" prints a line with "+text, func() bool {
		ended := p.hasEnded() // before the lines are read
		found = p.with(text)
		return len(found) > 0 || ended
	})
	if len(found) == 0 {
		p.t.Fatalf("%s ended without printing a line with %q", p.what(), text)
	}
	return found[0]
}

func (p *program) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// kill kills the program, as the Task Manager does.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// interrupt sends Ctrl-C, into which Wine turns SIGINT.
func (p *program) interrupt() {
	p.t.Helper()
	must(p.t, p.cmd.Process.Signal(os.Interrupt))
}

// end waits until the program ends, and expects an exit code.
func (p *program) end(code int) {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("%s did not end within %v", p.what(), patience)
	}
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.t.Fatalf("%s ended with %v, want exit code %d", p.what(), p.cmd.ProcessState, code)
	}
}

// A server is a running pong serve.
type server struct {
	*program
	Link string `json:"link"`
	Port int    `json:"control_port"`
}

// serve starts a server on free ports of 127.0.0.1 with a JSON log.
func serve(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{program: run(t, pong(t, append([]string{"serve", "--listen", "127.0.0.1", "--control-port", "0",
		"--game-port", "0", "--start", "auto", "--points", "0", "--log", "json"}, args...)...))}
	if first := s.wait(`"listening"`); json.Unmarshal([]byte(first), s) != nil || s.Link == "" || s.Port == 0 {
		t.Fatalf("the first line of the log is %s, want one with control_port and link", first)
	}
	return s
}

// doubleClick prepares a parent named explorer.exe, which starts pong.
func doubleClick(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	return command(t, filepath.Join(programs, "explorer.exe"),
		append([]string{windowsPath(filepath.Join(programs, "pong.exe"))}, args...)...)
}

// windowsPath returns the path by which Windows programs find a file of Linux.
func windowsPath(path string) string { return `Z:` + strings.ReplaceAll(path, "/", `\`) }
