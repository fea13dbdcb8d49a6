//go:build acme

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/trust"
)

// The test of this file needs pebble, the test authority of Let's Encrypt, and its name server; .ci/acme installs
// them.

// acmeHost is a name that only the test's name server knows.
const acmeHost = "pong.example.test"

// freePort returns a port of 127.0.0.1 that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return portOf(l.Addr())
}

// An authority is a running pebble.
type authority struct {
	directory, roots string
	http             *http.Client
	stop             func()
}

// tool runs one of pebble's programs until the test ends or stop is called.
func tool(t *testing.T, name string, args ...string) (stop func()) {
	t.Helper()
	bin := os.Getenv("PONG_PEBBLE")
	if bin == "" {
		t.Fatal("PONG_PEBBLE must name the folder of pebble and pebble-challtestsrv: run .ci/acme")
	}
	cmd := exec.Command(filepath.Join(bin, name), args...)
	log, err := os.Create(filepath.Join(t.TempDir(), name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			log.Close()
		}
	}
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s printed\n%s", name, text)
		}
	})
	return stop
}

// startAuthority runs pebble, which validates names at a port of this machine and issues certificates with a short
// life.
func startAuthority(t *testing.T, proofPort int, life time.Duration) *authority {
	t.Helper()
	certs := os.Getenv("PONG_PEBBLE_CERTS")
	dns, listen, manage := freePort(t), freePort(t), freePort(t)
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress":           fmt.Sprint("127.0.0.1:", listen),
		"managementListenAddress": fmt.Sprint("127.0.0.1:", manage),
		"certificate":             filepath.Join(certs, "localhost", "cert.pem"),
		"privateKey":              filepath.Join(certs, "localhost", "key.pem"),
		"httpPort":                freePort(t), "tlsPort": proofPort,
		"keyAlgorithm": "ecdsa",
		"retryAfter":   map[string]int{"authz": 1, "order": 1},
		"profiles": map[string]any{"default": map[string]any{"description": "test",
			"validityPeriod": int(life.Seconds())}},
	}})
	must(t, err)
	file := filepath.Join(t.TempDir(), "pebble.json")
	must(t, os.WriteFile(file, config, 0o600))
	tool(t, "pebble-challtestsrv", "-dnsserver", fmt.Sprint("127.0.0.1:", dns), "-defaultIPv4", "127.0.0.1",
		"-defaultIPv6", "",
		"-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-management", fmt.Sprint("127.0.0.1:",
			freePort(t)))
	a := &authority{directory: fmt.Sprintf("https://localhost:%d/dir", listen),
		roots: filepath.Join(certs, "pebble.minica.pem")}
	a.stop = tool(t, "pebble", "-config", file, "-dnsserver", fmt.Sprint("127.0.0.1:", dns))
	pool := x509.NewCertPool()
	text, err := os.ReadFile(a.roots)
	must(t, err)
	pool.AppendCertsFromPEM(text)
	a.http = &http.Client{Timeout: 5 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}

	// The root of the issued certificates is new at each start. It becomes the system's root for this process, which
	// has not loaded the system's roots before.
	var root []byte
	for end := time.Now().Add(patience); root == nil; time.Sleep(100 * time.Millisecond) {
		answer, err := a.http.Get(fmt.Sprintf("https://localhost:%d/roots/0", manage))
		if err == nil && answer.StatusCode == http.StatusOK {
			root, err = io.ReadAll(answer.Body)
			must(t, err)
			answer.Body.Close()
		} else if time.Now().After(end) {
			t.Fatalf("pebble did not start: %v", err)
		}
	}
	if block, _ := pem.Decode(root); block == nil {
		t.Fatalf("pebble's root is %q", root)
	}
	issued := filepath.Join(t.TempDir(), "root.pem")
	must(t, os.WriteFile(issued, root, 0o600))
	t.Setenv("SSL_CERT_FILE", issued)
	t.Setenv("SSL_CERT_DIR", t.TempDir())
	return a
}

