//go:build siege && linux

package siege

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pong/internal/wire"
)

// TestFewDescriptors_PlayersStillJoin runs the server with ulimit -n 64 while 200 silent connections take them all:
// players can join, matches continue, and the operator reads what to do.
func TestFewDescriptors_PlayersStillJoin(t *testing.T) {
	cmd := pong(t, "", serveArgs("127.0.0.1", filepath.Join(t.TempDir(), "certs"))...)
	cmd.Args = append([]string{"sh", "-c", `ulimit -n 64; exec "$0" "$@"`}, cmd.Args...)
	cmd.Path = "/bin/sh"
	s := serveCommand(t, cmd, "127.0.0.1")
	left, right := s.match(t)
	before := s.descriptors()
	a := startAttack(t, attackConfig{Kind: "silent", Control: s.control, Count: 200, Rate: 200, For: 4 * time.Second})
	var took []float64
	failed := 0
	for range 20 {
		start := time.Now()
		seat, err := joinServer(netip.Addr{}, s.control, wire.Message{Name: "late"})
		if err != nil {
			t.Log(err)
			failed++
			continue
		}
		took = append(took, float64(time.Since(start))/float64(time.Millisecond))
		seat.leave()
	}
	mustFigure(t, "few_descriptors_join_failed", float64(failed), "of 20", atMost(0))
	figure("few_descriptors_join_p99", quantile(took, 0.99), "ms", under(1000))
	playsOn(t, time.Second, left, right)
	a.end()
	warned := s.with("could not be accepted")
	if len(warned) != 1 || !strings.Contains(warned[0], "ulimit -n") {
		t.Errorf("the log has %q, want one line that says what to do", warned)
	}
	poll(t, 10*time.Second, "descriptors are closed again", func() bool { return s.descriptors() <= before })
}

// TestPorts_TakenOnesAreRefused starts a second server on the ports of the first.
func TestPorts_TakenOnesAreRefused(t *testing.T) {
	s := serve(t)
	for _, ports := range [][]string{{"--control-port", port(s.Control), "--game-port", "0"},
		{"--control-port", "0", "--game-port", port(s.Game)}} {
		args := append([]string{"serve", "--listen", "127.0.0.1", "--certs", t.TempDir()}, ports...)
		run(t, pong(t, "", args...)).wantRefusal("in use", "end it, or choose another port")
	}
}

// disk mounts a small file system in memory. It prints a line if this machine does not allow it.
func disk(t testing.TB, size, flags string) (dir string, ok bool) {
	t.Helper()
	dir = t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		fmt.Printf("not run %s: cannot mount a file system here: %v\n", t.Name(), err)
		return "", false
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	if flags == "ro" {
		if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, "size="+size); err != nil {
			t.Fatal(err)
		}
	}
	return dir, true
}

// fill writes a file until the disk is full.
func fill(t testing.TB, dir string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := 0; ; i++ {
		if _, err := f.Write(make([]byte, 512)); err != nil {
			return
		}
		if i > 10000 {
			t.Fatal("the disk did not become full")
		}
	}
}

// TestDisk_ReadOnlyAndFull starts servers whose folder cannot be written, and fills the disk of a running server's
// log.
func TestDisk_ReadOnlyAndFull(t *testing.T) {
	t.Run("read-only", func(t *testing.T) {
		dir, ok := disk(t, "64k", "ro")
		if !ok {
			return
		}
		run(t, pong(t, "", serveArgs("127.0.0.1", filepath.Join(dir, "certs"))...)).wantRefusal("read-only file system",
			"--certs")
	})
	t.Run("full", func(t *testing.T) {
		dir, ok := disk(t, "16k", "")
		if !ok {
			return
		}
		certs := filepath.Join(dir, "certs")
		if err := os.Mkdir(certs, 0o700); err != nil {
			t.Fatal(err)
		}
		fill(t, dir)
		run(t, pong(t, "", serveArgs("127.0.0.1", certs)...)).wantRefusal("no space left", "--certs")
		if left, _ := os.ReadDir(certs); len(left) != 0 {
			t.Errorf("%d files were left behind, the first is %v; want none", len(left), left[0])
		}
	})
	t.Run("full of the log", func(t *testing.T) {
		dir, ok := disk(t, "16k", "")
		if !ok {
			return
		}
		logged, err := os.Create(filepath.Join(dir, "log"))
		if err != nil {
			t.Fatal(err)
		}
		defer logged.Close()
		cmd := pong(t, "", serveArgs("127.0.0.1", filepath.Join(t.TempDir(), "certs"))...)
		cmd.Stdout = logged
		p := run(t, cmd)
		poll(t, 20*time.Second, "the server listens", func() bool {
			text, _ := os.ReadFile(logged.Name())
			p.lines = strings.Split(string(text), "\n")
			return strings.Contains(p.lines[0], "fingerprint") && len(p.lines) > 1
		})
		s := &serving{process: p}
		if _, err := fmt.Sscanf(after(p.lines[0], `"control_port":`), "%d", &s.Control); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscanf(after(p.lines[0], `"game_port":`), "%d", &s.Game); err != nil {
			t.Fatal(err)
		}
		local := netip.MustParseAddr("127.0.0.1")
		s.control, s.game = netip.AddrPortFrom(local, s.Control), netip.AddrPortFrom(local, s.Game)
		fill(t, dir)
		left, right := s.match(t)
		playsOn(t, 2*time.Second, left, right)
	})
}

