package main

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/trust"
	"pong/internal/web/webdial"
)

// A friend joins the match of a host in a browser, by the link with another scheme.
func TestHost_FriendPlaysInABrowser(t *testing.T) {
	h, err := testHost(t).start(t.Context(), front.Want{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	link, err := trust.ParseJoinLink(h.Link)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	answer, err := browser.Get(strings.SplitN(link.Page(), "#", 2)[0])
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	browser.CloseIdleConnections()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the page has the status %d, want 200", answer.StatusCode)
	}
	mine := joinLinked(t, trust.JoinLink{
		Address: link.Address, Key: link.Key, HasKey: true, Room: link.Room,
	}.String(), "Ann")
	c, err := dial.Dial(t.Context(), dial.Config{
		Address: h.Link, Room: link.Room, Name: "Ben", Transport: webdial.Transport{},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	friend := framed{c}
	mine.until(t, "the friend has come", canAnswer, friend)
	friend.until(t, "the friend can answer", canAnswer, mine)
	mine.Accept()
	friend.Accept()
	friend.until(t, "the match begins", isAt(client.StagePlaying), mine)
}

// Without the page the control port is for players alone.
func TestServe_NoWeb(t *testing.T) {
	f := serveFlags{noWeb: true}
	if got := f.webProtocols(); got != nil {
		t.Errorf("with --no-web the control port offers %q to browsers, want nothing", got)
	}
	s := serving{flags: &f}
	if s.openPage(); s.page != nil || s.cfg.Web != nil {
		t.Error("with --no-web there is a page, want none")
	}
}
