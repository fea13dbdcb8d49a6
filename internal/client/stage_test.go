package client

import (
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestStage_FollowsAMatch(t *testing.T) {
	f := newPeer(t, 1)
	wait := func(span time.Duration) { // while nothing is played
		for range int(span / period) {
			f.now = f.now.Add(period)
			f.tick(game.Inputs{game.Away, game.Away})
			f.input.Take()
			if f.state.Tick%3 == 0 {
				f.sendState(wire.ReasonRegular)
			}
			f.s.Update(f.now, game.None)
		}
	}
	f.s.control.presence[1], f.standing.Seats[1] = Absent, wire.SeatFree
	wait(time.Second)
	f.shows(StageWaiting, ReasonNoOpponent)
	f.presence(wire.StatusJoined)
	f.presence(wire.StatusOnline)
	f.shows(StageReady, ReasonNotStarted)
	f.presence(wire.StatusSilent)
	f.shows(StageWaiting, ReasonPlayerSilent) // nothing has begun that could be paused
	f.presence(wire.StatusOnline)
	f.presence(wire.StatusLeft)
	f.shows(StageWaiting, ReasonPlayerLeft)
	f.presence(wire.StatusOnline)
	f.standing.Game = 1

	seen := []int{}
	for range 4 * 60 {
		if v := f.run(period, game.None); v.Stage == StageCountdown && !slices.Contains(seen, v.Countdown) {
			seen = append(seen, v.Countdown)
		}
	}
	if !slices.Equal(seen, []int{3, 2, 1}) {
		t.Errorf("the countdown shows %v, want 3, 2, 1", seen)
	}
	if v := f.shows(StagePlaying, ReasonNone); !v.BallInPlay || v.Scorer != -1 || v.Winner != -1 {
		t.Errorf("while the ball is in play the frame is %+v", v)
	}
}

// TestStage_NothingHasArrivedYet expects nothing to be shown about a match of which nothing has arrived.
func TestStage_NothingHasArrivedYet(t *testing.T) {
	f := newPeer(t, 1)
	f.s.Update(f.now, game.None)
	f.shows(StageReady, ReasonConnecting)
	f.sendState(wire.ReasonRegular)
	f.s.Update(f.now, game.None)
	f.shows(StageReady, ReasonNotStarted)
}

// TestStage_CountsHowLongBothPlayersWait because only an operator lets them wait for longer than a moment.
func TestStage_CountsHowLongBothPlayersWait(t *testing.T) {
	f := newPeer(t, 1)
	wait := func(seconds int) {
		for range seconds * 60 {
			f.now = f.now.Add(period)
			f.tick(game.Inputs{game.Away, game.Away})
			f.sendState(wire.ReasonRegular)
			f.s.Update(f.now, game.None)
		}
	}
	wait(3)
	if v := f.shows(StageReady, ReasonNotStarted); v.Seconds < 2 || v.Seconds > 3 {
		t.Errorf("after 3 s both players have been online for %d s, want 2 or 3", v.Seconds)
	}
	f.standing.Seats[0] = wire.SeatJoined
	f.stand()
	if v := f.shows(StageReady, ReasonNotStarted); v.Seconds != 0 {
		t.Errorf("before the server has an echo of ours both players have been online for %d s, want 0", v.Seconds)
	}
	f.standing.Seats[0] = wire.SeatOnline
	f.stand()
	wait(1)
	if v := f.shows(StageReady, ReasonNotStarted); v.Seconds > 1 {
		t.Errorf("1 s after the other player is back both have been online for %d s, want at most 1", v.Seconds)
	}
}

// TestStage_FollowsSTATEWithoutLines has the other player leave, and a third one come, while the control channel
// carries nothing.
func TestStage_FollowsSTATEWithoutLines(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game, f.standing.Lineup = 1, 7
	f.s.control.lineup = 7
	f.play()
	stop := func(span time.Duration) {
		f.now = f.now.Add(span)
		f.tick(game.Inputs{game.Away, game.Away})
		f.sendState(wire.ReasonRegular)
		f.s.Update(f.now, game.None)
	}
	f.standing = wire.Standing{Player: 1, Lineup: 8, Seats: [2]wire.SeatStatus{wire.SeatOnline, wire.SeatFree}}
	stop(time.Second)
	f.shows(StageWaiting, ReasonPlayerLeft)
	f.s.Control(wire.Message{Type: wire.End, Winner: 1, Score1: 3, Message: "The other player left."})
	f.shows(StageOver, ReasonPlayerLeft)
	f.standing.Lineup, f.standing.Seats[1] = 9, wire.SeatJoined
	stop(period)
	if v := f.shows(StageWaiting, ReasonPlayerUnreached); v.Names[1] != "" {
		t.Errorf("the third player is called %q, want no name: it has not arrived", v.Names[1])
	}
	f.standing.Seats[1] = wire.SeatOnline
	stop(time.Second)
	if v := f.shows(StageReady, ReasonNotStarted); v.Names != [2]string{} {
		t.Errorf("the names are %q, want none: those of the third player have not arrived", v.Names)
	}
	f.standing.Game = 1
	f.state.Phase, f.state.Timer = game.Countdown, 100
	f.now = f.now.Add(period)
	f.tick(game.Inputs{})
	f.sendState(wire.ReasonReset)
	f.s.Control(wire.Message{Type: wire.End, Winner: 1, Score1: 3, Message: "The other player left."}) // late
	f.shows(StageCountdown, ReasonNone)
}

// TestStage_ResultOutlivesOlderStates has END arrive before the last STATEs of its game, because the game channel is
// the slower one, and no STATE with the result: the other player has left at once.
func TestStage_ResultOutlivesOlderStates(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game, f.standing.Lineup = 1, 7
	f.s.control.lineup = 7
	f.play()
	f.s.Control(wire.Message{Type: wire.End, Lineup: 7, Game: 1, Winner: 1, Score1: 3, Score2: 1})
	for range 10 {
		f.now = f.now.Add(period)
		f.tick(game.Inputs{})
		f.sendState(wire.ReasonRegular)
		f.s.Update(f.now, game.None)
	}
	f.shows(StagePlaying, ReasonNone)
	f.standing = wire.Standing{Player: 1, Lineup: 8, Seats: [2]wire.SeatStatus{wire.SeatOnline, wire.SeatFree}}
	f.now = f.now.Add(time.Second)
	f.tick(game.Inputs{game.Away, game.Away})
	f.sendState(wire.ReasonRegular)
	f.s.Update(f.now, game.None)
	if v := f.shows(StageOver, ReasonPlayerLeft); v.Winner != 0 || v.Score != [2]int{3, 1} {
		t.Errorf("winner %d, score %v; want 0, [3 1]", v.Winner, v.Score)
	}
}

// TestStage_WatcherSeesAFreeSeat watches a match that the left player has left before.
func TestStage_WatcherSeesAFreeSeat(t *testing.T) {
	c := newControlState(wire.WelcomeFields{Watcher: true, Match: "m1", Rules: game.DefaultRules()})
	c.takeStanding(time.Time{}, wire.Standing{Seats: [2]wire.SeatStatus{1: wire.SeatOnline}})
	if is := c.waiting(time.Time{}, false); is.stage != StageWaiting || is.reason != ReasonNoOpponent {
		t.Errorf("the watcher is shown %v (%v), want that a player is awaited", is.stage, is.reason)
	}
}

// TestStage_SeatFollowsSTATE moves a player to the right seat, and no line says so.
func TestStage_SeatFollowsSTATE(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Player = 2
	f.sendState(wire.ReasonRegular)
	f.s.Update(f.now, game.None)
	if v := f.s.Frame(f.now); v.Me != 1 {
		t.Errorf("the player's seat is %d, want 1", v.Me)
	}
}

// TestSession_RepeatsAWishForARematch loses the lines that ask for another game, and then the connection.
func TestSession_RepeatsAWishForARematch(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game, f.state.Phase, f.state.Winner = 3, game.Over, 2
	f.sendState(wire.ReasonRegular)
	f.s.Update(f.now, game.None)
	due := func(want bool) {
		t.Helper()
		if line, due := f.s.RematchDue(f.now); due != want || due && (line.Type != wire.Rematch || line.Game != 3) {
			t.Errorf("%v, %+v; want %v, and REMATCH of game 3", due, line, want)
		}
	}
	due(false)
	f.s.AskRematch()
	f.shows(StageOver, ReasonRematchAsked)
	due(true)
	due(false)
	f.now = f.now.Add(wishAgainAfter)
	due(true)
	next := newPeer(t, 1)
	next.s.Continue(f.s)
	f.s, f.keys = next.s, next.keys
	f.stand()
	due(true)
	f.standing.Rematch[0] = true
	f.stand()
	f.now = f.now.Add(time.Minute)
	due(false)
	f.standing.Rematch[0], f.standing.Game = false, 4
	f.stand()
	due(false)
}

// TestStage_ClosedIsNotRedialled expects no attempt to be shown after the end of a session.
func TestStage_ClosedIsNotRedialled(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.s.NoteRedial(3)
	f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeSeat, Message: "gone"})
	f.s.ControlClosed()
	f.run(3*time.Second, game.None)
	if v := f.shows(StageClosed, ReasonRefused); v.Attempt != 0 || v.NoControl {
		t.Errorf("a closed session shows attempt %d and NoControl %v, want 0 and false", v.Attempt, v.NoControl)
	}
}

