package main

import (
	"net"
	"strconv"
	"strings"
	"testing"

	"pong/internal/dial"
	"pong/internal/trust"
)

func TestAdvertise_IsParsed(t *testing.T) {
	for text, want := range map[string]advertised{
		"203.0.113.7":             {host: "203.0.113.7"},
		"Pong.Example.ORG:7000":   {"pong.example.org", 7000, 0},
		"h:7000:7001":             {"h", 7000, 7001},
		"2001:db8::7":             {host: "2001:db8::7"},
		"[2001:db8::7]":           {host: "2001:db8::7"},
		"[2001:DB8::7]:7000":      {"2001:db8::7", 7000, 0},
		"[2001:db8::7]:7000:7001": {"2001:db8::7", 7000, 7001},
	} {
		if got, err := parseAdvertised(text); err != nil || got != want {
			t.Errorf("%s: got %+v, error %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", ":5555", "h:", "h:0", "h:1:", "h:1:2:3", "h:65536", "h:1:x", "[h]:1", "[::1",
		"[::1]5", "pong://h", "a b", "h:1:-2", "h:+1"} {
		if got, err := parseAdvertised(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}

func TestAdvertise_Address(t *testing.T) {
	if got := (advertised{host: "2001:db8::7"}).address(5000); got != "[2001:db8::7]:5000" {
		t.Errorf("without a port it is %s, want the server's own", got)
	}
	if got := (advertised{host: "h", control: 7000}).address(5000); got != "h:7000" {
		t.Errorf("with a port it is %s, want that one", got)
	}
	if (advertised{game: 1}).reachesGame(2) || !(advertised{}).reachesGame(2) || !(advertised{game: 2}).reachesGame(2) {
		t.Error("another UDP port than the server's own leads to it from outside alone, and only another one")
	}
	if (advertised{game: 65535}).check(2) == nil || (advertised{game: 65535}).check(1) != nil {
		t.Error("two shards need two ports after the first, and one shard needs one")
	}
}

// TestAdvertise_LinkAndWelcome serves behind ports that are mapped: the link and WELCOME name these.
func TestAdvertise_LinkAndWelcome(t *testing.T) {
	t.Parallel()
	relayed, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer relayed.Close()
	port := relayed.LocalAddr().(*net.UDPAddr).Port
	mapped := "pong.example.org:7000:" + strings.TrimPrefix(relayed.LocalAddr().String(), "127.0.0.1:")
	server := serve(t, "--listen", "127.0.0.1", "--advertise", mapped)
	link, err := trust.ParseJoinLink(server.Link)
	if err != nil || link.Address != "pong.example.org:7000" || link.Further != "" {
		t.Errorf("the link is %s, error %v; want the advertised address alone", server.Link, err)
	}
	link.Address = net.JoinHostPort("127.0.0.1", strconv.Itoa(server.ControlPort))
	c, err := dial.Dial(t.Context(), dial.Config{Address: link.String()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	buffer := make([]byte, 2048)
	if _, _, err := relayed.ReadFrom(buffer); err != nil {
		t.Errorf("no datagram arrives at the port %d that is advertised: %v", port, err)
	}
}

// TestAdvertise_LinkHasFurtherAddresses joins by the second address of a link, because the first leads nowhere here.
func TestAdvertise_LinkHasFurtherAddresses(t *testing.T) {
	t.Parallel()
	server := serve(t, "--listen", "127.0.0.1", "--advertise", "127.0.0.1:1")
	link, err := trust.ParseJoinLink(server.Link)
	if err != nil || link.Address != "127.0.0.1:1" || link.Further != "127.0.0.1:"+strconv.Itoa(server.ControlPort) {
		t.Fatalf("the link is %s, error %v; want the advertised address, then the server's own", server.Link, err)
	}
	start(t, "bot", server.Link)
	server.line("joined")
}
