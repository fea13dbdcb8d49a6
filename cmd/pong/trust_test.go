package main

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/front"
	"pong/internal/trust"
)

// TestTrust_List prints the known servers in the order of the file, whose path comes first, and says if there are
// none.
func TestTrust_List(t *testing.T) {
	t.Parallel()
	cmd := command(t, "trust", "list")
	file := filepath.Join(cmd.Dir, "pong", "known_servers")
	if out := begin(t, cmd).end(exitDone); len(out) != 1 || !strings.Contains(out[0], "No server is known yet") ||
		!strings.HasSuffix(out[0], file) {
		t.Errorf("without a file: got %q", out)
	}

	cmd = command(t, "trust", "list")
	file = filepath.Join(cmd.Dir, "pong", "known_servers")
	pins := trust.NewPins(file)
	day := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	one, two := trust.Fingerprint{1}, trust.Fingerprint{2}
	must(t, pins.Store(trust.Pin{Address: "192.168.1.20:5555", Key: one, Date: day}))
	must(t, pins.Store(trust.Pin{Address: "[2001:db8::1]:7000", Key: two, Date: day}))
	got := strings.Join(begin(t, cmd).end(exitDone), "\n")
	want := "Known servers, in " + file + "\n" +
		"\n192.168.1.20:5555  since 2026-11-23\n  " + one.String() + "\n" +
		"\n[2001:db8::1]:7000  since 2026-11-23\n  " + two.String()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestTrust_Forget removes one server from the file and says what comes next.
func TestTrust_Forget(t *testing.T) {
	t.Parallel()
	cmd := command(t, "trust", "forget", "Pong.Example.org")
	pins := trust.NewPins(filepath.Join(cmd.Dir, "pong", "known_servers"))
	key := trust.Fingerprint{7}
	for _, address := range []string{"pong.example.org:5555", "pong.example.org:7000"} {
		must(t, pins.Store(trust.Pin{Address: address, Key: key, Date: time.Now()}))
	}
	out := strings.Join(begin(t, cmd).end(exitDone), "\n")
	for _, want := range []string{"Forgotten: pong.example.org:5555", key.String(), "you are asked"} {
		if !strings.Contains(out, want) {
			t.Errorf("got %q, want it to contain %q", out, want)
		}
	}
	left, err := pins.List()
	if err != nil || len(left) != 1 || left[0].Address != "pong.example.org:7000" {
		t.Errorf("the file has %v, error %v; want the other server alone", left, err)
	}

	// A server that was joined with a link has no pin, but it is listed where an address is asked for.
	linked := command(t, "trust", "forget", "192.168.1.20")
	linked.Dir, linked.Env = cmd.Dir, cmd.Env
	store := front.Store{Dir: filepath.Join(cmd.Dir, "pong")}
	link := trust.JoinLink{Address: "192.168.1.20:5555", Key: key, HasKey: true}
	must(t, store.KeepServer(link.String(), time.Now()))
	if out := strings.Join(begin(t, linked).end(exitDone), "\n"); !strings.Contains(out, "192.168.1.20:5555") ||
		len(store.Servers()) != 0 {
		t.Errorf("got %q, want that the server of a link is forgotten; %v are left", out, store.Servers())
	}

	again := command(t, "trust", "forget", "pong.example.org")
	again.Dir, again.Env = cmd.Dir, cmd.Env
	refuses(t, begin(t, again), exitFailed, "pong.example.org:5555 is not known",
		"pong.example.org:7000 is: include the port")
}

// TestTrust_Errors checks exit codes and messages.
func TestTrust_Errors(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"a", "b"}, {"a b"}, {"host:0"}, {"https://host"}} {
		refuses(t, start(t, append([]string{"trust", "forget"}, args...)...), exitUsage,
			"(see pong trust forget --help)")
	}
	refuses(t, start(t, "trust", "list", "x"), exitUsage, `unexpected argument "x"`)
	refuses(t, start(t, "trust", "lsit"), exitUsage, `unknown command "lsit"`, `did you mean "list"?`)
	refuses(t, start(t, "trust", "rotate", "--certs", ""), exitUsage, "--certs")
	refuses(t, start(t, "trust", "forget", "nobody"), exitFailed, "nobody:5555 is not known", "pong trust list")
	refuses(t, start(t, "trust", "rotate"), exitFailed, "certs", "there is no server identity", "--certs")

	for _, args := range [][]string{{"list"}, {"forget", "a.example"}} {
		broken := command(t, append([]string{"trust"}, args...)...)
		file := filepath.Join(broken.Dir, "pong", "known_servers")
		must(t, os.MkdirAll(filepath.Dir(file), 0o700))
		must(t, os.WriteFile(file, []byte("# mine\nnonsense\n"), 0o600))
		refuses(t, begin(t, broken), exitFailed, file, "line 2", "correct or remove the line")
	}
}