func after(text, mark string) string {
	_, rest, _ := strings.Cut(text, mark)
	return rest
}

// certificate writes an operator's certificate and key to a folder.
func certificate(t testing.TB, dir string, from, to time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "siege"}, NotBefore: from, NotAfter: to,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "server.crt"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	write(t, filepath.Join(dir, "server.key"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}

func write(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCertificates_BadOnesAreRefused starts servers with certificates that players would refuse, and spoils good ones
// of a running server.
func TestCertificates_BadOnesAreRefused(t *testing.T) {
	now, day := time.Now(), 24*time.Hour
	for _, c := range []struct {
		name  string
		spoil func(dir string)
		want  []string
	}{
		{"expired", func(dir string) { certificate(t, dir, now.Add(-20*day), now.Add(-10*day)) },
			[]string{"server.crt", "expired"}},
		{"not valid yet", func(dir string) { certificate(t, dir, now.Add(10*day), now.Add(20*day)) },
			[]string{"server.crt", "not"}},
		{"garbled", func(dir string) {
			certificate(t, dir, now.Add(-day), now.Add(day))
			write(t, filepath.Join(dir, "server.crt"), bytes.Repeat([]byte("x"), 999))
		}, []string{"server.crt", "PEM"}},
		{"without its key", func(dir string) {
			certificate(t, dir, now.Add(-day), now.Add(day))
			_ = os.Remove(filepath.Join(dir, "server.key"))
		}, []string{"server.key", "both"}},
		{"with the key of another", func(dir string) {
			certificate(t, dir, now.Add(-day), now.Add(day))
			other, _ := os.ReadFile(filepath.Join(dir, "server.crt"))
			certificate(t, dir, now.Add(-day), now.Add(day))
			write(t, filepath.Join(dir, "server.crt"), other)
		}, []string{"server.key", "match"}},
		{"a garbled identity", func(dir string) { write(t, filepath.Join(dir, "identity.pem"), []byte("hello")) },
			[]string{"identity.pem", "restore the file from a backup"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.spoil(dir)
			run(t, pong(t, "", serveArgs("127.0.0.1", dir)...)).wantRefusal(c.want...)
		})
	}
	for _, c := range []struct {
		name  string
		own   bool
		spoil func(dir string)
	}{
		{"garbled in play", true, func(dir string) { write(t, filepath.Join(dir, "server.crt"), []byte("x")) }},
		{"expired in play", true, func(dir string) { certificate(t, dir, now.Add(-20*day), now.Add(-10*day)) }},
		{"gone in play", true, func(dir string) { _ = os.RemoveAll(dir) }},
		{"an identity gone in play", false, func(dir string) { _ = os.RemoveAll(dir) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "certs")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if c.own {
				certificate(t, dir, now.Add(-day), now.Add(day))
			}
			s := serveCommand(t, pong(t, "", serveArgs("127.0.0.1", dir)...), "127.0.0.1")
			left, right := s.match(t)
			c.spoil(dir)
			seat, err := joinServer(netip.Addr{}, s.control, wire.Message{Name: "newcomer"})
			if err != nil {
				t.Fatalf("a player could not join: %v", err)
			}
			seat.leave()
			playsOn(t, 500*time.Millisecond, left, right)
		})
	}
}

// TestClockSteps_ArePlayedThrough sets the clock of a server by ten years, forwards and back, during a match. Players
// do not notice, because durations are not differences of wall clocks, and newcomers get a certificate that is valid
// by the server's clock.
func TestClockSteps_ArePlayedThrough(t *testing.T) {
	var step atomic.Int64
	clock := func() time.Time { return time.Now().Round(0).Add(time.Duration(step.Load())) }
	in := startInProcess(t, clock)
	left, right := in.serving().match(t)
	const year = 365 * 24 * time.Hour
	for _, d := range []time.Duration{10 * year, -10 * year, 0, time.Hour, -time.Hour} {
		step.Store(int64(d))
		seat, err := joinServer(netip.Addr{}, in.control, wire.Message{Name: "newcomer"})
		if err != nil {
			t.Fatalf("after a step of %v a player could not join: %v", d, err)
		}
		leaf := seat.ConnectionState().PeerCertificates[0]
		if now := clock(); now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
			t.Errorf("after a step of %v the certificate is valid from %v to %v", d, leaf.NotBefore, leaf.NotAfter)
		}
		seat.leave()
		playsOn(t, 500*time.Millisecond, left, right)
	}
}
