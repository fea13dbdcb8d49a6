//go:build siege && linux

package siege

import (
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// chaosLong reports whether the long form runs: SIEGE=long.
func chaosLong() bool { return os.Getenv("SIEGE") == "long" }

// A chaos holds what all testbeds of a run share.
type chaos struct {
	pong     string // path of the binary
	ledger   *chaosLedger
	testbeds atomic.Int32
}

func newChaos(t testing.TB) *chaos {
	t.Helper()
	c := &chaos{pong: os.Getenv("SIEGE_PONG"), ledger: newChaosLedger()}
	if c.pong == "" {
		c.pong = filepath.Join(t.TempDir(), "pong")
		build := exec.Command("go", "build", "-buildvcs=false", "-tags", "nogui", "-o", c.pong, "pong/cmd/pong")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build pong: %v\n%s", err, out)
		}
	}
	return c
}

// A chaosTestbed is a server, a relay in front of it, and a tap in front of the relay for each player.
type chaosTestbed struct {
	*testing.T
	*chaos
	net           string // the first three bytes of its addresses
	control, game int
	fingerprint   string
	certs         string
	args          []string // of the server
	server, link  *chaosProgram
	serverTap     *chaosTap
	taps          int
	damages       bool
}

// The last bytes of a testbed's addresses.
const (
	chaosServer    = 1
	chaosServerTap = 2
	chaosLink      = 3
	chaosClientTap = 10 // and the following ones
	chaosMoved     = 100
)

// open creates a testbed, with the points of a game and the arguments of its relay.
func (c *chaos) open(t *testing.T, points int, link ...string) *chaosTestbed {
	t.Helper()
	h := &chaosTestbed{
		T: t, chaos: c, net: fmt.Sprintf("127.%d.%d.", 64+os.Getpid()%64,
			c.testbeds.Add(1)), certs: filepath.Join(t.TempDir(), "certs"),
		damages: slices.Contains(link, "--corrupt"),
	}
	h.args = []string{"serve", "--listen", h.at(chaosServer).String(), "--start", "auto", "--points",
		strconv.Itoa(points),
		"--log", "json", "--certs", h.certs, "--state", h.certs,
		"--admin", netip.AddrPortFrom(h.at(chaosServer), 0).String()}
	h.serve()
	h.serverTap = newChaosTap(t, c.ledger, false, h.at(chaosServerTap), h.at(chaosServer), h.control, h.game)
	h.serverTap.damages = h.damages
	h.link = c.run(t, t.TempDir(),
		append([]string{"link", "--listen", h.at(chaosLink).String(), "--to", h.at(chaosServerTap).String(),
			"--control-port", strconv.Itoa(h.control), "--game-port", strconv.Itoa(h.game)}, link...)...)
	h.link.wait(20*time.Second, "Relaying", time.Time{})
	return h
}

// at returns an address of the testbed.
func (h *chaosTestbed) at(last int) netip.Addr {
	return netip.MustParseAddr(h.net + strconv.Itoa(last))
}

// serve starts the server: on free ports at first, on the same ports later.
func (h *chaosTestbed) serve() {
	h.Helper()
	h.server = h.run(h.T, h.TempDir(), append(h.args, "--control-port", strconv.Itoa(h.control), "--game-port",
		strconv.Itoa(h.game))...)
	first := h.server.wait(20*time.Second, "fingerprint", time.Time{})
	if h.control == 0 {
		h.control, h.game, h.fingerprint = first.Control, first.Game, first.Fingerprint
	}
}

// newClientTap creates a tap for another player.
func (h *chaosTestbed) newClientTap() *chaosTap {
	h.Helper()
	tap := newChaosTap(h.T, h.ledger, true, h.at(chaosClientTap+h.taps), h.at(chaosLink), h.control, h.game)
	tap.damages = h.damages
	h.taps++
	return tap
}

// A chaosTarget is an upper bound for a figure; zero means none.
type chaosTarget float64

// chaosFigure prints a figure, whose name gets the prefix chaos_.
func chaosFigure(t *testing.T, name string, value float64, unit string, under chaosTarget) {
	t.Helper()
	bound, missed := "report only", ""
	if under > 0 {
		bound = fmt.Sprintf("under %g", float64(under))
		if value >= float64(under) {
			missed = " MISSED"
		}
	}
	fmt.Printf("figure chaos_%s %.4g %s (target %s)%s\n", name, value, unit, bound, missed)
}

// chaosQuantile returns the value below which a share of all values lies (nearest rank), or 0 if there are none.
func chaosQuantile(all []float64, share float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}