// TestTrust_HelpShowsExamples of each subcommand.
func TestTrust_HelpShowsExamples(t *testing.T) {
	for _, name := range []string{"list", "forget", "rotate"} {
		var out bytes.Buffer
		root := newRoot()
		root.SetOut(&out)
		root.SetArgs([]string{"trust", name, "--help"})
		if err := root.ExecuteContext(t.Context()); err != nil ||
			!strings.Contains(out.String(), "Examples:\n  pong trust "+name) {
			t.Errorf("pong trust %s --help, %v:\n%s", name, err, out.String())
		}
	}
}

// TestTrust_ForgetCompletesAddresses runs the command that shells use.
func TestTrust_ForgetCompletesAddresses(t *testing.T) {
	home := t.TempDir()
	for _, variable := range homeIn(home) {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	path, err := trust.DefaultPinFile()
	must(t, err)
	must(t, trust.NewPins(path).Store(trust.Pin{Address: "pong.example.org:5555", Key: trust.Fingerprint{1},
		Date: time.Now()}))
	var out bytes.Buffer
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetArgs([]string{"__complete", "trust", "forget", ""})
	if err := root.ExecuteContext(t.Context()); err != nil || !strings.Contains(out.String(), "pong.example.org:5555") {
		t.Errorf("completions: got %q, %v; want the known address", out.String(), err)
	}
}

// TestTrust_RotateARunningServer checks the whole procedure: a player accepts, the operator rotates while the server
// runs, the player comes back and is told once, an old link works, and the log has one line.
func TestTrust_RotateARunningServer(t *testing.T) {
	t.Parallel()
	server := serve(t)
	address, certs := server.address("127.0.0.1"), server.cmd.Args[len(server.cmd.Args)-1]
	home := command(t).Dir
	bot := func(target string) *process {
		cmd := command(t, "bot", target, "--json")
		cmd.Env = append(cmd.Env, homeIn(home)...)
		return begin(t, cmd)
	}
	pins := trust.NewPins(filepath.Join(home, "pong", "known_servers"))
	old, err := trust.ParseFingerprint(server.Fingerprint)
	must(t, err)
	must(t, pins.Store(trust.Pin{Address: address, Key: old, Date: time.Now()}))

	rotated := strings.Join(start(t, "trust", "rotate", "--certs", certs).end(exitDone), "\n")
	if !strings.Contains(rotated, "old fingerprint  "+server.Fingerprint) ||
		!strings.Contains(rotated, "old join links keep working") {
		t.Errorf("pong trust rotate printed\n%s", rotated)
	}
	_, after, _ := strings.Cut(rotated, "new fingerprint  ")
	fingerprint, _, _ := strings.Cut(after, "\n")

	for _, join := range []struct {
		target string
		told   bool
	}{{address, true}, {address, false}, {server.Link, false}} {
		p := bot(join.target)
		p.line("{") // it has joined, and prints a line a second
		p.interrupt()
		p.end(exitDone)
		if got := p.stderr.String(); strings.Contains(got, "vouches for the new one") != join.told {
			t.Errorf("joining %s after the rotation printed %q; want a notice: %t", join.target, got, join.told)
		}
	}
	if key, err := pins.Lookup(address); err != nil || key.String() != fingerprint {
		t.Errorf("the pin is %v, %v; want the new fingerprint %s", key, err, fingerprint)
	}
	if line := server.line("identity has changed"); !strings.Contains(line, fingerprint) ||
		!strings.Contains(line, "pong://127.0.0.1:") {
		t.Errorf("the log has %s, want the new fingerprint and join link", line)
	}
	server.interrupt()
	if all := strings.Join(server.end(exitDone), "\n"); strings.Count(all, "identity has changed") != 1 {
		t.Errorf("the rotation was not logged exactly once:\n%s", all)
	}
}

// TestBot_LinkAtALocalAddressDecides joins with a link while another server is known at the loopback address. One line
// says so, and the known server stays known.
func TestBot_LinkAtALocalAddressDecides(t *testing.T) {
	t.Parallel()
	server := serve(t)
	cmd := command(t, "bot", server.Link, "--json")
	pins := trust.NewPins(filepath.Join(cmd.Dir, "pong", "known_servers"))
	other := trust.Fingerprint{9}
	must(t, pins.Store(trust.Pin{Address: server.address("127.0.0.1"), Key: other, Date: time.Now()}))
	p := begin(t, cmd)
	p.line("{")
	p.interrupt()
	p.end(exitDone)
	if got := p.stderr.String(); strings.Count(got, "You know another server at "+server.address("127.0.0.1")) != 1 ||
		strings.Count(got, "\n") != 1 {
		t.Errorf("joining printed %q, want one line about the known server", got)
	}
	if key, err := pins.Lookup(server.address("127.0.0.1")); err != nil || *key != other {
		t.Errorf("the pin is %v, %v; want the known server's", key, err)
	}
}

// A journal is a log that a test reads while it is written.
type journal struct {
	mu   sync.Mutex // guards text
	text []byte
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.text = append(j.text, b...)
	return len(b), nil
}

// take returns what was written since the last call.
func (j *journal) take() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	text := string(j.text)
	j.text = nil
	return text
}

