package front

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestFlow_GamesNearby lists what answers while the page with the address is shown, and keeps the mark at its row.
func TestFlow_GamesNearby(t *testing.T) {
	var asked atomic.Int32
	games := []NearbyGame{{Name: "Ann", Address: "192.168.1.20:5555", Players: 1, Room: true}}
	cfg := Config{
		Host:    new(hostOf).start,
		Servers: func() []KnownServer { return []KnownServer{{Address: "h"}} },
		Nearby: func(context.Context) ([]NearbyGame, error) {
			asked.Add(1)
			return games, nil
		},
	}
	try(t, cfg, func(p *person) {
		p.wait(time.Second)
		if s := p.says(); !strings.Contains(s, "Ann") || !strings.Contains(s, "nearby, waits, needs a code") {
			t.Errorf("the screen says %s, want the game nearby", s)
		}
		for range 3 {
			p.press(Down)
		}
		if s := p.says(); !strings.Contains(s, "Enter connects to h:5555") {
			t.Errorf("the third row is the known server, and the screen says %s", s)
		}
		games = []NearbyGame{{Name: "Ada", Address: "192.168.1.10:5555"}, games[0]}
		p.wait(2 * searchEvery)
		if s := p.says(); !strings.Contains(s, "Ada") || !strings.Contains(s, "Enter connects to h:5555") {
			t.Errorf("another game is nearby, and the screen says %s, want the mark at the known server", s)
		}
		p.press(Up)
		games = nil
		p.wait(2 * searchEvery)
		if p.flow.at != 0 || strings.Contains(p.says(), "nearby") {
			t.Errorf("no game is nearby any more, row %d is marked, and the screen says %s", p.flow.at, p.says())
		}
		before := asked.Load()
		p.write("h")
		p.press(Enter)
		p.want(CardMenu)
		p.wait(3 * searchEvery)
		if n := asked.Load() - before; n > 1 {
			t.Errorf("in the menu games nearby are asked for %d times more, want no more", n)
		}
	})
}

// TestFlow_GameNearbyWantsItsCode leads to the page for the code. The address alone is dialled, so the person is asked
// about the server as about any other.
func TestFlow_GameNearbyWantsItsCode(t *testing.T) {
	cfg := Config{Nearby: func(context.Context) ([]NearbyGame, error) {
		return []NearbyGame{{Name: "Ann", Address: "192.168.1.20:5555", Room: true}}, nil
	}}
	try(t, cfg, func(p *person) {
		p.wait(time.Second)
		p.press(Down)
		p.press(Enter)
		p.want(CardMenu)
		if c := p.screen().Card; c.Title != "With a friend" || c.Field.Text != "" || len(c.Rows) != 1 ||
			!strings.Contains(p.says(), "that the host's screen shows") {
			t.Errorf("the line has %q, and the screen says %s", c.Field.Text, p.says())
		}
		p.press(Enter)
		p.want(CardMenu) // nothing was typed
		p.write("Elk Elm Gem Gum")
		p.press(Enter)
		p.dialled(Want{Kind: Friend, Address: "192.168.1.20:5555", Room: "elk-elm-gem-gum"})
	})
}
