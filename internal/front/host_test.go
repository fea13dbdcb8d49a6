package front

import (
	"context"
	"errors"
	"strings"
	"testing"

	"pong/internal/client"
)

// A hostOf starts made-up servers for a test.
type hostOf struct {
	err             error
	rooms           []string // that were asked for
	started, closed int
}

func (h *hostOf) start(_ context.Context, want Want) (*Hosted, error) {
	h.rooms = append(h.rooms, want.Room)
	if h.err != nil {
		return nil, h.err
	}
	h.started++
	return &Hosted{
		Address: "pong://127.0.0.1:5555/", Room: "elk-elm-gem-gum", Link: "pong://203.0.113.7:5555/#r=elk-elm-gem-gum",
		QR: [][]bool{{true}}, Ports: Ports{Control: 5555, Game: 5556}, Close: func() { h.closed++ },
		Fingerprint: "0011:2233:4455:6677",
	}, nil
}

// waiting is the frame of a person who waits for a friend.
func (p *person) awaits() {
	v := &p.match.frame
	v.Room, v.Me, v.Presence[1], v.Reason = "elk-elm-gem-gum", 0, client.Absent, client.ReasonNoOpponent
	p.became(client.StageWaiting)
}

// TestFlow_HostAGame goes from the page with the address to the link and back, which ends the server.
func TestFlow_HostAGame(t *testing.T) {
	h := new(hostOf)
	servers := func() []KnownServer { return []KnownServer{{Address: "h"}} }
	try(t, Config{Host: h.start, Servers: servers}, func(p *person) {
		p.press(Down)
		if s := p.says(); !strings.Contains(s, "Host a game") || !strings.Contains(s, "for you and a friend") {
			t.Errorf("the screen says %s, want the row that hosts a game", s)
		}
		p.press(Enter)
		p.dialled(Want{Kind: Friend, Own: true, Address: "pong://127.0.0.1:5555/", Room: "elk-elm-gem-gum"})
		p.awaits()
		for _, part := range []string{"Waiting for your friend", "pong://203.0.113.7:5555/#r=elk-elm-gem-gum",
			"has not been checked", "TCP port 5555 and UDP port 5556"} {
			if !strings.Contains(p.says(), part) {
				t.Errorf("the screen says %s, want %q", p.says(), part)
			}
		}
		if len(p.screen().Card.QR) == 0 {
			t.Error("there is no QR code")
		}
		p.press(Copy)
		if got := p.flow.TakeCopy(); got != "pong://203.0.113.7:5555/#r=elk-elm-gem-gum" {
			t.Errorf("copied %q, want the link", got)
		}
		p.flow.Copied(CopyDone)
		if !strings.Contains(p.says(), "The link is in the clipboard.") {
			t.Errorf("the screen says %s", p.says())
		}
		p.press(Again)
		for _, part := range []string{"elk-elm-gem-gum", "0011:2233", "4455:6677", "Ada in the list"} {
			if !strings.Contains(p.says(), part) {
				t.Errorf("without the link the screen says %s, want %q", p.says(), part)
			}
		}
		p.press(Back) // to the link
		p.press(Back)
		p.want(CardAddress)
		if !p.match.closed || h.closed != 1 {
			t.Errorf("the seat is given up: %v, servers ended: %d; want both", p.match.closed, h.closed)
		}
		p.press(Enter)
		if p.awaits(); h.started != 2 {
			t.Errorf("Enter at the same row starts %d servers in all, want a second one", h.started)
		}
		p.press(Back)
		p.press(Down)
		p.press(Enter)
		p.want(CardMenu)
		if got := p.flow.want.Address; got != "h" {
			t.Errorf("the row after it leads to %q, want the known server", got)
		}
	})
	if h.started != h.closed {
		t.Errorf("%d servers are started and %d ended", h.started, h.closed)
	}
}

// TestFlow_HostAtOnce is what pong host does.
func TestFlow_HostAtOnce(t *testing.T) {
	h := new(hostOf)
	try(t, Config{Host: h.start, Want: Want{Kind: Host, Name: "Ada", Room: "maple-42"}}, func(p *person) {
		p.wait(0)
		p.dialled(Want{
			Kind: Friend, Own: true, Name: "Ada", Address: "pong://127.0.0.1:5555/", Room: "elk-elm-gem-gum",
		})
		p.press(Back) // asks, as a game is going on
		p.press(Yes)
		p.want(CardAddress)
		p.write("h")
		p.press(Enter)
		p.want(CardMenu)
	})
	if h.closed != 1 || h.rooms[0] != "maple-42" {
		t.Errorf("servers ended: %d, for the rooms %q; want one, for the room of the person", h.closed, h.rooms)
	}
}

