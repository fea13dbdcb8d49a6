//go:build siege && linux

package siege

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A natNet is a home behind a router that opens ports on request: Debian's miniupnpd over nftables. The host and
// another machine are at home, and the friend is outside.
//
//	host   192.168.77.20 --- .77.1 router wan --- friend
//	other  192.168.78.20 --- .78.1
type natNet struct {
	*testing.T
	router, host, other, friend namespace
	dir                         string
	daemon                      *process
}

// The addresses of the router outside. miniupnpd opens nothing for one that is reserved, so the first one is not.
const (
	natPublic = "11.22.33.7"
	natShared = "100.64.33.7"
)

// natRules are those of a home router: masquerade, and nothing in but what miniupnpd opens.
const natRules = `
table inet filter {
	chain forward {
		type filter hook forward priority 0; policy drop;
		ct state established,related accept
		iifname "lan*" accept
		jump miniupnpd
	}
	chain miniupnpd { }
}
table inet nat {
	chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
	chain postrouting {
		type nat hook postrouting priority 100;
		jump postrouting_miniupnpd
		oifname "wana" masquerade
	}
	chain prerouting_miniupnpd { }
	chain postrouting_miniupnpd { }
}
`

// natDaemon returns the path of miniupnpd.
func natDaemon(t testing.TB) string {
	t.Helper()
	path := os.Getenv("PONG_MINIUPNPD")
	if path == "" {
		path = "miniupnpd"
	}
	found, err := exec.LookPath(path)
	if err != nil {
		t.Fatalf("there is no miniupnpd, which make nat gets: %v", err)
	}
	return found
}

// natBlocks are the rules with which a router speaks one protocol alone. miniupnpd speaks PCP on the port of NAT-PMP;
// its packets begin with 2.
var natBlocks = map[string]string{
	"PCP": "udp dport 1900 drop", "NAT-PMP": "udp dport 5351 @th,64,8 2 drop; udp dport 1900 drop",
	"UPnP": "udp dport 5351 drop",
}

// newNAT builds the networks, whose names begin with a letter, with a router that speaks one protocol. It returns nil
// on a machine without namespaces.
func newNAT(t *testing.T, letter, outside, protocol string) *natNet {
	t.Helper()
	all := namespaces(t, letter+"r", letter+"h", letter+"o", letter+"f")
	if all == nil {
		return nil
	}
	n := &natNet{T: t, router: all[0], host: all[1], other: all[2], friend: all[3], dir: t.TempDir()}
	prefix := outside[:strings.LastIndexByte(outside, '.')]
	connect(t, n.router, n.friend, "wan", []string{outside + "/24"}, []string{prefix + ".99/24"})
	for i, at := range []namespace{n.host, n.other} {
		lan := fmt.Sprint("192.168.", 77+i)
		connect(t, n.router, at, fmt.Sprint("lan", i), []string{lan + ".1/24"}, []string{lan + ".20/24"})
		at.do(t, "ip", "route", "add", "default", "via", lan+".1")
	}
	n.router.do(t, "sysctl", "-qw", "net.ipv4.ip_forward=1")
	n.nft(natRules)
	n.nft("table inet v { chain i { type filter hook input priority 0; " + natBlocks[protocol] + "; }; }")
	n.write("miniupnpd.conf", strings.Join([]string{
		"ext_ifname=wana", "listening_ip=lan0a", "listening_ip=lan1a", "enable_upnp=yes", "enable_natpmp=yes",
		"http_port=0", "secure_mode=yes", "system_uptime=no", "upnp_table_name=filter", "upnp_nat_table_name=nat",
		"upnp_forward_chain=miniupnpd", "upnp_nat_chain=prerouting_miniupnpd",
		"upnp_nat_postrouting_chain=postrouting_miniupnpd", "uuid=00000000-0000-0000-0000-000000000001",
		"allow 1024-65535 192.168.0.0/16 1024-65535", "deny 0-65535 0.0.0.0/0 0-65535", "",
	}, "\n"))
	n.start()
	return n
}

func (n *natNet) write(name, text string) {
	n.Helper()
	if err := os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o600); err != nil {
		n.Fatal(err)
	}
}

// nft adds rules to the router.
func (n *natNet) nft(rules string) {
	n.Helper()
	n.write("rules", rules)
	n.router.do(n, "nft", "-f", filepath.Join(n.dir, "rules"))
}

// start starts miniupnpd, and waits until it listens.
func (n *natNet) start() {
	n.Helper()
	_ = os.Remove(filepath.Join(n.dir, "pid"))
	n.daemon = run(n, exec.Command("ip", "netns", "exec", string(n.router), natDaemon(n), "-d", "-f",
		filepath.Join(n.dir, "miniupnpd.conf"), "-P", filepath.Join(n.dir, "pid")))
	poll(n, time.Minute, "miniupnpd listens", func() bool {
		return strings.Contains(n.router.do(n, "ss", "-Hlun"), ":1900 ")
	})
}

// opened returns how many ports the router passes on.
func (n *natNet) opened() int {
	n.Helper()
	return strings.Count(n.router.do(n, "nft", "list", "chain", "inet", "nat", "prerouting_miniupnpd"), "dnat")
}

// awaits waits until the router passes a number of ports on.
func (n *natNet) awaits(ports int, when string) {
	n.Helper()
	poll(n, time.Minute, fmt.Sprintf("%s the router passes %d ports on", when, ports), func() bool {
		return n.opened() == ports
	})
}

