package client

import (
	"time"

	"strings"
	"testing"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestTable_FollowsTheServersLines(t *testing.T) {
	presence := func(player int, name, status string) wire.Message {
		return wire.Message{Type: wire.Presence, PlayerID: player, Name: name, Status: status}
	}
	var table table
	take := func(lines ...wire.Message) {
		table = newTable(wire.WelcomeFields{Player: 0, Match: "m1", Rules: game.DefaultRules()})
		for _, m := range lines {
			table.take(time.Time{}, m)
		}
	}
	end := wire.Message{Type: wire.End, Winner: 1, Score1: 11, Score2: 3}
	for _, c := range []struct {
		what  string
		lines []wire.Message
		is    func() bool
	}{
		{"nobody", nil, func() bool { return table.presence == [2]Presence{} && table.control && !table.closed }},
		{"both online", []wire.Message{presence(1, "me", "online"), presence(2, "Anna", "online")},
			func() bool { return table.presence == [2]Presence{Online, Online} && table.names[1] == "Anna" }},
		{"a status nobody knows", []wire.Message{presence(2, "Anna", "asleep")}, func() bool { return table.presence[1] == Absent }},
		{"a player who cannot be", []wire.Message{presence(0, "x", "online"), presence(3, "x", "online"), presence(-1, "x", "online")},
			func() bool { return table.names == [2]string{} }},
		{"a name that deceives", []wire.Message{presence(2, "\u202eannA", "online")}, func() bool { return table.names[1] == "?" }},
		{"a result", []wire.Message{end}, func() bool { return table.end != nil && table.end.Score1 == 11 }},
		{"a result and words", []wire.Message{end, {Type: wire.Rematch, PlayerID: 2}, {Type: wire.Rematch, PlayerID: 9}},
			func() bool { return table.rematch == [2]bool{false, true} }},
		{"the next game", []wire.Message{end, {Type: wire.Rematch, PlayerID: 2}, {Type: wire.Start}},
			func() bool { return table.end == nil && table.rematch == [2]bool{} && table.started }},
		{"who wants a rematch leaves", []wire.Message{end, {Type: wire.Rematch, PlayerID: 2}, presence(2, "Anna", "left")},
			func() bool { return table.end != nil && table.rematch == [2]bool{} && table.presence[1] == Left }},
		{"somebody new", []wire.Message{end, presence(2, "Anna", "left"), presence(2, "Bert", "joined")},
			func() bool { return table.end == nil && table.names[1] == "Bert" }},
		{"two errors", []wire.Message{{Type: wire.Error, Message: "first"}, {Type: wire.Error, Message: "second"}},
			func() bool { return table.closed && table.why == ending{reason: ReasonRefused, message: "first"} }},
		{"a long story", []wire.Message{{Type: wire.Error, Message: strings.Repeat("ä", 1000)}},
			func() bool { return len([]rune(table.why.message)) <= maxMessage+3 }},
	} {
		if take(c.lines...); !c.is() {
			t.Errorf("%s: the table is %+v", c.what, table)
		}
	}
}

// TestTable_SeatKeepsAllButTheFormerPlayers moves a player who has a room, a server's notice and tries behind it.
func TestTable_SeatKeepsAllButTheFormerPlayers(t *testing.T) {
	table := newTable(wire.WelcomeFields{Player: 0, Match: "m1", Room: "maple-42", Rules: game.DefaultRules()})
	table.fresh, table.attempt = true, 3
	for _, m := range []wire.Message{
		{Type: wire.Closing, Message: "The server ends."},
		{Type: wire.Presence, PlayerID: 1, Name: "me", Status: wire.StatusSilent, Seconds: 9},
		{Type: wire.Presence, PlayerID: 2, Name: "Anna", Status: wire.StatusOnline},
		{Type: wire.Start}, {Type: wire.End, Winner: 1}, {Type: wire.Rematch, PlayerID: 2},
		{Type: wire.Seat, PlayerID: 2, Match: "m7"},
	} {
		table.take(time.Unix(1, 0), m)
	}
	want := newTable(wire.WelcomeFields{Player: 1, Match: "m7", Room: "maple-42", Rules: game.DefaultRules()})
	want.fresh, want.attempt, want.announced = true, 3, true
	if table != want {
		t.Errorf("at another table\n%+v, want\n%+v", table, want)
	}
}
