package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pong/internal/trust"
	"pong/internal/wire"
)

// refuses expects a pong to end with an exit code and one line on standard error that contains all of some texts.
func refuses(t *testing.T, p *process, code int, want ...string) {
	t.Helper()
	p.end(code)
	got := p.stderr.String()
	if strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "pong: ") || !strings.HasSuffix(got, "\n") {
		t.Errorf("pong %s printed %q on standard error, want one line", p.what(), got)
	}
	for _, text := range want {
		if !strings.Contains(got, text) {
			t.Errorf("pong %s printed %q, want it to contain %q", p.what(), got, text)
		}
	}
}

// TestUsage_InvalidCommandLines exit with 2, before anything is opened or dialled.
func TestUsage_InvalidCommandLines(t *testing.T) {
	t.Parallel()
	link := func(args ...string) []string {
		return append([]string{"link", "--listen", "127.0.0.2", "--to", "127.0.0.1"}, args...)
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"sreve"}, `unknown command "sreve", did you mean "serve"? (see pong --help)`},
		{[]string{"qqqq"}, `unknown command "qqqq" (see`},
		{[]string{"help", "sreve"}, `did you mean "serve"?`},
		{[]string{"completion", "bahs"}, `did you mean "bash"?`},
		{[]string{"--pionts", "3"}, `unknown flag --pionts, did you mean "--points"? (see pong --help)`},
		{[]string{"serve", "--strat=auto"}, `did you mean "--start"? (see pong serve --help)`},
		{[]string{"-x"}, "unknown shorthand flag: 'x'"},
		{[]string{"--points"}, "needs an argument: --points"},
		{[]string{"--points", "many"}, `--points "many": must be a whole number`},
		{[]string{"--points", "-1"}, "--points -1: must be from 1 to 1000, or 0"},
		{[]string{"--points", "1001"}, "--points 1001"},
		{[]string{"--seed", "-1"}, `--seed "-1": must be a whole number, 0 or more`},
		{[]string{"--headless=perhaps"}, `--headless "perhaps": must be true or false`},
		{[]string{"--headless", "--points", "0"}, "would never end"},

		{[]string{"serve", "here"}, `unexpected argument "here"`},
		{[]string{"serve", "--start", "soon"}, `--start "soon": must be operator or auto`},
		{[]string{"serve", "--log", "xml"}, `--log "xml": must be text or json`},
		{[]string{"serve", "--log-addresses", "some"}, `--log-addresses "some": must be full, prefix or none`},
		{[]string{"serve", "--max-players", "1"}, "--max-players 1"},
		{[]string{"serve", "--max-per-address", "-1"}, "--max-per-address -1"},
		{[]string{"serve", "--rules", "chess"}, `--rules: unknown rules "chess"`},
		{[]string{"serve", "--points", "-1"}, "--points -1"},
		{[]string{"serve", "--control-port", "65536"}, "port 65536"},
		{[]string{"serve", "--game-port", "-1"}, "port -1"},
		{[]string{"serve", "--shards", "0"}, "--shards 0"},
		{[]string{"serve", "--game-port", "65535", "--shards", "2"}, "the last port would be 65536"},
		{[]string{"serve", "--listen", "127.0.0.1:5555"}, "choose the ports with --control-port and --game-port"},
		{[]string{"serve", "--listen", "no host"}, "--listen"},
		{[]string{"serve", "--certs", ""}, "--certs"},
		{[]string{"serve", "--acme-email", "a@b.example"}, "--acme is missing"},
		{[]string{"serve", "--acme-port", "443"}, "--acme is missing"},
		{[]string{"serve", "--acme", "192.168.1.20"}, "must be a public host name"},
		{[]string{"serve", "--acme", "localhost"}, "must be a public host name"},
		{[]string{"serve", "--acme", "https://x.example"}, "--acme"},
		{[]string{"serve", "--acme", "x.example", "--acme-directory", "http://y.example/dir"}, "must be an https URL"},
		{[]string{"serve", "--acme", "x.example", "--acme-port", "65536"}, "port 65536"},

		{[]string{"play", "a", "b"}, "at most one address or join link"},
		{[]string{"play", "a b"}, "not a host name"},
		{[]string{"play", "host:0"}, "port"},
		{[]string{"play", "https://host"}, "another kind of link"},
		{[]string{"play", "pong://host/#k=short"}, "copy the whole link again"},
		{[]string{"play", "--view", "upside-down"},
			`unknown view "upside-down": choose filter, predict, interp or original`},
		{[]string{"play", "--name", "a\tb"}, "U+0009, which is not visible"},
		{[]string{"bot", "--name", "\x1b[31mred"}, "U+001B, which is not visible"},
		{[]string{"bot", "--name", "two\nlines"}, "U+000A"},
		{[]string{"bot", "--name", ""}, "the name is empty"},
		{[]string{"bot", "--name", "abcdefghijklmnopq"}, "at most 16"},
		{[]string{"bot", "--trust", "abcd"}, "--trust: not a fingerprint"},
		{[]string{"bot", "--via", "127.0.0.1"}, "must be HOST:PORT"},
		{[]string{"bot", "--level", "godlike"}, `unknown level "godlike": must be "easy", "normal" or "hard"`},
		{[]string{"bot", "--matches", "-1"}, "--matches -1"},
		{[]string{"bot", "--matches", "1.5"}, `--matches "1.5": must be a whole number`},

		{[]string{"link"}, "--listen and --to are required"},
		{[]string{"link", "--listen", "127.0.0.2"}, "--listen and --to are required"},
		{[]string{"link", "--listen", "127.0.0.1", "--to", "127.0.0.1"}, "connect to itself"},
		{[]string{"link", "--listen", "127.0.0.2", "--to", "127.0.0.1:5555"}, "--to"},
		{link("--control-port", "0"), "port 0"},
		{link("--shards", "0"), "--shards 0: must be from 1 to 256"},
		{link("--game-port", "65535", "--shards", "2"), "the last port would be 65536"},
		{link("--delay", "50"), `--delay "50": must be a duration with its unit, such as 50ms`},
		{link("--delay", "-50ms"), "delay -50ms: must be between 0 and 1h0m0s"},
		{link("--up-delay", "2h"), "towards the server: delay 2h0m0s"},
		{link("--loss", "5"), `--loss "5": must be between 0% and 100%, such as 5% or 0.05`},
		{link("--down-loss", "NaN"), "--down-loss"},
		{link("--burst", "0.5"), "burst 0.5"},
		{link("--burst", "few"), `--burst "few": must be a number`},
		{link("--rate", "fast"), `--rate "fast": must be a whole number`},
		{link("--outage", "3s"), `--outage "3s": must be two durations`},
		{link("--outage", "1s,2s"), "not longer than the first"},

		{[]string{"version", "now"}, `unexpected argument "now"`},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			refuses(t, start(t, test.args...), exitUsage, test.want, "--help)")
		})
	}
}

