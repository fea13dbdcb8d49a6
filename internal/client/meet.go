package client

import "pong/internal/wire"

// meets reports whether the player has met another one in a room of a server that lets players accept and refuse each
// other, and their match has not begun.
func (c *controlState) meets() bool {
	return !c.watching && c.room != "" && c.opened != [2]bool{} && c.open && c.hasStanding && c.standing.Game == 0
}

// Accept has the player accept the other one in a room. It returns the line to send, once for each other player.
func (s *Session) Accept() (line wire.Message, due bool) {
	c := &s.control
	if !c.meets() || c.accepted == c.lineup {
		return line, false
	}
	c.accepted = c.lineup
	return wire.Message{Type: wire.Accept}, true
}

// Refuse returns the line that sends away the other player from a room that this player has opened.
func (s *Session) Refuse() (line wire.Message, due bool) {
	if c := &s.control; !c.meets() || !c.opened[c.me] {
		return line, false
	}
	return wire.Message{Type: wire.Refuse}, true
}
