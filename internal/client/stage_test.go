package client

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// shows fails the test unless the frame is of a stage, for a reason.
func (f *far) shows(stage Stage, reason Reason) Frame {
	f.t.Helper()
	v := f.s.Frame(f.now)
	if v.Stage != stage || v.Reason != reason {
		f.t.Errorf("the stage is %v (%v), want %v (%v)", v.Stage, v.Reason, stage, reason)
	}
	return v
}

// presence tells how the server sees the other player.
func (f *far) presence(status string) {
	f.s.Control(wire.Message{Type: wire.Presence, PlayerID: 2 - f.s.me, Name: "Anna", Status: status})
}

func TestStage_FollowsAMatch(t *testing.T) {
	f := newFar(t, 1)
	wait := func(span time.Duration) { // at a table where nobody plays
		for range int(span / period) {
			f.now = f.now.Add(period)
			f.tick(game.Inputs{game.Away, game.Away})
			f.input.Take()
			if f.state.Tick%3 == 0 {
				f.tell(wire.ReasonRegular)
			}
			f.s.Update(f.now, game.None)
		}
	}
	f.s.table.presence[1] = Absent
	wait(time.Second)
	f.shows(StageWaiting, ReasonNoOpponent)
	f.presence(wire.StatusJoined)
	f.presence(wire.StatusOnline)
	f.shows(StageReady, ReasonNotStarted)
	f.presence(wire.StatusLeft)
	f.shows(StageWaiting, ReasonPlayerLeft)
	f.presence(wire.StatusOnline)
	f.s.Control(wire.Message{Type: wire.Start})

	seen := []int{}
	for range 4 * 60 {
		if v := f.run(period, game.None); v.Stage == StageCountdown && !slices.Contains(seen, v.Countdown) {
			seen = append(seen, v.Countdown)
		}
	}
	if !slices.Equal(seen, []int{3, 2, 1}) {
		t.Errorf("the countdown says %v, want 3, 2, 1", seen)
	}
	if v := f.shows(StagePlaying, ReasonNone); !v.BallInPlay || v.Scorer != -1 || v.Winner != -1 {
		t.Errorf("while the ball flies the view is %+v", v)
	}
}

func TestFrame_NamesTheScorer(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	var v Frame
	for range 60 {
		if v = f.run(100*time.Millisecond, game.None); v.Stage == StageScored {
			break
		}
		f.other = game.Input(1) // out of the way, to the top
	}
	if v.Stage != StageScored || v.BallInPlay || v.Score[0]+v.Score[1] != 1 || v.Scorer < 0 || v.Score[v.Scorer] != 1 {
		t.Errorf("after a point the view is %v at %v, scored by %d, ball in play %v", v.Stage, v.Score, v.Scorer, v.BallInPlay)
	}
}

func TestFrame_TellsAboutARematch(t *testing.T) {
	f := newFar(t, 2)
	f.rules.Points = 1
	f.s.cfg.Welcome.Rules = f.rules
	f.play()
	for range 60 {
		if f.run(time.Second, game.None); f.state.Phase == game.Over {
			break
		}
	}
	f.run(time.Second, game.None)
	score := [2]int{int(f.state.Score[0]), int(f.state.Score[1])}
	f.s.Control(wire.Message{Type: wire.End, Winner: int(f.state.Winner), Score1: score[0], Score2: score[1]})
	v := f.shows(StageOver, ReasonNone)
	if v.Winner != int(f.state.Winner)-1 || v.Score != score {
		t.Errorf("the winner is %d at %v, want %d at %v", v.Winner, v.Score, f.state.Winner-1, score)
	}
	f.s.Control(wire.Message{Type: wire.Rematch, PlayerID: 1})
	f.shows(StageOver, ReasonRematchOffered)
	f.s.Control(wire.Message{Type: wire.Rematch, PlayerID: 2})
	f.shows(StageOver, ReasonRematchAsked)
	f.presence(wire.StatusSilent)
	f.shows(StageOver, ReasonPlayerSilent)
	f.presence(wire.StatusLeft)
	f.shows(StageOver, ReasonPlayerLeft)
	f.presence(wire.StatusOnline)
	f.s.ControlClosed()
	f.shows(StageOver, ReasonNoRematch)
}