// TestWatchIdentity_LogsEachChangeOnce changes the identity's file under a running server.
func TestWatchIdentity_LogsEachChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s, err := trust.OpenIdentity(dir, time.Now())
		must(t, err)
		path := filepath.Join(dir, "identity.pem")
		good, err := os.ReadFile(path)
		must(t, err)
		ctx, stop := context.WithCancel(t.Context())
		log := new(journal)
		go watchIdentity(ctx, s, slog.New(slog.NewTextHandler(log, nil)),
			func(key trust.Fingerprint) string { return "LINK " + key.Base64() }, nil)
		later := func(when string, want ...string) {
			t.Helper()
			time.Sleep(10*identityInterval + time.Second)
			got := log.take()
			if strings.Count(got, "\n") != min(len(want), 1) {
				t.Errorf("%s: the log has\n%swant %d lines", when, got, min(len(want), 1))
			}
			for _, w := range want {
				if !strings.Contains(got, w) {
					t.Errorf("%s: the log lacks %q: %s", when, w, got)
				}
			}
		}
		later("at first")
		must(t, os.WriteFile(path, []byte("x"), 0o600))
		later("with a garbled file", "level=WARN", "stays in use", "backup")
		must(t, os.WriteFile(path, good, 0o600))
		later("with the file as it was", "level=INFO", "is over")
		_, to, err := trust.Rotate(dir)
		must(t, err)
		later("after a rotation", "level=INFO", to.String(), "LINK "+to.Base64())
		stop()
		synctest.Wait()
	})
}
