package client

import (
	"fmt"
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
	why      string

	watching bool
	room     string
	until    [2]time.Time // when the seat of a player who is silent is freed
	unheard  time.Time    // since when the server hears nothing from us; zero if it does
	notice   string       // that the server will end, and how
	closing  bool         // it has ended, perhaps to start again
	fresh    bool         // this is not the seat that there was before
	tries    int          // to redial
}

func newTable(w wire.Message) table {
	return table{
		me: max(w.PlayerID-1, 0), match: wire.DisplayName(w.Match), room: w.Room, points: w.Points, control: true,
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
		m.Message = sentence(m.Message)
		t.end = &m
	case wire.Closing:
		t.notice = sentence(m.Message)
	case wire.Error:
		if m.Code == wire.CodeClosing {
			t.closing = true
			return
		}
		t.close(sentence(m.Message))
	}
}

// longestSentence is how many characters of a server's words are shown.
const longestSentence = 200

// sentence cuts a server's words to what a screen has room for. That they can be printed, ParseLine has checked.
func sentence(words string) string {
	if r := []rune(words); len(r) > longestSentence {
		return string(r[:longestSentence]) + "..."
	}
	return words
}

// newGame forgets the result of the last one.
func (t *table) newGame() { t.end, t.rematch = nil, [2]bool{} }

func (t *table) close(why string) {
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

// other is the name of the other player for a sentence.
func (t *table) other() string { return t.name(1 - t.me) }

// name is the name of a player for a sentence.
func (t *table) name(player int) string {
	switch n := t.names[player]; {
	case n != "":
		return n
	case t.watching:
		return [...]string{"the left player", "the right player"}[player]
	}
	return "the other player"
}

// away is a player other than oneself of whom nothing is heard, or -1.
func (t *table) away() int {
	for i := range t.presence {
		if t.presence[i] == Silent && (i != t.me || t.watching) {
			return i
		}
	}
	return -1
}

// result is the sentence about a game that has ended.
func (t *table) result() string {
	s := "You lose."
	switch winner := t.end.Winner; {
	case t.watching && (winner == 1 || winner == 2):
		s = t.name(winner-1) + " wins."
	case winner == t.me+1:
		s = "You win!"
	}
	if t.end.Message != "" {
		s = fmt.Sprintf("%s %s", t.end.Message, s)
	}
	return s
}
