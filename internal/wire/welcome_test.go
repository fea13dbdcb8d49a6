package wire

import (
	"strings"
	"testing"

	"pong/internal/game"
)

func TestParseWelcome(t *testing.T) {
	good := Message{
		Type: Welcome, PlayerID: 2, UDPPort: 5556, Session: "0102030405060708", Token: "AQAAAAAAAAAAAAAAAAAAAA",
		Resume: "AgAAAAAAAAAAAAAAAAAAAA", Match: "m1", Room: "maple-42", Rules: "classic", Points: 7, TickRate: 60,
		StateRate: 20, Fairness: "equal",
	}
	want := WelcomeFields{
		Player: 1, UDPPort: 5556, Session: [SessionLen]byte{1, 2, 3, 4, 5, 6, 7, 8}, Token: [TokenLen]byte{1},
		Resume: good.Resume, Match: "m1", Room: "maple-42", Rules: game.Rules{Classic: true, Points: 7}, StateRate: 20,
		Fairness: FairnessEqual,
	}
	if got, err := ParseWelcome(good, false); got != want || err != nil {
		t.Errorf("the WELCOME is parsed as\n%+v, %v, want\n%+v", got, err, want)
	}
	old := good
	old.Fairness, want.Fairness = "", FairnessOff
	if got, err := ParseWelcome(old, false); got != want || err != nil {
		t.Errorf("a WELCOME without a fairness is parsed as\n%+v, %v, want\n%+v", got, err, want)
	}
	want.Fairness = FairnessEqual
	watcher := good
	watcher.PlayerID, want.Player, want.Watcher = 0, 0, true
	if got, err := ParseWelcome(watcher, true); got != want || err != nil {
		t.Errorf("the WELCOME of a watcher is parsed as\n%+v, %v, want\n%+v", got, err, want)
	}
	for _, c := range []struct {
		change func(m *Message)
		want   string
	}{
		{func(m *Message) { m.Session = "" }, "session"},
		{func(m *Message) { m.Session = "01" }, "session"},
		{func(m *Message) { m.Session = "no hex" }, "session"},
		{func(m *Message) { m.Token = "AAAA" }, "token"},
		{func(m *Message) { m.Token = "?" }, "token"},
		{func(m *Message) { m.Rules = "chess" }, "chess"},
		{func(m *Message) { m.PlayerID = 0 }, "player 0"},
		{func(m *Message) { m.PlayerID = 3 }, "player 3"},
		{func(m *Message) { m.UDPPort = 0 }, "port 0"},
		{func(m *Message) { m.UDPPort = 65536 }, "port 65536"},
		{func(m *Message) { m.Points = -1 }, "-1 points"},
		{func(m *Message) { m.Points = 65536 }, "65536 points"},
		{func(m *Message) { m.StateRate = 25 }, "25 STATEs"},
		{func(m *Message) { m.TickRate = 50 }, "50 ticks"},
	} {
		m := good
		c.change(&m)
		if _, err := ParseWelcome(m, false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: the error is %v, want one with %q", m, err, c.want)
		}
	}
	if _, err := ParseWelcome(good, true); err == nil {
		t.Error("a watcher takes the WELCOME of a player")
	}
}
