package front

import (
	"context"
	"strings"

	"pong/internal/client"
)

// A Hosted is a server in this process for one match, which the person at this screen plays with a friend.
type Hosted struct {
	Address string   // with which the person joins it
	Room    string   // the code of its room
	Link    string   // the join link for the friend
	QR      [][]bool // the modules of a QR code for a device in this network, row by row; may be nil
	Ports   Ports    // that a router has to pass on
	Close   func()   // ends the server

	// Reach returns where the link works, as far as that is known, and the link for that, if it is another one than
	// Link. If nil, nothing is known.
	Reach func() (Reach, string)

	// AskRouter asks the router of this network to pass the ports on until Close, because the person wants that. If
	// nil, there is nothing to ask it. The flow calls it once.
	AskRouter func()

	Machine string // the address of this machine to which a router has to pass the ports on; empty if it has none

	Fingerprint string // of the server's identity, in groups
}

// Ports are the ports of a server that must be reached from outside.
type Ports struct{ Control, Game int }

// A Reach is where the link of a host works.
type Reach uint8

// The values.
const (
	ReachUnchecked Reach = iota
	ReachChecking        // another server is being asked
	ReachOpen            // outside of this network, too
	ReachNoTCP           // another server did not reach the control port
	ReachNoUDP           // or the game port
	ReachInside          // the other server is in this network
	ReachFailed          // the other server could not be asked, or did not answer
	ReachAsking          // the router is being asked to pass the ports on
	ReachMapped          // it passes them on; no other server has been asked
	ReachShared          // it has no public address of its own
	ReachTaken           // it passes one of them on to another machine
	ReachClosed          // it does not pass them on
)

// hosting is the session of a person who hosts a match. The server ends with it.
type hosting struct {
	Session
	server *Hosted
}

func (h hosting) Close() error {
	defer h.server.Close()
	return h.Session.Close()
}

// hostMatch starts a server in this process and joins it.
func (f *Flow) hostMatch(ctx context.Context, want Want, ask Ask) outcome {
	server, err := f.cfg.Host(ctx, want)
	if err != nil {
		return outcome{err: err}
	}
	want.Kind, want.Own, want.Address, want.Room = Friend, true, server.Address, server.Room
	s, err := f.cfg.Dial(ctx, want, ask)
	if err != nil {
		server.Close()
		return outcome{err: err}
	}
	return outcome{session: hosting{s, server}}
}

// hosted returns the server of the match that the person hosts, or nil.
func (f *Flow) hosted() *Hosted {
	if h, ok := f.session.(hosting); ok {
		return h.server
	}
	return nil
}

// hostingCard shows the link for the friend.
func (f *Flow) hostingCard(c *Card, server *Hosted) {
	c.Title = "Waiting for your friend"
	notice := otherNotice
	if f.frame.Presence[1-f.frame.Me&1] == client.Left {
		notice = Notice // it names the player who has left
	}
	c.say(notice(&f.frame), Plain)
	if f.noLink {
		c.say("A friend in your network can choose "+NameOf(&f.frame, f.frame.Me&1)+" in the list, and type:", Faint)
		c.say(server.Room, Large)
		if half := len(server.Fingerprint) / 2; half > 0 {
			c.say("The friend is asked whether this is the server. It is, if the fingerprint is:", Faint)
			c.say(server.Fingerprint[:half], Literal)
			c.say(strings.TrimPrefix(server.Fingerprint[half:], ":"), Literal)
		}
		c.Choices = []Choice{choice("The link", Back|Again, func(f *Flow) { f.noLink = false })}
		return
	}
	reach, link := ReachUnchecked, ""
	if server.Reach != nil {
		reach, link = server.Reach()
	}
	if link == "" {
		link = server.Link
	}
	c.say("Send this link to your friend, and to nobody else:", Faint)
	c.say(link, Literal)
	c.say(reachNotice(reach, server), Faint)
	if c.QR = server.QR; c.QR != nil {
		c.say("The QR code opens the game in the browser of a device in your network. The browser warns once, because "+
			"no authority vouches for your computer: choose Advanced, then Proceed.", Faint)
	}
	c.say(f.copied, Faint)
	if server.AskRouter != nil {
		c.Choices = append(c.Choices, choice("Ask the router", Yes, func(*Flow) {
			server.AskRouter()
			server.AskRouter = nil
		}))
	}
	c.Choices = append(c.Choices,
		choice("Without link", Again, func(f *Flow) { f.noLink = true }),
		choice("Copy the link", Copy, func(f *Flow) { f.copying, f.copyWhat = link, "link" }))
}
