package client

import (
	"time"

	"pong/internal/names"
	"pong/internal/wire"
)

// Presence is how the server sees a seat.
type Presence uint8

// The states of a seat.
const (
	Absent Presence = iota // free
	Joined                 // joined over TLS; the game channel does not work yet
	Online                 // the game channel works in both directions
	Hidden                 // likewise, but no frames of the player's screen are drawn
	Silent                 // it has not worked for a while; the seat is kept
	Left                   // gone for good
)

func presenceOf(status string) Presence {
	switch status {
	case wire.StatusJoined:
		return Joined
	case wire.StatusOnline:
		return Online
	case wire.StatusHidden:
		return Hidden
	case wire.StatusSilent:
		return Silent
	case wire.StatusLeft:
		return Left
	}
	return Absent
}

// A controlState is what the control channel has delivered: names, results, and the end of the server. Its lines may be
// late or missing, so that where the match stands follows from the Standing of STATEs as soon as there is one.
type controlState struct {
	watching bool
	me       int
	match    string
	room     string
	points   int
	fairness wire.Fairness

	names      [2]string
	lineup     uint8 // to which names belong
	presence   [2]Presence
	opened     [2]bool      // who has opened the room, if the server says so
	accepted   uint8        // the lineup whose other player this one has accepted, 0 for none
	complete   time.Time    // since when both players are online; zero if they are not
	until      [2]time.Time // when the seat of a silent player is freed
	unreceived time.Time    // since when our game channel does not work, as the server says; zero if it does

	end     *wire.Message // the result, until the next game
	rematch [2]bool

	standing    wire.Standing // of the newest STATE
	hasStanding bool          // a STATE has arrived
	strangers   time.Time     // since when names are not those of the standing; zero if they are
	wish        wish          // for another game

	ready      bool      // the match begins when both players accept each other, and not before
	open       bool      // the control channel
	silent     bool      // it does not answer PINGs
	lost       time.Time // when it was closed or found silent; zero if it works
	superseded bool      // another connection to the same seat has joined since
	replaced   bool      // the server has changed over to that connection
	announced  bool      // the server has said that it will shut down
	shutdown   bool      // it does so now, perhaps to restart
	closed     bool      // the session has ended
	why        ending
}

// An ending is why a session has ended.
type ending struct {
	reason        Reason
	code, message string // of the server's ERROR
	err           error
}

func newControlState(w wire.WelcomeFields) controlState {
	return controlState{
		watching: w.Watcher, me: w.Player, match: names.Display(w.Match), room: w.Room, points: int(w.Rules.Points),
		ready: w.Ready, fairness: w.Fairness, open: true,
	}
}

// Control takes a line of the control channel.
func (s *Session) Control(m wire.Message) {
	now := s.health.lastUpdate
	if now.IsZero() {
		now = s.health.born
	}
	s.control.take(now, m)
}

// ControlClosed notes that the control channel has ended. The game goes on as long as datagrams arrive.
func (s *Session) ControlClosed() {
	s.control.open = false
	s.control.noteLost(s.health.lastUpdate)
}

// NoteControlSilent notes whether the server answers PINGs on the control channel.
func (s *Session) NoteControlSilent(now time.Time, silent bool) {
	c := &s.control
	if c.silent = silent && s.health.awake(now); c.silent || !c.open {
		c.noteLost(now)
		return
	}
	c.lost = time.Time{}
}

// noteLost notes when the control channel was lost first.
func (c *controlState) noteLost(now time.Time) {
	if c.lost.IsZero() {
		c.lost = now
	}
}

// controlLost reports whether the control channel has not worked for so long that the screen shows it.
func (c *controlState) controlLost(now time.Time) bool {
	return !c.lost.IsZero() && now.Sub(c.lost) > controlLostAfter
}

// take takes a line that has arrived by now.
func (c *controlState) take(now time.Time, m wire.Message) {
	player := m.PlayerID - 1
	known := player == 0 || player == 1
	switch m.Type {
	case wire.Presence:
		if known {
			c.takePresence(now, player, m)
		}
	case wire.Seat:
		if known {
			c.move(player, m.Match)
		}
	case wire.Start:
		c.end = nil
	case wire.End:
		if !c.isPast(&m) {
			c.end = &m
		}
	case wire.Closing:
		c.announced = true
	case wire.Error:
		if m.Code == wire.CodeClosing {
			c.shutdown = true
			return
		}
		if m.Code == wire.CodeSeat && c.superseded {
			c.open, c.replaced = false, true
			return
		}
		c.close(ending{reason: ReasonRefused, code: m.Code, message: bounded(m.Message)})
	}
}

// takePresence takes how the server sees a player.
func (c *controlState) takePresence(now time.Time, player int, m wire.Message) {
	c.names[player], c.lineup = names.Display(m.Name), uint8(m.Lineup)
	c.opened[player] = m.Opened == 1 && m.Status != wire.StatusLeft
	c.until[player] = now.Add(time.Duration(min(max(m.Seconds, 0), 3600)) * time.Second)
	if !c.hasStanding {
		c.setPresence(now, player, presenceOf(m.Status))
	}
}

// setPresence takes how the server sees a player, if that has changed.
func (c *controlState) setPresence(now time.Time, player int, is Presence) {
	was := c.presence[player]
	if is == Absent && was != Absent {
		is = Left // it is free again
	}
	if is == was {
		return
	}
	c.presence[player] = is
	switch both := c.presence == [2]Presence{Online, Online}; {
	case !both:
		c.complete = time.Time{}
	case c.complete.IsZero():
		c.complete = now
	}
	if is == Silent && c.until[player].Before(now) { // the line with the time has not arrived
		c.until[player] = now.Add(goneAfter - silentAfter)
	}
	if player == c.me && !c.watching {
		c.unreceived = time.Time{}
		if is == Silent {
			c.unreceived = now
		}
	}
}

// move takes another seat, perhaps in another match, to which the server moves a player who waits. It forgets the
// players of the former match.
func (c *controlState) move(player int, match string) {
	c.me, c.match = player, names.Display(match)
	c.names, c.presence, c.until = [2]string{}, [2]Presence{}, [2]time.Time{}
	c.unreceived, c.complete, c.end, c.rematch = time.Time{}, time.Time{}, nil, [2]bool{}
}

// close ends the session. The first reason stays.
func (c *controlState) close(why ending) {
	if !c.closed {
		c.closed, c.why = true, why
	}
}

// playerID returns the player_id of REGISTER.
func (c *controlState) playerID() uint8 {
	if c.watching {
		return 0
	}
	return uint8(c.me + 1)
}

// maxMessage is how many characters of a server's message are kept.
const maxMessage = 200

// bounded cuts a server's message to what fits on a screen. ParseLine has checked that it can be printed.
func bounded(message string) string {
	if r := []rune(message); len(r) > maxMessage {
		return string(r[:maxMessage]) + "..."
	}
	return message
}
