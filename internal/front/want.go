package front

import (
	"net/netip"

	"pong/internal/rooms"
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
	Host           // play against a friend on a server in this process
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
	Address string // what was typed, or a join link. Empty for a Host.
	Own     bool   // the server runs in this process, for this match
	Name    string // as others see it
	Room    string // the code of the room of a Friend, or of the match to Watch. If empty, none.
	Level   string // with Practice
	Match   string // the name of the match to Watch. If empty, any match, or the next one that begins.
}

// In returns the Want in a room, in which a person plays unless it is to be watched.
func (w Want) In(room string) Want {
	if w.Room, w.Match = room, ""; w.Kind == Undecided || w.Kind == Quick {
		w.Kind = Friend
	}
	return w
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

// Invite returns the command with which a friend joins a room of the server at an address, and a remark about it if one
// is needed. The command has a join link, so that it can be pasted where pong asks for an address, too. The link names
// the identity of the server, a fingerprint, if it is known.
func Invite(address, identity, room string) (command, remark string) {
	link, err := linkTo(address, identity, room)
	if err != nil {
		return trust.Command("pong", "play", address, "--room", room), ""
	}
	host := link.Host()
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		remark = "On another computer, replace " + host + " by the address of this one."
	}
	return trust.Command("pong", "play", link.String()), remark
}

// InvitePage returns the address of the page on which a friend joins a room, as Invite does. It is empty if there is no
// such address.
func InvitePage(address, identity, room string) string {
	link, err := linkTo(address, identity, room)
	if err != nil {
		return ""
	}
	return link.Page()
}

// linkTo returns the join link of a room.
func linkTo(address, identity, room string) (trust.JoinLink, error) {
	link, err := trust.ParseAddress(address, trust.DefaultPort)
	if err != nil {
		return link, err
	}
	if key, err := trust.ParseFingerprint(identity); err == nil {
		link.Key, link.HasKey = key, true
	}
	link = link.WithoutRoom() // a ticket is the person's own
	link.Room = room
	return link, nil
}

// guessableNotice is the sentence about a code that strangers may find.
const guessableNotice = "Strangers can guess a code as short as this one, but none that pong makes."

// GuessableNotice returns the sentence about a room code that strangers may find, and an empty string for others.
func GuessableNotice(room string) string {
	if rooms.Guessable(room) {
		return guessableNotice
	}
	return ""
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