func TestStage_ASilentServerIsLostThenGivenUp(t *testing.T) {
	for _, closed := range []bool{false, true} {
		f := newFar(t, 1)
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
		f.tell(wire.ReasonRegular)
		if v := f.s.Frame(f.now); v.Stage == StageLost {
			t.Error("a server that is back is still lost")
		}
		pass(goneAfter + time.Second)
		f.shows(StageClosed, ReasonGivenUp)
	}
}

func TestFrame_NamesTheSilentPlayer(t *testing.T) {
	f := newFar(t, 1)
	f.s.Control(wire.Message{Type: wire.Start})
	f.play()
	f.presence(wire.StatusSilent)
	for range 12 {
		f.now = f.now.Add(period)
		f.tick(game.Inputs{game.None, game.Away})
		f.tell(wire.ReasonRegular)
		f.s.Update(f.now, game.None)
	}
	if v := f.shows(StagePaused, ReasonPlayerSilent); !v.BallInPlay || v.Player != 1 {
		t.Errorf("in a pause in the middle of a rally, ball in play: %v, player %d is away; want true and 1", v.BallInPlay, v.Player)
	}
	f.presence(wire.StatusOnline)
	f.shows(StagePaused, ReasonResuming)
}

func TestFigures_OfAPerfectLink(t *testing.T) {
	f := newFar(t, 1)
	if l := f.s.Frame(f.now).Figures; l.Samples != 0 || l.Latency != 0 {
		t.Errorf("before anything has come: %+v", l)
	}
	f.play()
	f.run(2*time.Second, game.Up)
	l := f.s.Frame(f.now).Figures
	if l.Samples == 0 || l.Latency < 0 || l.Latency > 17 || l.LossUp != 0 || l.LossDown != 0 || l.Lead < 0 || l.Lead > 3 || l.Sent == 0 ||
		l.Received == 0 || l.BytesUp < l.Sent*42 || l.BytesDown < l.Received*42 {
		t.Errorf("with a perfect line: %+v", l)
	}
	if l.Corrections != 0 {
		t.Errorf("%d corrections with a perfect line", l.Corrections)
	}
}

func TestFrame_TellsThatTheLoserHasLeft(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	f.s.Control(wire.Message{Type: wire.End, Winner: 1, Score1: 3, Message: "The other player left."})
	if v := f.shows(StageOver, ReasonNone); !v.Forfeit || v.Winner != 0 || v.Score != [2]int{3, 0} {
		t.Errorf("forfeit %v, winner %d, score %v; want true, 0, [3 0]", v.Forfeit, v.Winner, v.Score)
	}
}

func TestFrame_TellsThatTheServerWillShutDown(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	f.s.Control(wire.Message{Type: wire.Closing})
	if v := f.shows(StagePlaying, ReasonNone); !v.Closing {
		t.Error("Closing is false after CLOSING")
	}
	f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeClosing})
	f.shows(StageLost, ReasonShutdown)
}

func TestFrame_TellsWhyTheSessionEnded(t *testing.T) {
	f := newFar(t, 1)
	f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeSeat, Message: "The match has ended."})
	if v := f.shows(StageClosed, ReasonRefused); v.Code != wire.CodeSeat || v.Message != "The match has ended." {
		t.Errorf("code %q, message %q; want those of the ERROR", v.Code, v.Message)
	}
	f = newFar(t, 1)
	err := errors.New("no such server")
	f.s.Fail(err)
	if v := f.shows(StageClosed, ReasonRedialFailed); v.Err != err {
		t.Errorf("the error is %v, want %v", v.Err, err)
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
