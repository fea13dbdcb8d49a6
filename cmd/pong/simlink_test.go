package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pong/internal/lab"
	"pong/netcode/netsim"
)

func TestSimulatedLink_Texts(t *testing.T) {
	ms := time.Millisecond
	l6 := netsim.Profile{Delay: 125 * ms, Jitter: 10 * ms, Loss: 0.05, Burst: 2}
	lossless := l6
	lossless.Loss = 0
	from := simulatedLink{netsim.Profile{Delay: 5 * ms}, netsim.Profile{Loss: 0.5}}
	for text, want := range map[string]simulatedLink{
		"L6":        {l6, l6},
		"l6":        {l6, l6},
		"L6 loss=0": {lossless, lossless},
		"L14":       {l6, l6}, // the player across the ocean
		"none":      {},
		"delay=50ms,loss=5%": {
			netsim.Profile{Delay: 50 * ms, Loss: 0.05}, netsim.Profile{Delay: 50 * ms, Loss: 0.05},
		},
		"up-delay=80ms down-loss=1%": {netsim.Profile{Delay: 80 * ms}, netsim.Profile{Loss: 0.01}},
		"outage=20s,1s,up-rate=64000": {
			netsim.Profile{Delay: 5 * ms, OutageEvery: 20 * time.Second, OutageFor: time.Second, Rate: 64000},
			netsim.Profile{Loss: 0.5, OutageEvery: 20 * time.Second, OutageFor: time.Second},
		},
		"L8.1": {
			netsim.Profile{Delay: 30 * ms, Jitter: 4 * ms, Loss: 0.02, Burst: 2.5, Spike: 0.08, SpikeDelay: 80 * ms,
				OutageEvery: 40 * time.Second, OutageFor: time.Second},
			netsim.Profile{Delay: 30 * ms, Jitter: 4 * ms, Loss: 0.02, Burst: 2.5, Spike: 0.08, SpikeDelay: 80 * ms,
				OutageEvery: 40 * time.Second, OutageFor: time.Second},
		},
	} {
		if got, err := parseSimulatedLink(text, from); err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestSimulatedLink_RefusesWhatIsImpossible(t *testing.T) {
	from := simulatedLink{up: netsim.Profile{Delay: time.Second}}
	for text, word := range map[string]string{
		"L99":           "unknown network",
		"L10":           "unknown network", // it changes with time, which a link alone does not
		"L13":           "unknown network",
		"loss=200%":     "between 0% and 100%",
		"delay=fast":    "delay=fast",
		"delay=-3s":     "must be between 0",
		"speed=3":       "unknown figure",
		"loss=5% L6":    "comes first",
		"outage=1s,20s": "outage=1s,20s",
		"up-up-loss=1%": "unknown figure",
	} {
		got, err := parseSimulatedLink(text, from)
		if err == nil || !strings.Contains(err.Error(), word) || got != from {
			t.Errorf("%q: %+v, %v, want an error with %q, and no change", text, got, err, word)
		}
	}
}

// Every network of the laboratory that is a link has a name here.
func TestSimulatedLink_KnowsTheNetworksOfTheLaboratory(t *testing.T) {
	known := 0
	for _, p := range lab.Profiles() {
		if l, err := namedLink(p.Name); err == nil {
			known++
			if l.up.Validate() != nil || l.down.Validate() != nil {
				t.Errorf("%s: %+v is not valid", p.Name, l)
			}
		}
	}
	if known < 15 {
		t.Errorf("%d networks have a name, want at least 15", known)
	}
}

// A relay takes changes from its standard input, and says what it does now.
func TestLink_TakesChangesWhileItRuns(t *testing.T) {
	t.Parallel()
	server := serve(t)
	cmd := command(t, "link", "--listen", secondLoopback(t), "--to", "127.0.0.1", "--profile", "L2",
		"--control-port", strconv.Itoa(server.ControlPort), "--game-port", strconv.Itoa(server.GamePort))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p := begin(t, cmd)
	p.line("Relaying")
	for _, test := range []struct{ text, want string }{
		{"loss=20%", "Both directions: delay=25ms jitter=4ms loss=20% burst=2"},
		{"down-delay=80ms", "Up: delay=25ms jitter=4ms loss=20% burst=2; down: delay=80ms jitter=4ms loss=20% burst=2"},
		{"loss=lots", "Nothing is changed: loss=lots: "},
		{"none", "Both directions: a perfect network"},
	} {
		if _, err := in.Write([]byte(test.text + "\n")); err != nil {
			t.Fatal(err)
		}
		p.line(test.want)
	}
	p.interrupt()
	p.end(exitDone)
}

func TestFlags_LinkAndWithout(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"bot", "localhost", "--link", "L99"}, {"bot", "localhost", "--without", "magic"},
		{"play", "localhost", "--link", "loss=-1"},
		{"link", "--listen", "127.0.0.2", "--to", "127.0.0.1", "--profile", "L13"},
		{"link", "--listen", "127.0.0.2", "--to", "127.0.0.1", "--file", "/no/such/file"},
	} {
		start(t, args...).end(exitUsage)
	}
}

// A player can have a bad network without a relay, against any server.
func TestMatch_OverASimulatedLink(t *testing.T) {
	t.Parallel()
	server := serve(t, "--start", "auto", "--points", "1")
	join := func(more ...string) *process {
		return start(t, append([]string{"bot", server.Link, "--level", "easy", "--json"}, more...)...)
	}
	far, near := join("--link", "delay=60ms,loss=5%", "--without", "smoothing,in-flight"), join()
	latency := parseBot(t, far.end(exitDone)).latency
	if own := parseBot(t, near.end(exitDone)).latency; latency < 115 || own > 100 {
		t.Errorf("latency_ms is %.1f and %.1f, want at least 120 over the simulated link alone", latency, own)
	}
}
