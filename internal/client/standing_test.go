package client

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// TestControl_ResultIsThatOfTheNewestGame has an END arrive when the newest STATE is of another game or of other
// players.
func TestControl_ResultIsThatOfTheNewestGame(t *testing.T) {
	both := [2]wire.SeatStatus{wire.SeatOnline, wire.SeatOnline}
	free := [2]wire.SeatStatus{wire.SeatOnline, wire.SeatFree}
	end := wire.Message{Type: wire.End, Lineup: 7, Game: 1, Winner: 1}
	for _, test := range []struct {
		what string
		is   wire.Standing
		want bool
	}{
		{"the same game", wire.Standing{Lineup: 7, Game: 1, Seats: both}, true},
		{"the game before", wire.Standing{Lineup: 7, Game: wire.MaxGame, Seats: both}, true},
		{"these players before their first game", wire.Standing{Lineup: 7, Seats: both}, true},
		{"the next game", wire.Standing{Lineup: 7, Game: 2, Seats: both}, false},
		{"the first game of other players", wire.Standing{Lineup: 8, Game: 1, Seats: both}, false},
		{"other players before a game", wire.Standing{Lineup: 8, Seats: both}, false},
		{"a player who is alone", wire.Standing{Lineup: 8, Seats: free}, true},
	} {
		for _, late := range []bool{false, true} {
			c := newControlState(wire.WelcomeFields{Match: "m1", Rules: game.DefaultRules()})
			if !late {
				c.takeStanding(time.Time{}, wire.Standing{Lineup: 7, Game: 1, Seats: both})
				c.take(time.Time{}, end)
			}
			c.takeStanding(time.Time{}, test.is)
			if late {
				c.take(time.Time{}, end)
			}
			if got := c.end != nil; got != test.want {
				t.Errorf("STATE has %s, END came after it %v: the result is kept %v, want %v", test.what, late, got,
					test.want)
			}
		}
	}
}

// TestControl_NamesReturnWithTheirLine shows no names between a STATE of other players and the PRESENCE with the name.
func TestControl_NamesReturnWithTheirLine(t *testing.T) {
	f := newPeer(t, 1)
	want := func(unnamed bool) {
		t.Helper()
		f.stand()
		f.now = f.now.Add(time.Second)
		if got := f.s.control.unnamed(f.now); got != unnamed {
			t.Errorf("names of lineup %d, players of lineup %d: names are missing %v, want %v", f.s.control.lineup,
				f.standing.Lineup, got, unnamed)
		}
	}
	want(false)
	f.standing.Lineup = 8
	want(true)
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: 2, Name: "Bert", Status: wire.StatusOnline, Lineup: 8})
	want(false)
}

// TestControl_SilenceWithoutALine takes the time for which a seat is kept from the protocol, if no line has it.
func TestControl_SilenceWithoutALine(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game = 1
	f.play()
	f.standing.Seats[1] = wire.SeatSilent
	f.state.Phase = game.Waiting
	f.tick(game.Inputs{game.None, game.Away})
	f.sendState(wire.ReasonRegular)
	f.s.Update(f.now, game.None)
	if v := f.s.Frame(f.now); v.Reason != ReasonPlayerSilent || v.Seconds < 50 || v.Seconds > 55 {
		t.Errorf("%v, the seat is kept for %d s; want %v and about 55 s", v.Reason, v.Seconds, ReasonPlayerSilent)
	}
}

// TestSession_AsksForTheNextPlayer asks for another game after the other player has left.
func TestSession_AsksForTheNextPlayer(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Seats[1] = wire.SeatFree
	f.stand()
	f.s.AskRematch()
	if line, due := f.s.RematchDue(f.now); !due || line.Type != wire.Rematch || line.Game != 0 {
		t.Errorf("%v, %+v; want a REMATCH without a game", due, line)
	}
	if line, due := f.s.RematchDue(f.now.Add(time.Minute)); due {
		t.Errorf("a minute later %+v is sent again", line)
	}
}

// TestSession_WishIsForTheSamePlayers does not ask the next player for a rematch of a game with the same number.
func TestSession_WishIsForTheSamePlayers(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game, f.state.Phase, f.state.Winner = 1, game.Over, 2
	f.sendState(wire.ReasonRegular)
	f.s.Update(f.now, game.None)
	f.s.AskRematch()
	f.standing.Lineup++
	f.stand()
	if line, due := f.s.RematchDue(f.now); due {
		t.Errorf("%+v is sent to other players", line)
	}
}