// TestFlow_HostInPractice: plain pong offers it, too.
func TestFlow_HostInPractice(t *testing.T) {
	h := new(hostOf)
	cfg := Config{Host: h.start, Alone: true, Want: Want{Kind: Practice, Level: Easy, Address: "pong://127.0.0.1:4/"}}
	try(t, cfg, func(p *person) {
		p.press(Back)
		p.press(Yes)
		p.want(CardMenu)
		for range 2 { // from Normal
			p.press(Down)
		}
		p.press(Enter)
		if p.awaits(); h.started != 1 {
			t.Errorf("%d servers are started, want one", h.started)
		}
	})
}

func TestFlow_HostThatFails(t *testing.T) {
	h := &hostOf{err: errors.New("the ports are in use")}
	try(t, Config{Host: h.start, Want: Want{Kind: Host}}, func(p *person) {
		p.wait(0)
		p.want(CardFailed)
		for _, part := range []string{"No game can be hosted", "The ports are in use"} {
			if s := p.says(); !strings.Contains(s, part) {
				t.Errorf("the screen says %s, want %q", s, part)
			}
		}
		h.err = nil
		p.press(Again)
		p.want(NoCard)
	})
	if h.started != 1 || h.closed != 1 {
		t.Errorf("%d servers are started and %d ended, want one", h.started, h.closed)
	}
	h = new(hostOf)
	tryAt(t, person{err: errors.New("no seat")}, Config{Host: h.start, Want: Want{Kind: Host}}, func(p *person) {
		p.wait(0)
		p.want(CardFailed)
		if h.closed != 1 {
			t.Error("a server that cannot be joined goes on")
		}
		p.press(Back)
		p.want(CardAddress)
	})
}

// TestFlow_HostReadsWhereTheLinkWorks: the page has the newest answer, and copies the link of that.
func TestFlow_HostReadsWhereTheLinkWorks(t *testing.T) {
	is, link := ReachChecking, ""
	h := new(hostOf)
	start := func(ctx context.Context, want Want) (*Hosted, error) {
		server, err := h.start(ctx, want)
		server.Reach = func() (Reach, string) { return is, link }
		server.Machine = "192.168.1.20"
		return server, err
	}
	try(t, Config{Host: start, Want: Want{Kind: Host}}, func(p *person) {
		p.wait(0)
		p.awaits()
		for now, want := range map[Reach]string{
			ReachUnchecked: "has not been checked", ReachChecking: "is being checked",
			ReachOpen: "works outside your network, too", ReachNoTCP: "or meet on a server",
			ReachNoUDP: "UDP port 5556 is not", ReachInside: "is inside it", ReachFailed: "could not be checked",
			ReachAsking: "is being asked", ReachMapped: "your router passes the ports on",
			ReachTaken: "leave and host again", ReachShared: "shares one address",
			ReachClosed: "forward TCP port 5555 and UDP port 5556 to 192.168.1.20",
		} {
			if is = now; !strings.Contains(p.says(), want) {
				t.Errorf("%d: the screen says %s, want %q", now, p.says(), want)
			}
		}
		link = "pong://198.51.100.7:5555/#r=elk-elm-gem-gum"
		p.press(Copy)
		if got := p.flow.TakeCopy(); got != link || !strings.Contains(p.says(), link) {
			t.Errorf("copied %q, and the screen says %s, want the link that works", got, p.says())
		}
	})
}

// TestFlow_HostAsksTheRouterOnce: the router is asked if the person wants that, and not before.
func TestFlow_HostAsksTheRouterOnce(t *testing.T) {
	asked := 0
	h := new(hostOf)
	start := func(ctx context.Context, want Want) (*Hosted, error) {
		server, err := h.start(ctx, want)
		server.AskRouter = func() { asked++ }
		return server, err
	}
	try(t, Config{Host: start, Want: Want{Kind: Host}}, func(p *person) {
		p.wait(0)
		p.awaits()
		const question = "your router can be asked to pass TCP port 5555 and UDP port 5556 on"
		if s := p.says(); asked > 0 || !strings.Contains(s, question) || !strings.Contains(s, "Ask the router") {
			t.Errorf("the router was asked %d times, and the screen says %s; want the question", asked, s)
		}
		for range 2 {
			p.press(Yes)
		}
		if s := p.says(); asked != 1 || strings.Contains(s, "Ask the router") {
			t.Errorf("the router was asked %d times, and the screen says %s; want once", asked, s)
		}
	})
}
