package client

import (
	"time"

	"pong/internal/wire"
)

// table is what the control channel has told: who sits where and how the game stands between people. All of it is for
// showing; what counts comes over the game channel.
type table struct {
	me       int
	match    string
	points   int
	names    [2]string
	presence [2]Presence
	started  bool
	rematch  [2]bool
	end      *wire.Message // the result, until the next game
	control  bool          // the control channel is open
	closed   bool
	why      ending

	watching  bool
	room      string
	until     [2]time.Time // when the seat of a player who is silent is freed
	unheard   time.Time    // since when the server hears nothing from us; zero if it does
	announced bool         // the server has said that it will shut down
	closing   bool         // it does so now, perhaps to start again
	fresh     bool         // this is not the seat that there was before
	attempt   int          // of redialling
}

// ending is why a session has ended.
type ending struct {
	reason        Reason
	code, message string // of the server's ERROR
	err           error
}

func newTable(w wire.WelcomeFields) table {
	return table{
		me: w.Player, watching: w.Watcher, match: wire.DisplayName(w.Match), room: w.Room, points: int(w.Rules.Points), control: true,
	}
}

// Control takes a line of the control channel.
func (s *Session) Control(m wire.Message) {
	now := s.lastUpdate
	if now.IsZero() {
		now = s.born
	}
	s.table.take(now, m)
	s.me = s.table.me // a player who waits may be moved to another seat
}

// ControlClosed says that the control channel has ended; the game goes on as long as datagrams come.
func (s *Session) ControlClosed() { s.table.control = false }

func (t *table) take(now time.Time, m wire.Message) {
	switch m.Type {
	case wire.Presence:
		if i := m.PlayerID - 1; i == 0 || i == 1 {
			t.names[i], t.presence[i] = wire.DisplayName(m.Name), presenceOf(m.Status)
			t.until[i] = now.Add(time.Duration(min(max(m.Seconds, 0), 3600)) * time.Second)
			if i == t.me && !t.watching {
				t.unheard = time.Time{}
				if t.presence[i] == Silent {
					t.unheard = now
				}
			}
			if t.presence[i] == Left {
				t.started, t.rematch = false, [2]bool{}
			}
			if i != t.me && t.presence[i] == Joined {
				t.newGame()
			}
		}
	case wire.Seat:
		if m.PlayerID == 1 || m.PlayerID == 2 {
			// What was known of the old seat and who sat across is forgotten, and nothing else.
			t.me, t.match = m.PlayerID-1, wire.DisplayName(m.Match)
			t.names, t.presence, t.until = [2]string{}, [2]Presence{}, [2]time.Time{}
			t.unheard, t.started = time.Time{}, false
			t.newGame()
		}
	case wire.Start:
		t.started = true
		t.newGame()
	case wire.Rematch:
		if i := m.PlayerID - 1; i == 0 || i == 1 {
			t.rematch[i] = true
		}
	case wire.End:
		t.end = &m
	case wire.Closing:
		t.announced = true
	case wire.Error:
		if m.Code == wire.CodeClosing {
			t.closing = true
			return
		}
		t.close(ending{reason: ReasonRefused, code: m.Code, message: bounded(m.Message)})
	}
}

// maxMessage is how many characters of a server's message are kept.
const maxMessage = 200

// bounded cuts a server's message to what a screen has room for. ParseLine has checked that it can be printed.
func bounded(message string) string {
	if r := []rune(message); len(r) > maxMessage {
		return string(r[:maxMessage]) + "..."
	}
	return message
}

// newGame forgets the result of the last one.
func (t *table) newGame() { t.end, t.rematch = nil, [2]bool{} }

// close ends the session, for the first reason that there is.
func (t *table) close(why ending) {
	if !t.closed {
		t.closed, t.why = true, why
	}
}

func presenceOf(status string) Presence {
	switch status {
	case wire.StatusJoined:
		return Joined
	case wire.StatusOnline:
		return Online
	case wire.StatusSilent:
		return Silent
	case wire.StatusLeft:
		return Left
	}
	return Absent
}
