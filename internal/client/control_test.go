package client

import (
	"strings"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestControl_FollowsTheServersLines(t *testing.T) {
	presence := func(player int, name, status string) wire.Message {
		return wire.Message{Type: wire.Presence, PlayerID: player, Name: name, Status: status}
	}
	var c controlState
	end := wire.Message{Type: wire.End, Winner: 1, Score1: 11, Score2: 3}
	for _, test := range []struct {
		name  string
		lines []wire.Message
		holds func() bool
	}{
		{"none", nil, func() bool { return c.presence == [2]Presence{} && c.open && !c.closed }},
		{"both online", []wire.Message{presence(1, "me", "online"), presence(2, "Anna", "online")},
			func() bool { return c.presence == [2]Presence{Online, Online} && c.names[1] == "Anna" }},
		{"an unknown status", []wire.Message{presence(2, "Anna", "asleep")},
			func() bool { return c.presence[1] == Absent }},
		{"impossible players",
			[]wire.Message{presence(0, "x", "online"), presence(3, "x", "online"), presence(-1, "x", "online")},
			func() bool { return c.names == [2]string{} }},
		{"a name that deceives", []wire.Message{presence(2, "\u202eannA", "online")},
			func() bool { return c.names[1] == "?" }},
		{"a result", []wire.Message{end}, func() bool { return c.end != nil && c.end.Score1 == 11 }},
		{"the next game", []wire.Message{end, {Type: wire.Start}}, func() bool { return c.end == nil }},
		{"a player who left", []wire.Message{end, presence(2, "Anna", "left")},
			func() bool { return c.end != nil && c.presence[1] == Left }},
		{"two errors", []wire.Message{{Type: wire.Error, Message: "first"}, {Type: wire.Error, Message: "second"}},
			func() bool { return c.closed && c.why == ending{reason: ReasonRefused, message: "first"} }},
		{"a long message", []wire.Message{{Type: wire.Error, Message: strings.Repeat("ä", 1000)}},
			func() bool { return len([]rune(c.why.message)) == maxMessage+3 }},
	} {
		c = newControlState(wire.WelcomeFields{Match: "m1", Rules: game.DefaultRules()})
		for _, m := range test.lines {
			c.take(time.Time{}, m)
		}
		if !test.holds() {
			t.Errorf("after %s the state is %+v", test.name, c)
		}
	}
}

func TestControl_SeatKeepsAllButTheFormerPlayers(t *testing.T) {
	c := newControlState(wire.WelcomeFields{Match: "m1", Room: "maple-42", Rules: game.DefaultRules()})
	for _, m := range []wire.Message{
		{Type: wire.Closing, Message: "The server ends."},
		{Type: wire.Presence, PlayerID: 1, Name: "me", Status: wire.StatusSilent, Seconds: 9},
		{Type: wire.Presence, PlayerID: 2, Name: "Anna", Status: wire.StatusOnline},
		{Type: wire.Start}, {Type: wire.End, Winner: 1},
		{Type: wire.Seat, PlayerID: 2, Match: "m7"},
	} {
		c.take(time.Unix(1, 0), m)
	}
	want := newControlState(wire.WelcomeFields{
		Player: 1, Match: "m7", Room: "maple-42", Rules: game.DefaultRules(),
	})
	want.announced = true
	if c != want {
		t.Errorf("after SEAT the state is\n%+v, want\n%+v", c, want)
	}
}