// TestServe_Errors checks ports, addresses and keys that cannot be used.
func TestServe_Errors(t *testing.T) {
	t.Parallel()
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	port := func(a net.Addr) string { return strconv.Itoa(portOf(a)) }
	serve := func(args ...string) *process {
		return start(t, append([]string{"serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0"},
			args...)...)
	}
	_, err = net.Listen("tcp", tcp.Addr().String())
	var inUse syscall.Errno // in the words of the system
	if !errors.As(err, &inUse) {
		t.Fatalf("listen twice at %v: %v, want an error of the system", tcp.Addr(), err)
	}
	refuses(t, serve("--control-port", port(tcp.Addr())), exitFailed, "control port", inUse.Error(), "--control-port")
	refuses(t, serve("--game-port", port(udp.LocalAddr())), exitFailed, "game port", inUse.Error(), "--game-port")
	twice := serve("--admin", tcp.Addr().String())
	refuses(t, twice, exitFailed, "admin port", inUse.Error(), "--admin")
	if printed := strings.Join(twice.seen, "\n"); strings.Contains(printed, "pong://") {
		t.Errorf("a server without its admin port prints a join link:\n%s", printed)
	}
	refuses(t, serve("--listen", "192.0.2.1"), exitFailed, "this machine does not have that address", "--listen")

	acme := []string{"--acme", "pong.example.test", "--acme-directory", "https://127.0.0.1:1/dir", "--acme-port"}
	refuses(t, serve(append(acme, port(tcp.Addr()))...), exitFailed, inUse.Error(), "--acme-port",
		"port 443 of pong.example.test")
	refuses(t, serve(append(acme, "0", "--acme-ca", "nowhere.pem")...), exitFailed, "--acme-ca", "nowhere.pem")

	self := secondLoopback(t)
	refuses(t, start(t, "link", "--listen", "127.0.0.1", "--to", self, "--control-port", port(tcp.Addr()),
		"--game-port", "5556"),
		exitFailed, inUse.Error(), "--listen 127.0.0.2 --to 127.0.0.1")
	refuses(t, start(t, "link", "--listen", "192.0.2.1", "--to", "127.0.0.1"), exitFailed, "does not have that address")
}

