package front

import (
	"pong/internal/trust"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFlow_EmptyAddressIsTheDefault(t *testing.T) {
	for _, standard := range []string{"", "lan.example"} {
		try(t, Config{Default: standard}, func(p *person) {
			want := standard
			if want == "" {
				want = "localhost"
			}
			if c := p.screen().Card; c.Field.Placeholder != want ||
				!strings.Contains(p.says(), "If you leave it empty: "+want+".") {
				t.Errorf("the default is %q, and the screen says %q and %s", want, c.Field.Placeholder, p.says())
			}
			p.press(Enter)
			p.press(Enter)
			p.dialled(Want{Kind: Quick, Address: want})
		})
	}
}

func TestFlow_AddressIsCheckedWhenItIsEntered(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.write("127.3.0.9:229127.3.0.1:22555")
		p.press(Enter)
		p.want(CardAddress)
		wrong := func() bool {
			return slices.ContainsFunc(p.screen().Card.Lines, func(l Line) bool {
				return l.Style == Wrong && strings.Contains(l.Text, "229127")
			})
		}
		if !wrong() {
			t.Errorf("an address that is none is not called so: %s", p.says())
		}
		if p.press(Erase); wrong() {
			t.Error("the problem stays when one goes on typing")
		}
		p.press(Clear)
		p.write("h")
		p.press(Enter)
		p.want(CardMenu)
	})
}

// TestFlow_LinkOfARoomLeadsIntoIt pastes the command that the waiting page shows.
func TestFlow_LinkOfARoomLeadsIntoIt(t *testing.T) {
	key := trust.Fingerprint{1, 2, 3}
	server := trust.JoinLink{Address: "192.168.1.20:5555", Key: key, HasKey: true}.String()
	command, _ := Invite("192.168.1.20", key.String(), "elk-elm-gem-gum")
	for wish, want := range map[Want]Want{
		{}:                         {Kind: Friend},
		{Kind: Watch}:              {Kind: Watch},
		{Kind: Watch, Match: "m7"}: {Kind: Watch},
	} {
		try(t, Config{Want: wish}, func(p *person) {
			p.write("Join me: " + command + ".")
			p.press(Enter)
			want.Address, want.Room = server, "elk-elm-gem-gum"
			p.dialled(want)
		})
	}
}

func TestFlow_WhatAServerPrintsCanBePasted(t *testing.T) {
	const link = "pong://192.168.1.20:5555/#k=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, text := range []string{
		"Join with: pong play '" + link + "'\n", "<" + link + ">.",
		link[:20] + "\r\n" + link[20:] + "\nWaiting for players",
		strings.Repeat("some words ", 100) + link, strings.Replace(link, "#", "%23", 1),
	} {
		try(t, Config{}, func(p *person) {
			p.write("local")
			p.atOnce(Input{Text: text})
			if got := p.screen().Card.Field.Text; got != link {
				t.Errorf("pasting %q gives %q", text, got)
			}
			p.press(Enter)
			p.want(CardMenu)
			if p.flow.want.Address != link {
				t.Errorf("after pasting %q the server is %q", text, p.flow.want.Address)
			}
		})
	}
}

func TestFlow_RubbishIsRefusedWhereItIsPasted(t *testing.T) {
	for text, want := range map[string]string{
		"Hello there,\nsee you at eight": "no spaces", "https://example.org/": "another kind of link",
		"pong://192.168.1.20:5555/#k=AAAA": "copy the whole link again", "10.0.0.1 or 10.0.0.2": "no spaces",
	} {
		try(t, Config{}, func(p *person) {
			p.atOnce(Input{Text: text})
			p.press(Enter)
			p.want(CardAddress)
			if !strings.Contains(p.says(), want) {
				t.Errorf("after %q and Enter the screen says %s; want %q", text, p.says(), want)
			}
		})
	}
}

// TestFlow_OfferedLinkWaitsForEnter: a page with a link must not make anybody join.
func TestFlow_OfferedLinkWaitsForEnter(t *testing.T) {
	link := trust.JoinLink{Address: "203.0.113.7:5555", Key: trust.Fingerprint{1}, HasKey: true}
	link.Room = "elk-elm-gem-gum"
	link = link.WithFurther([]string{"192.168.1.20:5555"})
	try(t, Config{Offered: link.String()}, func(p *person) {
		p.wait(time.Minute)
		p.want(CardAddress)
		if len(p.dials) > 0 || p.lists > 0 {
			t.Errorf("before Enter the flow has dialled %+v, and listed %d times", p.dials, p.lists)
		}
		if c := p.screen().Card; c.Field.Text != link.String() || !strings.Contains(p.says(),
			"Enter joins the server 203.0.113.7:5555, in the room elk-elm-gem-gum.") {
			t.Errorf("the line has %q, and the screen says %s", c.Field.Text, p.says())
		}
		p.press(Enter)
		p.dialled(Want{Kind: Friend, Address: link.WithoutRoom().String(), Room: link.Room})
	})
	try(t, Config{Offered: link.String()}, func(p *person) {
		p.press(Clear)
		if strings.Contains(p.says(), "has opened this link") {
			t.Errorf("the link is gone, and the screen says %s", p.says())
		}
		p.press(Back)
		p.want(CardQuitting)
	})
}
