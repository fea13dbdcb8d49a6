package front

import (
	"net/netip"
	"strings"

	"pong/internal/trust"
)

// Kind is the sort of thing that a person wants.
type Kind uint8

// The kinds. The zero value stands for a person who has not said yet.
const (
	Undecided Kind = iota
	Quick          // to play against the next player who comes
	Friend         // to play against whoever names the same room
	Practice       // to play against a bot
	Watch          // to look on
)

// The levels of the bot that one practises against, as its package and the command line name them.
const (
	Easy   = "easy"
	Normal = "normal"
	Hard   = "hard"
)

// A Want says what a person wants of which server: all that it takes to join.
type Want struct {
	Kind    Kind
	Address string // what was typed, or a join link
	Name    string // as others see it
	Room    string // with Friend the code to meet by, with Watch that of the match. If empty, none.
	Level   string // with Practice
	Match   string // with Watch the name of the match. If empty, any, and the next one if there is none.
}

// Wait is what may have to be waited for until there is something to show, in a sentence, or empty.
func (w Want) Wait() string {
	switch {
	case w.Kind != Watch || w.Match != "":
		return ""
	case w.Room != "":
		return "Waiting for a match to begin in the room " + w.Room + "."
	}
	return "Waiting for a match to begin."
}

// Invite is the command with which a friend comes into a room, and what must be known about it; that may be empty.
func Invite(address, room string) (command, remark string) {
	if link, err := trust.ParseAddress(address, trust.DefaultPort); err == nil {
		host := link.Host()
		if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
			remark = "On another computer, put this one's address in the place of " + host + "."
		}
	}
	if strings.ContainsAny(address, "#[]?*&=%") { // to a shell these mean something else
		address = "'" + address + "'"
	}
	return "pong play " + address + " --room " + room, remark
}

// Server is what a server at an address is called: its host and port, without the key that a link has.
func Server(address string) string {
	link, err := trust.ParseAddress(address, trust.DefaultPort)
	if err != nil {
		return address
	}
	return link.Address
}