// serveAt starts a server that asks the router. home is a folder to be used again, or "".
func (n *natNet) serveAt(at namespace, home string, args ...string) *process {
	n.Helper()
	cmd := pong(n, string(at), append([]string{
		"serve", "--start", "auto", "--points", "1", "--log", "json", "--map-ports",
	}, args...)...)
	if home != "" {
		cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
	}
	return run(n, cmd)
}

// A routerLine is what the log says of the router.
type routerLine struct {
	Protocol, Address, Link string
	TCP, UDP                int
}

// mapped waits until the router passes the ports of a server on.
func (n *natNet) mapped(server *process) (line routerLine) {
	n.Helper()
	text := server.wait("the router passes the ports on")
	if err := json.Unmarshal([]byte(text), &line); err != nil || line.Link == "" {
		n.Fatalf("the log has %q: %v", text, err)
	}
	return line
}

// plays plays a match between a bot outside and one at home, to its end.
func (n *natNet) plays(server *process, link string) {
	n.Helper()
	run(n, pong(n, string(n.friend), "bot", link, "--name", "Out", "--level", "easy"))
	run(n, pong(n, string(n.host), "bot", link, "--name", "In", "--level", "hard"))
	poll(n, 5*time.Minute, "a match between outside and inside is over", func() bool {
		return len(server.with("game over")) > 0
	})
}

// eachProtocol runs a test at a router for each protocol.
func eachProtocol(t *testing.T, letters, outside string, test func(t *testing.T, n *natNet, protocol string)) {
	for i, protocol := range []string{"PCP", "NAT-PMP", "UPnP"} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			if n := newNAT(t, letters[i:i+1], outside, protocol); n != nil {
				test(t, n, protocol)
			}
		})
	}
}

// TestNAT_EachProtocol opens the ports, plays a match through them, and closes them.
func TestNAT_EachProtocol(t *testing.T) {
	eachProtocol(t, "abc", natPublic, func(t *testing.T, n *natNet, protocol string) {
		began := time.Now()
		server := n.serveAt(n.host, "")
		line := n.mapped(server)
		figure("nat_link_"+strings.ToLower(protocol), time.Since(began).Seconds(), "s", under(5))
		if line.Protocol != protocol || line.Address != natPublic || line.TCP != 5555 || line.UDP != 5556 ||
			!strings.HasPrefix(line.Link, "pong://"+natPublic+":5555/") {
			t.Errorf("the router passes on %+v, want the ports by %s", line, protocol)
		}
		if got := n.opened(); got != 3 {
			t.Errorf("the router passes %d ports on, want 3", got)
		}
		n.plays(server, line.Link)
		server.terminate()
		if got := n.opened(); got != 0 {
			t.Errorf("after the end of the server the router passes %d ports on", got)
		}
	})
}

// TestNAT_Conflict has two servers at home on the same ports. Each is reached, and neither closes the other's ports.
func TestNAT_Conflict(t *testing.T) {
	eachProtocol(t, "def", natPublic, func(t *testing.T, n *natNet, _ string) {
		first := n.serveAt(n.host, "")
		link := n.mapped(first).Link
		second := n.serveAt(n.other, "")
		if line := n.mapped(second); line.TCP == 5555 || line.UDP == 5556 {
			t.Errorf("the second server has %+v, want other ports", line)
		}
		second.terminate()
		n.awaits(3, "after the end of the second server")
		n.plays(first, link)
		first.terminate()
		n.awaits(0, "after the end of both")
	})
}

// TestNAT_SharedAddress is called that.
func TestNAT_SharedAddress(t *testing.T) {
	eachProtocol(t, "ghi", natShared, func(t *testing.T, n *natNet, _ string) {
		n.serveAt(n.host, "").wait("no public address of its own")
		if got := n.opened(); got != 0 {
			t.Errorf("the router passes %d ports on", got)
		}
	})
}

// TestNAT_Killed: what a server that was killed has left is removed by the next one, whatever its ports.
func TestNAT_Killed(t *testing.T) {
	eachProtocol(t, "jkl", natPublic, func(t *testing.T, n *natNet, _ string) {
		home := t.TempDir()
		killed := n.serveAt(n.host, home)
		n.mapped(killed)
		_ = killed.cmd.Process.Signal(syscall.SIGKILL)
		<-killed.ended
		if got := n.opened(); got != 3 {
			t.Errorf("a killed server leaves %d ports, want 3", got)
		}
		next := n.serveAt(n.host, home, "--control-port", "6000", "--game-port", "6001", "--no-web")
		n.mapped(next)
		n.awaits(2, "after the next start")
		next.terminate()
		n.awaits(0, "after its end")
	})
}

// TestNAT_RouterRestarts and has lost everything: the ports are open again within two minutes.
func TestNAT_RouterRestarts(t *testing.T) {
	eachProtocol(t, "mno", natPublic, func(t *testing.T, n *natNet, protocol string) {
		server := n.serveAt(n.host, "")
		line := n.mapped(server)
		time.Sleep(15 * time.Second) // one that has run for less cannot be told by its epoch
		n.daemon.terminate()
		for _, chain := range []string{"filter miniupnpd", "nat prerouting_miniupnpd", "nat postrouting_miniupnpd"} {
			n.router.do(t, append([]string{"nft", "flush", "chain", "inet"}, strings.Fields(chain)...)...)
		}
		restarted := time.Now()
		n.start()
		poll(t, 3*time.Minute, "the ports are open again", func() bool { return n.opened() == 3 })
		figure("nat_restart_"+strings.ToLower(protocol), time.Since(restarted).Seconds(), "s", under(120))
		n.plays(server, line.Link)
		server.terminate()
		n.awaits(0, "after the end")
	})
}