func TestStage_ASilentServerIsLostThenGivenUp(t *testing.T) {
	for _, closed := range []bool{false, true} {
		f := newPeer(t, 1)
		f.play()
		if closed {
			f.s.ControlClosed()
		}
		pass := func(span time.Duration) {
			for range int(span / period) {
				f.now = f.now.Add(period)
				f.s.Update(f.now, game.None)
			}
		}
		pass(lostAfter - 100*time.Millisecond)
		if v := f.s.Frame(f.now); v.Stage == StageLost || v.Stage == StageClosed {
			t.Fatalf("after %v the stage is %v", lostAfter-100*time.Millisecond, v.Stage)
		}
		pass(200 * time.Millisecond)
		if closed {
			f.shows(StageLost, ReasonControlLost)
			pass(goneAfter)
			if v := f.shows(StageClosed, ReasonGivenUp); v.Seconds < 60 || v.Seconds > 62 {
				t.Errorf("given up after %d s, want some 60", v.Seconds)
			}
			continue
		}
		if v := f.shows(StageLost, ReasonNoAnswer); v.Seconds != 1 {
			t.Errorf("lost for %d s, want 1", v.Seconds)
		}
		f.s.NoteRedial(3)
		pass(5 * time.Second)
		if v := f.shows(StageLost, ReasonNoAnswer); v.Seconds != 6 || v.Attempt != 3 {
			t.Errorf("lost for %d s in attempt %d, want 6 s in attempt 3", v.Seconds, v.Attempt)
		}
		f.sendState(wire.ReasonRegular)
		if v := f.s.Frame(f.now); v.Stage == StageLost {
			t.Error("the server has answered, and the stage is still lost")
		}
		pass(goneAfter + time.Second)
		f.shows(StageClosed, ReasonGivenUp)
	}
}

func TestReason_NamesDiffer(t *testing.T) {
	seen := map[string]Reason{}
	for r := ReasonNone; r < reasons; r++ {
		if other, ok := seen[r.String()]; ok {
			t.Errorf("reasons %d and %d are both called %q", other, r, r)
		}
		seen[r.String()] = r
	}
	if got := reasons.String(); got != "unknown" {
		t.Errorf("the reason after the last is %q, want unknown", got)
	}
}