// TestACME checks that a server obtains its certificate from an authority, that players join by name without a
// fingerprint or a question, that the certificate is renewed while the server runs, and that a restart without the
// authority shows it again.
func TestACME(t *testing.T) {
	proofPort := freePort(t)
	const life = 75 * time.Second
	a := startAuthority(t, proofPort, life)
	certs := filepath.Join(t.TempDir(), "certs")
	run := func() *servingProcess {
		t.Helper()
		p := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--log", "json",
			"--certs", certs,
			"--acme", acmeHost, "--acme-email", "operator@example.test", "--acme-directory", a.directory, "--acme-ca",
			a.roots,
			"--acme-port", strconv.Itoa(proofPort))
		s := &servingProcess{process: p}
		must(t, json.Unmarshal([]byte(p.line("")), s))
		if want := fmt.Sprintf("pong://%s:%d/", acmeHost, s.ControlPort); s.Link != want {
			t.Fatalf("the join link is %s, want %s: a public name needs no fingerprint", s.Link, want)
		}
		return s
	}
	leaf := func(s *servingProcess, name string, roots *x509.CertPool) (shown *x509.Certificate,
		verdict trust.Verdict) {
		t.Helper()
		conn, err := tls.Dial("tcp", s.address("127.0.0.1"),
			trust.ClientTLS(name, func(peer []*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
				var err error
				shown = peer[0]
				verdict, _, err = trust.Decide(time.Now(), name, nil, nil, peer, roots)
				return trust.Trusted, trust.Fingerprint{}, err
			}))
		must(t, err)
		conn.Close()
		return shown, verdict
	}

	server := run()
	// Two players join with the link and play a point. They cannot ask anyone.
	var players []*dial.Client
	for _, name := range []string{"ann", "bob"} {
		c, err := dial.Dial(t.Context(), dial.Config{Address: server.Link, Name: name, Transport: loopback{}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		defer c.Close()
		players = append(players, c)
	}
	for end := time.Now().Add(patience); ; time.Sleep(time.Second / 60) {
		var v client.Frame
		for _, c := range players {
			c.Update(time.Now(), game.None)
			v = c.Frame(time.Now())
		}
		if v.Stage == client.StageScored {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("no point was scored: %v %v", v.Stage, v.Reason)
		}
	}

	first, verdict := leaf(server, acmeHost, nil)
	if verdict != trust.Trusted || first.DNSNames[0] != acmeHost {
		t.Errorf("%s: %v for %v", acmeHost, verdict, first.DNSNames)
	}
	if _, verdict := leaf(server, acmeHost, x509.NewCertPool()); verdict != trust.Ask {
		t.Errorf("on a system that does not trust the authority: got %v, want a question", verdict)
	}
	if own, verdict := leaf(server, "localhost", nil); verdict != trust.Ask || own.Subject.CommonName != "Pong server" {
		t.Errorf("for another name: got %v, %v; want the server's own identity", verdict, own.Subject)
	}

	for end := time.Now().Add(life); ; time.Sleep(time.Second) {
		now, verdict := leaf(server, acmeHost, nil)
		if verdict != trust.Trusted {
			t.Fatalf("verdict during the renewal: got %v, want trusted", verdict)
		}
		if !now.Equal(first) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the certificate was not renewed")
		}
	}
	renewed, _ := leaf(server, acmeHost, nil)
	server.cmd.Process.Kill()
	server.end(-1)

	a.stop()
	again, _ := leaf(run(), acmeHost, nil) // while the renewed certificate is valid
	if !again.Equal(renewed) {
		t.Error("after a restart without the authority the server shows another certificate")
	}
	for _, name := range []string{"acme/acme_account+key", "acme/" + acmeHost} {
		if info, err := os.Stat(filepath.Join(certs, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want mode 0600", name, info, err)
		}
	}
	if out := strings.Join(server.seen, "\n"); strings.Contains(out, "PRIVATE") {
		t.Errorf("the log holds a key:\n%s", out)
	}
}

// loopback is a Transport that finds every name on this machine.
type loopback struct{ dial.System }

func (l loopback) Resolve(_ context.Context, address string) ([]string, error) {
	return []string{address}, nil
}

func (l loopback) DialStream(ctx context.Context, address string) (net.Conn, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	return l.System.DialStream(ctx, net.JoinHostPort("127.0.0.1", port))
}
