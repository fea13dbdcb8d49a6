package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// The times of a Standing.
const (
	silentAfter    = 5 * time.Second        // the server pauses the match
	namesWithin    = 500 * time.Millisecond // after a STATE, the lines with the names of its players must arrive
	wishAgainAfter = 3 * time.Second        // if no STATE confirms a wish for another game, it is repeated
)

// takeStanding takes the Standing of a STATE that is newer than all before. It decides which seat is ours, who is there
// and who asks for another game, whichever lines have arrived.
func (c *controlState) takeStanding(now time.Time, is wire.Standing) {
	if !c.watching && is.Player > 0 {
		c.me = int(is.Player) - 1
	}
	for i, seat := range is.Seats {
		if c.presence[i] == Left && seat != wire.SeatFree && is.Lineup != c.lineup {
			c.names[i] = "" // the name of another player; the line with the new one has not arrived
		}
		c.setPresence(now, i, presences[seat])
	}
	c.standing, c.hasStanding, c.rematch = is, true, is.Rematch
	if c.end != nil && c.isPast(c.end) {
		c.end = nil
	}
	switch {
	case is.Lineup == c.lineup:
		c.strangers = time.Time{}
	case c.strangers.IsZero():
		c.strangers = now
	}
}

// presences are the states of a seat by those of a STATE.
var presences = [...]Presence{
	wire.SeatFree: Absent, wire.SeatJoined: Joined, wire.SeatOnline: Online, wire.SeatHidden: Hidden,
	wire.SeatSilent: Silent,
}

// isPast reports whether the game of an END was followed by another one, or by players who wait for one. An END comes
// another way than STATEs: those of its game may arrive after it, or may all be lost.
func (c *controlState) isPast(end *wire.Message) bool {
	is := &c.standing
	if !c.hasStanding || is.Lineup == uint8(end.Lineup) && !follows(int(is.Game), end.Game) {
		return false
	}
	return is.Game > 0 || !c.isFree()
}

// follows reports whether a game of a lineup is a later one than another. 1 follows wire.MaxGame.
func follows(game, other int) bool {
	later := (game - other + wire.MaxGame) % wire.MaxGame
	return game > 0 && later > 0 && later <= wire.MaxGame/2
}

// isFree reports whether the seat of a player is free.
func (c *controlState) isFree() bool {
	return c.standing.Seats[0] == wire.SeatFree || c.standing.Seats[1] == wire.SeatFree
}

// unnamed reports whether there are players whose names should have arrived by now.
func (c *controlState) unnamed(now time.Time) bool {
	return !c.strangers.IsZero() && now.Sub(c.strangers) > namesWithin
}

// A wish is that of this player for another game.
type wish struct {
	lineup, game uint8 // after which game; 0: there is no wish
	again        time.Time
	next         bool // for a game with the next player, as the other has left
}

// AskRematch has the player ask for another game, until the server knows it or the game is not the newest any more.
func (s *Session) AskRematch() {
	switch c := &s.control; {
	case c.watching || !c.hasStanding:
	case s.simulation.newest.Phase == game.Over:
		c.wish = wish{lineup: c.standing.Lineup, game: c.standing.Game}
	case c.isFree():
		c.wish = wish{next: true}
	}
}

// RematchDue returns the line that asks for another game, if it is to be sent now. A STATE confirms it.
func (s *Session) RematchDue(now time.Time) (line wire.Message, due bool) {
	c := &s.control
	if c.wish.next { // not repeated: without it the next game begins some seconds later
		c.wish = wish{}
		return wire.Message{Type: wire.Rematch}, true
	}
	if !c.wishes() || c.rematch[c.me] || !c.open || now.Before(c.wish.again) {
		return line, false
	}
	c.wish.again = now.Add(wishAgainAfter)
	return wire.Message{Type: wire.Rematch, Game: int(c.wish.game)}, true
}

// wishes reports whether the player asks for another game after the newest one.
func (c *controlState) wishes() bool {
	return c.wish.game != 0 && c.wish.game == c.standing.Game && c.wish.lineup == c.standing.Lineup
}

// Continue has a session of the same seat go on as another one was: with its settings and the wish for another game.
func (s *Session) Continue(from *Session) {
	s.SetSettings(from.settings)
	s.shadows = nil
	for _, sh := range from.shadows {
		s.AddShadow(sh.settings)
	}
	s.control.wish = from.control.wish
	s.control.wish.again = time.Time{}
}
