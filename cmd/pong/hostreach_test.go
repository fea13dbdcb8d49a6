package main

import (
	"net/netip"
	"strings"
	"sync"
	"testing"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/portmap"
)

// A testRouter answers what a test tells it.
type testRouter struct {
	cfg    portmap.Config
	mu     sync.Mutex // guards what follows
	state  portmap.State
	asked  int
	closed int
}

func (r *testRouter) start(cfg portmap.Config) mapper {
	r.cfg = cfg
	r.asked++
	return r
}

func (r *testRouter) State() portmap.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

func (r *testRouter) Answered() <-chan struct{} {
	answered := make(chan struct{})
	close(answered)
	return answered
}
func (r *testRouter) Close() { r.closed++ }

// answers has the router answer.
func (r *testRouter) answers(s portmap.State) {
	r.mu.Lock()
	r.state = s
	r.mu.Unlock()
	r.cfg.Changed(s)
}

// TestHost_AsksTheRouterIfAgreed: with --map-ports ask when the person has agreed, with yes at once, with no never.
func TestHost_AsksTheRouterIfAgreed(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]struct {
		atOnce int
		offers bool
	}{routerYes: {1, false}, routerAsk: {0, true}, routerNo: {0, false}} {
		r := new(testRouter)
		cfg := testHost(t)
		cfg.mapPorts, cfg.router = value, r.start
		h, err := cfg.start(t.Context(), front.Want{})
		if err != nil {
			t.Fatal(err)
		}
		if r.asked != want.atOnce || h.AskRouter != nil != want.offers {
			t.Errorf("--map-ports %s: asked %d times, offered: %v; want %d, %v", value, r.asked, h.AskRouter != nil,
				want.atOnce, want.offers)
		}
		if h.AskRouter != nil {
			h.AskRouter()
			h.AskRouter()
		}
		asked := r.asked
		h.Close()
		if asked > 1 || r.closed != asked || want.offers && asked != 1 {
			t.Errorf("--map-ports %s: asked %d times and closed %d times", value, asked, r.closed)
		}
	}
}

// TestHost_TakesThePortThatTheRouterGrants at the next match, after the person has agreed in one.
func TestHost_TakesThePortThatTheRouterGrants(t *testing.T) {
	t.Parallel()
	r := new(testRouter)
	cfg := testHost(t)
	cfg.mapPorts, cfg.router = routerAsk, r.start
	first, err := cfg.start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	first.AskRouter()
	if r.cfg.Bind != nil {
		t.Error("a server that runs would move to another port")
	}
	first.Close()
	granted := 0
	cfg.router = func(c portmap.Config) mapper {
		for port := uint16(49152); granted == 0; port++ { // one that is free
			if c.Bind(1, port) {
				granted = int(port)
			}
		}
		return r.start(c)
	}
	second, err := cfg.start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if r.cfg.Bind(1, 0) {
		t.Error("a server that runs moves to another port")
	}
	if second.AskRouter != nil || second.Ports.Game != granted {
		t.Errorf("the person is asked again: %v, and the game port is %d; want not, and %d", second.AskRouter != nil,
			second.Ports.Game, granted)
	}
	own := joinLinked(t, second.Address+"&r="+second.Room, "Ann")
	own.until(t, "the host is there", func(v client.Frame) bool { return v.Reason == client.ReasonNoOpponent })
}

// TestHost_ReadsWhatTheRouterSays, and has a link with the address outside.
func TestHost_ReadsWhatTheRouterSays(t *testing.T) {
	t.Parallel()
	r := new(testRouter)
	cfg := testHost(t)
	cfg.mapPorts, cfg.router = routerYes, r.start
	h, err := cfg.start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	wants := []portmap.Want{
		{Inside: uint16(h.Ports.Control)}, {UDP: true, Inside: uint16(h.Ports.Game), Same: true},
		{UDP: true, Inside: uint16(h.Ports.Control), Same: true, Optional: true},
	}
	for i, w := range wants {
		if len(r.cfg.Wants) != len(wants) || r.cfg.Wants[i] != w {
			t.Fatalf("the router is asked for %+v, want %+v", r.cfg.Wants, wants)
		}
	}
	outside := netip.MustParseAddr("203.0.113.7")
	for _, test := range []struct {
		state portmap.State
		want  front.Reach
		link  string
	}{
		{portmap.State{}, front.ReachAsking, ""},
		{portmap.State{Verdict: portmap.Closed}, front.ReachClosed, ""},
		{portmap.State{Verdict: portmap.Shared}, front.ReachShared, ""},
		{portmap.State{Verdict: portmap.Taken}, front.ReachTaken, ""},
		{
			portmap.State{Verdict: portmap.Mapped, External: outside, Outside: []uint16{7000, 5556, 0}},
			front.ReachMapped, "pong://203.0.113.7:7000/#",
		},
	} {
		r.answers(test.state)
		is, link := h.Reach()
		hasRoom := link == "" || strings.Contains(link, "r="+h.Room)
		if is != test.want || !strings.HasPrefix(link, test.link) || !hasRoom {
			t.Errorf("%v: the host reads %v with the link %q, want %v with %q", test.state.Verdict, is, link, test.want,
				test.link)
		}
	}
}