// TestServe_RefusesInvalidKeys has a folder in place of a key, a certificate without its key, and a file in place of
// the folder.
func TestServe_RefusesInvalidKeys(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, certs string)
		want  []string
	}{
		{"unreadable", func(t *testing.T, certs string) {
			must(t, os.MkdirAll(filepath.Join(certs, "identity.pem"), 0o700))
		}, []string{"identity.pem", "can read"}},
		{"an operator's certificate without its key", func(t *testing.T, certs string) {
			must(t, os.Mkdir(certs, 0o700))
			must(t, os.WriteFile(filepath.Join(certs, "server.crt"), []byte("hello"), 0o600))
		}, []string{"server.key", "must both exist"}},
		{"no folder", func(t *testing.T, certs string) {
			must(t, os.WriteFile(certs, nil, 0o600))
		}, []string{"certificate folder", "--certs"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			certs := filepath.Join(t.TempDir(), "certs")
			test.spoil(t, certs)
			refuses(t, start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--certs",
				certs),
				exitFailed, test.want...)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestJoin_Errors checks servers that are not there, and servers with another identity.
func TestJoin_Errors(t *testing.T) {
	t.Parallel()
	server := serve(t)
	address := server.address("127.0.0.1")
	other, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	wrong := other.Fingerprint()

	refuses(t, start(t, "bot", "127.0.0.1:1"), exitFailed, "no connection to 127.0.0.1:1", "is the server running")
	refuses(t, start(t, "bot", "no-such-host.invalid"), exitFailed, "no connection to no-such-host.invalid:5555")
	refuses(t, start(t, "bot", address), exitFailed, "not known", server.Fingerprint, "--trust")
	refuses(t, start(t, "bot", address, "--trust", wrong.String()), exitFailed,
		"not the server you were told to expect", wrong.String(), server.Fingerprint, "ask the operator")
	refuses(t, start(t, "bot", trust.JoinLink{Address: address, Key: wrong, HasKey: true}.String()), exitFailed,
		"not the server you were told to expect")
	refuses(t, start(t, "bot", server.Link, "--trust", wrong.String()), exitFailed, "name different servers")

	changed := command(t, "bot", address)
	pins := trust.NewPins(filepath.Join(changed.Dir, "pong", "known_servers"))
	must(t, pins.Store(trust.Pin{Address: address, Key: wrong, Date: time.Now()}))
	refuses(t, begin(t, changed), exitFailed, "identity has changed", wrong.String(), server.Fingerprint,
		"the server prints", "join again: pong trust forget "+address+"\n")

	refuses(t, start(t, "play", "--tty", server.Link), exitFailed, "no terminal")
}

// TestJoin_ShowsTheServersRefusal checks that the person reads the server's answer to JOIN.
func TestJoin_ShowsTheServersRefusal(t *testing.T) {
	t.Parallel()
	for code, message := range map[string]string{
		wire.CodeFull:    "no seat is free",
		wire.CodeVersion: "this server uses version 2 of the protocol",
		wire.CodeName:    "this name is not allowed",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			refuses(t, start(t, "bot", refusingServer(t, wire.Message{Type: wire.Error, Code: code, Message: message})),
				exitFailed, "the server refused ("+code+")", message)
		})
	}
	t.Run("not a Pong server", func(t *testing.T) {
		t.Parallel()
		refuses(t, start(t, "bot", refusingServer(t, wire.Message{Type: "HELLO"})), exitFailed,
			`answered JOIN with "HELLO"`)
	})
}

// refusingServer answers each JOIN with one line, and returns the join link.
func refusingServer(t *testing.T, answer wire.Message) string {
	t.Helper()
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", trust.ServerTLS(identity, time.Now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(conn).ReadString('\n')
			_, _ = conn.Write(wire.AppendLine(nil, answer))
			conn.Close()
		}
	}()
	return trust.JoinLink{Address: listener.Addr().String(), Key: identity.Fingerprint(), HasKey: true}.String()
}
