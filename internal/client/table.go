package client

import (
	"fmt"

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
}

func newTable(w wire.Message) table {
	return table{me: w.PlayerID - 1, match: showable(w.Match), points: w.Points, control: true}
}

// Control takes a line of the control channel.
func (s *Session) Control(m wire.Message) {
	s.table.take(m)
	s.me = s.table.me // a player who waits may be moved to another seat
}

// ControlClosed says that the control channel has ended; the game goes on as long as datagrams come.
func (s *Session) ControlClosed() { s.table.control = false }

func (t *table) take(m wire.Message) {
	switch m.Type {
	case wire.Presence:
		if i := m.PlayerID - 1; i == 0 || i == 1 {
			t.names[i], t.presence[i] = showable(m.Name), presenceOf(m.Status)
			if t.presence[i] == Left {
				t.started, t.rematch = false, [2]bool{}
			}
			if i != t.me && t.presence[i] == Joined {
				t.newGame()
			}
		}
	case wire.Seat:
		if m.PlayerID == 1 || m.PlayerID == 2 {
			*t = table{me: m.PlayerID - 1, match: showable(m.Match), points: t.points, control: t.control, closed: t.closed, why: t.why}
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
	case wire.Error:
		t.close(sentence(m.Message))
	}
}

// showable is a name as it is drawn: a server that is not ours may call players anything.
func showable(name string) string {
	if wire.CheckName(name) != nil {
		return "?"
	}
	return name
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
func (t *table) other() string {
	if n := t.names[1-t.me]; n != "" {
		return n
	}
	return "the other player"
}

// result is the sentence about a game that has ended.
func (t *table) result() string {
	s := "You lose."
	if t.end.Winner == t.me+1 {
		s = "You win!"
	}
	if t.end.Message != "" {
		s = fmt.Sprintf("%s %s", t.end.Message, s)
	}
	return s
}
