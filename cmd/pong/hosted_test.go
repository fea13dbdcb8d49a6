package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/trust"
)

// testHost returns a host on free ports of 127.0.0.1.
func testHost(t *testing.T) *host {
	t.Helper()
	return &host{listen: "127.0.0.1", rules: game.DefaultRules(), certs: t.TempDir()}
}

// A framed client draws frames until something has happened.
type framed struct{ *dial.Client }

func (c framed) until(t *testing.T, what string, happened func(client.Frame) bool, others ...framed) client.Frame {
	t.Helper()
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	for end := time.After(30 * time.Second); ; {
		select {
		case now := <-frames.C:
			for _, o := range append(others, c) {
				o.Update(now, game.None)
				if o != c {
					_ = o.Frame(now)
				}
			}
			if v := c.Frame(now); happened(v) {
				return v
			}
		case <-end:
			v := c.Frame(time.Now())
			t.Fatalf("not within 30 s: %s; stage %v, reason %v, code %q", what, v.Stage, v.Reason, v.Code)
		}
	}
}

// canAnswer reports whether the person is asked whether the other player is the friend: before that no answer is sent.
func canAnswer(v client.Frame) bool { return v.Reason == client.ReasonNotStarted && v.Opened[0] }

func isAt(s client.Stage) func(client.Frame) bool {
	return func(v client.Frame) bool { return v.Stage == s }
}

// join joins as a player with a link.
func joinLinked(t *testing.T, link, name string) framed {
	t.Helper()
	l, err := trust.ParseJoinLink(link)
	if err != nil {
		t.Fatal(err)
	}
	c, err := dial.Dial(t.Context(), dial.Config{Address: link, Room: l.Room, Name: name})
	if err != nil {
		t.Fatalf("%s joins with %s: %v", name, link, err)
	}
	t.Cleanup(func() { c.Close() })
	return framed{c}
}

// TestHost_MatchOfTwo: the friend joins by the link, the match begins when both are ready, and at its end the friend
// learns that the host has ended it.
func TestHost_MatchOfTwo(t *testing.T) {
	t.Parallel()
	began := time.Now()
	h, err := testHost(t).start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a link after %v", time.Since(began).Round(time.Millisecond))
	ended := false
	defer func() {
		if !ended {
			h.Close()
		}
	}()
	if !strings.HasSuffix(h.Link, "&r="+h.Room) || len(h.QR) == 0 || h.Ports.Control == 0 {
		t.Errorf("hosted: %+v, want a link with the room, a QR code and the ports", h)
	}
	own := joinLinked(t, h.Address+"&r="+h.Room, "Ann")
	friend := joinLinked(t, h.Link, "Ben")
	v := own.until(t, "the friend has come", func(v client.Frame) bool {
		return v.Reason == client.ReasonNotStarted && v.Names[1] == "Ben"
	}, friend)
	if !v.Ready || !v.Opened[0] {
		t.Errorf("the match waits for both: %v, and the host has opened the room: %v; want both", v.Ready, v.Opened)
	}
	friend.until(t, "the friend can answer", canAnswer, own)
	own.Accept()
	friend.Accept()
	friend.until(t, "the match begins", isAt(client.StagePlaying), own)
	ended = true
	h.Close()
	if v := friend.until(t, "the session ends", isAt(client.StageClosed)); v.Code != "ended" {
		t.Errorf("the friend's session ends with the code %q, want ended", v.Code)
	}
}

// TestHost_KilledProcessIsContinued starts a host where one was killed: the room, its link and the score stay.
func TestHost_KilledProcessIsContinued(t *testing.T) {
	t.Parallel()
	cfg := testHost(t)
	cfg.auto = true
	first, err := cfg.start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	own := joinLinked(t, first.Address+"&r="+first.Room, "Ann")
	friend := joinLinked(t, first.Link, "Ben")
	own.Accept()
	friend.Accept()
	own.until(t, "the match begins", isAt(client.StagePlaying), friend)
	cfg.ports = ports{first.Ports.Control, first.Ports.Game}
	var files map[string][]byte
	own.until(t, "the match is kept", func(client.Frame) bool {
		files = map[string][]byte{}
		found, _ := filepath.Glob(filepath.Join(cfg.certs, "hosted-*"))
		for _, path := range found {
			files[path], _ = os.ReadFile(path)
		}
		for path, content := range files {
			if strings.Contains(string(content), first.Room) {
				return path != ""
			}
		}
		return false
	}, friend)
	first.Close()
	if left, _ := filepath.Glob(filepath.Join(cfg.certs, "hosted-*")); len(left) > 0 {
		t.Errorf("a host that has ended leaves %v", left)
	}
	for path, content := range files { // as after kill -9
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second, err := cfg.start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if second.Link != first.Link || second.Room != first.Room {
		t.Errorf("after a kill the link is %s, want %s", second.Link, first.Link)
	}
	third, err := cfg.open("another-room")
	if err == nil { // its ports are in use, and free ones are used
		if third.room != "another-room" || len(third.saved) > 0 {
			t.Errorf("for a room that was named: %q with %d matches, want that room and none", third.room,
				len(third.saved))
		}
		third.control.Close()
		third.sockets[0].Close()
		third.forget()
	}
}

// The flags of pong serve that pong host does not have must have values that pass.
func TestHost_DefaultsOfItsServerPass(t *testing.T) {
	if _, err := newHostFlags().host(newHost()); err != nil {
		t.Errorf("pong host without flags: %v", err)
	}
}
