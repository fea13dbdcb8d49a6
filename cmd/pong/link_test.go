package main

import (
	"errors"
	"testing"
	"time"

	"pong/netcode/netsim"
)

// linkProfiles parses a command line of pong link.
func linkProfiles(t *testing.T, args ...string) (up, down netsim.Profile, err error) {
	t.Helper()
	var f linkFlags
	cmd := newLink()
	cmd.ResetFlags()
	profileFlags(cmd.Flags(), "", &f.both, "")
	profileFlags(cmd.Flags(), "up-", &f.up, "")
	profileFlags(cmd.Flags(), "down-", &f.down, "")
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	return f.profiles(cmd)
}

// TestLink_OneDirectionOverridesBoth checks each figure.
func TestLink_OneDirectionOverridesBoth(t *testing.T) {
	both := netsim.Profile{
		Delay: 50 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.05, Burst: 2.5, Reorder: 0.01,
		Duplicate: 0.02,
		Corrupt:   0.03, Rate: 64000, OutageEvery: 20 * time.Second, OutageFor: time.Second,
		Pace: 50 * time.Millisecond,
	}
	args := []string{"--delay=50ms", "--jitter=10ms", "--loss=5%", "--burst=2.5", "--reorder=1%", "--duplicate=2%",
		"--corrupt=3%", "--rate=64000", "--outage=20s,1s", "--pace=50ms"}
	if up, down, err := linkProfiles(t, args...); err != nil || up != both || down != both {
		t.Errorf("figures for both directions: up %+v, down %+v, %v; want %+v", up, down, err, both)
	}
	one := netsim.Profile{
		Delay: time.Millisecond, Jitter: 2 * time.Millisecond, Loss: 0.5, Burst: 3, Reorder: 0.04, Duplicate: 0.06,
		Corrupt: 0, Rate: 1000, OutageEvery: 3 * time.Second, OutageFor: 2 * time.Second,
		Pace: 16 * time.Millisecond,
	}
	figures := []string{"delay=1ms", "jitter=2ms", "loss=50%", "burst=3", "reorder=4%", "duplicate=6%", "corrupt=0",
		"rate=1000", "outage=3s,2s", "pace=16ms"}
	for _, prefix := range []string{"up-", "down-"} {
		line := args
		for _, f := range figures {
			line = append(line[:len(line):len(line)], "--"+prefix+f)
		}
		up, down, err := linkProfiles(t, line...)
		if prefix == "down-" {
			up, down = down, up
		}
		if err != nil || up != one || down != both {
			t.Errorf("with --%s...: that direction %+v, the other %+v, %v; want %+v and %+v", prefix, up, down, err,
				one, both)
		}
	}
}

func TestLink_InvalidProfiles(t *testing.T) {
	for _, arg := range []string{"--delay=-1ms", "--up-jitter=2h", "--down-rate=-1", "--burst=0.5", "--pace=1us"} {
		_, _, err := linkProfiles(t, arg)
		var misuse *usageError
		if !errors.As(err, &misuse) {
			t.Errorf("%s: got error %v, want a usage error", arg, err)
		}
	}
}

func TestLink_Status(t *testing.T) {
	f := linkFlags{to: "h", controlPort: 1, gamePort: 2, shards: 3}
	const hint = "if the server has other game ports, name them with --game-port and --shards"
	both := netsim.Stats{Sent: 9, Delivered: 9}
	for _, test := range []struct {
		stats netsim.RelayStats
		want  string
	}{
		{netsim.RelayStats{}, "0 players; up: 0 sent, 0 delivered, 0.0% lost; down: 0 sent, 0 delivered, 0.0% lost"},
		{netsim.RelayStats{Clients: 2, Conns: 2, Accepted: 2, Errors: 3,
			Up: netsim.Stats{Sent: 200, Delivered: 150, Lost: 20, QueueDrops: 20, OutageDrops: 10}, Down: both},
			"2 players; up: 200 sent, 150 delivered, 25.0% lost; down: 9 sent, 9 delivered, 0.0% lost; " +
				"3 failures: is the server running?"},
		{netsim.RelayStats{Accepted: 1},
			"0 players; up: 0 sent, 0 delivered, 0.0% lost; down: 0 sent, 0 delivered, 0.0% lost; " +
				"players on TCP 1 send nothing to UDP 2-4: " + hint},
		{netsim.RelayStats{Clients: 1, Conns: 2, Accepted: 2, Up: both, Down: both},
			"1 players; up: 9 sent, 9 delivered, 0.0% lost; down: 9 sent, 9 delivered, 0.0% lost; " +
				"players on TCP 1 send nothing to UDP 2-4: " + hint},
		{netsim.RelayStats{Clients: 1, Conns: 1, Accepted: 1, Up: both},
			"1 players; up: 9 sent, 9 delivered, 0.0% lost; down: 0 sent, 0 delivered, 0.0% lost; " +
				"nothing comes back from UDP 2-4 of h: " + hint},
	} {
		if got := f.status(test.stats); got != test.want {
			t.Errorf("%+v: got\n%s\nwant\n%s", test.stats, got, test.want)
		}
	}
}

// TestLink_RelaysEveryShard plays a match on each of three shards through a relay.
func TestLink_RelaysEveryShard(t *testing.T) {
	t.Parallel()
	server := serve(t, "--shards", "3", "--points", "1")
	_, host := relay(t, server, "--shards", "3")
	var bots []*process
	for _, room := range []string{"oak-1", "oak-1", "oak-2", "oak-2", "oak-3", "oak-3"} {
		bots = append(bots, start(t, "bot", server.address(host), "--trust", server.Fingerprint, "--room", room,
			"--level", "easy", "--json"))
	}
	for _, b := range bots {
		parseBot(t, b.end(exitDone))
	}
}

func TestLink_Outage(t *testing.T) {
	var p netsim.Profile
	if err := (outage{&p}).Set("20s,1500ms"); err != nil || p.OutageEvery != 20*time.Second ||
		p.OutageFor != 1500*time.Millisecond {
		t.Errorf("20s,1500ms: got %v, %v", p, err)
	}
	for _, text := range []string{"", "3", "3s", "3s,", ",1s", "1s,2s", "20s,0s", "20s,-1s", "a,b", "20s,1s,1s"} {
		before := p
		if err := (outage{&p}).Set(text); err == nil || p != before {
			t.Errorf("outage %q: got %v, %v; want an error and no change", text, p, err)
		}
	}
}
