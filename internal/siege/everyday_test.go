//go:build siege && linux

package siege

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/dial"
)

// An everydayNet is a server and some clients, each in a network namespace with a cable to the server's: what firewalls
// and routers do to one of them leaves the others alone. Client i has the addresses 10.78.i.2 and fd78:1i::2, and the
// server 10.78.i.1 and fd78:1i::1.
type everydayNet struct {
	*testing.T
	server  *serving
	certs   string
	host    namespace
	clients []namespace
}

// everydayNets counts the networks of this process, because namespaces need names.
var everydayNets atomic.Int32

// newEverydayNet starts a server for some clients. It returns nil where no namespaces can be made.
func newEverydayNet(t *testing.T, clients int) *everydayNet {
	t.Helper()
	n := everydayNets.Add(1)
	names := []string{fmt.Sprintf("e%ds", n)}
	for i := range clients {
		names = append(names, fmt.Sprintf("e%dc%d", n, i))
	}
	all := namespaces(t, names...)
	if all == nil {
		fmt.Printf("not run %s: it needs network namespaces\n", t.Name())
		return nil
	}
	e := &everydayNet{T: t, certs: filepath.Join(t.TempDir(), "certs"), host: all[0], clients: all[1:]}
	for i, c := range e.clients {
		ends := func(last int) []string {
			return []string{fmt.Sprintf("10.78.%d.%d/24", i, last), fmt.Sprintf("fd78:1%d::%d/64", i, last)}
		}
		connect(t, e.host, c, fmt.Sprint("w", i), ends(1), ends(2))
	}
	e.serve("0", "0")
	return e
}

// serve starts the server on some ports.
func (e *everydayNet) serve(controlPort, gamePort string) {
	e.Helper()
	args := append(serveArgs("", e.certs), "--control-port", controlPort, "--game-port", gamePort)
	e.server = serveCommand(e, pong(e, string(e.host), args...), "")
}

// restart ends the server and starts it again on the same ports.
func (e *everydayNet) restart() {
	e.Helper()
	e.server.terminate()
	e.serve(port(e.server.Control), port(e.server.Game))
}

// at returns the server's addresses as client i reaches them, IPv4 first.
func (e *everydayNet) at(i int) []string {
	return []string{fmt.Sprintf("10.78.%d.1", i), fmt.Sprintf("fd78:1%d::1", i)}
}

// join joins client i under a name. The server has the given addresses, or else its IPv4 address.
func (e *everydayNet) join(i int, name string, watch bool, addresses ...string) *chaosPlayer {
	e.Helper()
	if addresses == nil {
		addresses = e.at(i)[:1]
	}
	return joinScreen(e.T, bot.Hard, dial.Config{
		Address: "pong.example:" + port(e.server.Control), Name: name, Trust: e.server.Fingerprint, Watch: watch,
		Transport: namespaceTransport{e.clients[i], addresses},
	})
}

// match joins clients 0 and 1, and waits until they play.
func (e *everydayNet) match() (left, right *chaosPlayer) {
	e.Helper()
	left, right = e.join(0, "Ann", false), e.join(1, "Ben", false)
	poll(e, 20*time.Second, "the match plays", func() bool { return left.plays() && right.plays() })
	return left, right
}

// watch joins client i as a watcher, and waits until it sees the match.
func (e *everydayNet) watch(i int, name string) *chaosPlayer {
	e.Helper()
	watcher := e.join(i, name, true)
	poll(e, 20*time.Second, "the watcher watches", watcher.plays)
	return watcher
}

// block adds a rule of nftables to what client i receives (hook input) or sends (hook output).
func (e *everydayNet) block(i int, hook, rule string) {
	e.Helper()
	e.clients[i].do(e, "nft", fmt.Sprintf("add table inet t; add chain inet t %s { type filter hook %s priority 0; }; "+
		"add rule inet t %s %s", hook, hook, hook, rule))
}

// unblock removes all rules.
func (e *everydayNet) unblock(i int) { e.Helper(); e.clients[i].do(e, "nft", "delete table inet t") }

// udpDown is the rule that drops what the server sends to a client over UDP.
func (e *everydayNet) udpDown() string { return "udp sport " + port(e.server.Game) + " drop" }

// A namespaceTransport opens the channels of a client in a namespace. The server's name has the given addresses.
type namespaceTransport struct {
	namespace
	addresses []string
}

func (n namespaceTransport) Resolve(_ context.Context, address string) (resolved []string, err error) {
	_, port, err := net.SplitHostPort(address)
	for _, a := range n.addresses {
		resolved = append(resolved, net.JoinHostPort(a, port))
	}
	return resolved, err
}

func (n namespaceTransport) DialStream(ctx context.Context, address string) (conn net.Conn, err error) {
	if failed := n.enter(func() { conn, err = dial.System{}.DialStream(ctx, address) }); failed != nil {
		return nil, failed
	}
	return conn, err
}

func (n namespaceTransport) DialDatagrams(ctx context.Context, stream net.Conn, port int) (conn net.Conn, err error) {
	failed := n.enter(func() { conn, err = dial.System{}.DialDatagrams(ctx, stream, port) })
	if failed != nil {
		return nil, failed
	}
	return conn, err
}

// reads waits until the screen shows a sentence after a moment, and returns when that was.
func (e *chaosPlayer) reads(after time.Time, within time.Duration, sentence string) time.Duration {
	e.Helper()
	var found chaosMoment
	poll(e, within, fmt.Sprintf("the screen shows %q", sentence), func() bool {
		all := e.all()
		i := slices.IndexFunc(all, func(m chaosMoment) bool {
			return m.at.After(after) && strings.Contains(m.notice, sentence)
		})
		if i >= 0 {
			found = all[i]
		}
		return i >= 0
	})
	return found.at.Sub(after)
}

// neverReads fails if the screen has shown a sentence since a moment.
func (e *chaosPlayer) neverReads(after time.Time, sentence string) {
	e.Helper()
	for _, m := range e.all() {
		if m.at.After(after) && strings.Contains(m.notice, sentence) {
			e.Errorf("after %v the screen showed %q, which is false: %s", m.at.Sub(after), sentence, m.notice)
			return
		}
	}
}

// printScreen prints each sentence that a screen has shown since a moment, and when, with its seconds left out.
func (e *chaosPlayer) printScreen(name string, since time.Time) {
	last := ""
	for _, m := range e.all() {
		line := strings.TrimSpace(fmt.Sprintf("%v: %s", m.stage, m.notice))
		if same := withoutDigits(line); m.at.After(since) && same != last {
			fmt.Printf("screen %s %.1f s %s\n", name, m.at.Sub(since).Seconds(), line)
			last = same
		}
	}
}

func withoutDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// scores returns how many points the server has logged.
func (s *serving) scores() int { return len(s.with(`"msg":"score"`)) }
