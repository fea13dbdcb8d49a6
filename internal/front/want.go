package front

import (
	"net/netip"

	"pong/internal/trust"
)

// A Kind is what a person wants to do at a server.
type Kind uint8

// The kinds. The zero value means that the person has not chosen yet.
const (
	Undecided Kind = iota
	Quick          // play against the next player who joins
	Friend         // play against the player who names the same room
	Practice       // play against a bot
	Watch          // watch a match
)

// The levels of the bot for practice, as its package and the command line name them.
const (
	Easy   = "easy"
	Normal = "normal"
	Hard   = "hard"
)

// A Want is everything that is needed to join a server: its address, and what the person wants there.
type Want struct {
	Kind    Kind
	Address string // what was typed, or a join link
	Name    string // as others see it
	Room    string // the code of the room of a Friend, or of the match to Watch. If empty, none.
	Level   string // with Practice
	Match   string // the name of the match to Watch. If empty, any match, or the next one that begins.
}

// Wait returns a sentence if joining may have to wait for something to begin, and an empty string otherwise.
func (w Want) Wait() string {
	switch {
	case w.Kind != Watch || w.Match != "":
		return ""
	case w.Room != "":
		return "Waiting for a match to begin in the room " + w.Room + "."
	}
	return "Waiting for a match to begin."
}

// Invite returns the command with which a friend joins a room, and a remark about it if one is needed.
func Invite(address, room string) (command, remark string) {
	if link, err := trust.ParseAddress(address, trust.DefaultPort); err == nil {
		host := link.Host()
		if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
			remark = "On another computer, replace " + host + " by the address of this one."
		}
	}
	return trust.Command("pong", "play", address, "--room", room), remark
}

// ForgetCommand returns the command with which a person forgets the server at an address.
func ForgetCommand(address string) string { return trust.Command("pong", "trust", "forget", address) }

// Server returns the host and port in an address, without the key that a join link has.
func Server(address string) string {
	link, err := trust.ParseAddress(address, trust.DefaultPort)
	if err != nil {
		return address
	}
	return link.Address
}
