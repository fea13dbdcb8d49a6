package client

import (
	"errors"
	"math"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestFrame_NamesTheScorer(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	var v Frame
	for range 60 {
		if v = f.run(100*time.Millisecond, game.None); v.Stage == StageScored {
			break
		}
		f.other = game.Input(1) // up, out of the way
	}
	if v.Stage != StageScored || v.BallInPlay || v.Score[0]+v.Score[1] != 1 || v.Scorer < 0 || v.Score[v.Scorer] != 1 {
		t.Errorf("after a point: %v at %v, scorer %d, ball in play %v; want a scorer and no ball",
			v.Stage, v.Score, v.Scorer, v.BallInPlay)
	}
}

func TestFrame_TellsAboutARematch(t *testing.T) {
	f := newPeer(t, 2)
	f.rules.Points = 1
	f.play()
	for range 60 {
		if f.run(time.Second, game.None); f.state.Phase == game.Over {
			break
		}
	}
	f.run(time.Second, game.None)
	score := [2]int{int(f.state.Score[0]), int(f.state.Score[1])}
	v := f.shows(StageOver, ReasonNone)
	if v.Winner != int(f.state.Winner)-1 || v.Score != score {
		t.Errorf("the winner is %d at %v, want %d at %v", v.Winner, v.Score, f.state.Winner-1, score)
	}
	f.standing.Rematch[0] = true
	f.stand()
	f.shows(StageOver, ReasonRematchOffered)
	f.standing.Rematch[1] = true
	f.stand()
	f.shows(StageOver, ReasonRematchAsked)
	f.presence(wire.StatusSilent)
	f.shows(StageOver, ReasonPlayerSilent)
	f.presence(wire.StatusLeft)
	f.shows(StageOver, ReasonPlayerLeft)
	f.presence(wire.StatusOnline)
	f.s.ControlClosed()
	f.shows(StageOver, ReasonNoRematch)
}

func TestFrame_NamesTheSilentPlayer(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game = 1
	f.play()
	f.presence(wire.StatusSilent)
	for range 12 {
		f.now = f.now.Add(period)
		f.tick(game.Inputs{game.None, game.Away})
		f.sendState(wire.ReasonRegular)
		f.s.Update(f.now, game.None)
	}
	if v := f.shows(StagePaused, ReasonPlayerSilent); !v.BallInPlay || v.Player != 1 {
		t.Errorf("a pause in a rally: ball in play %v, player %d silent; want true and 1", v.BallInPlay, v.Player)
	}
	f.presence(wire.StatusOnline)
	f.shows(StagePaused, ReasonResuming)
}

// While the ball is in flight, the own paddle rests in the countdown after a pause, as the server has it: holding a key
// needs no correction. The rest of the pauses follows STATE.
func TestFrame_PaddlesRestAfterAPause(t *testing.T) {
	f := newPeer(t, 1)
	f.standing.Game, f.standing.PauseLeft = 1, [2]uint8{6, 5}
	before := f.play()
	if before.PaddlesRest {
		t.Error("the paddles rest in a rally")
	}
	f.tick(game.Inputs{game.None, game.Away})
	f.input.Take()
	f.sendState(wire.ReasonRegular)
	v := f.run(1900*time.Millisecond, game.Up)
	if v.Stage != StageCountdown || !v.PaddlesRest || v.PauseLeft != [2]int{60, 50} {
		t.Errorf("at the stage %v the paddles rest: %v, pauses left %v; want countdown, true, [60 50]", v.Stage,
			v.PaddlesRest, v.PauseLeft)
	}
	if v.Paddle[0] != before.Paddle[0] || v.Figures.Corrections != before.Figures.Corrections {
		t.Errorf("the paddle was at %v and is at %v after %d corrections, want none", before.Paddle[0], v.Paddle[0],
			v.Figures.Corrections-before.Figures.Corrections)
	}
	if v = f.run(time.Second, game.Up); v.PaddlesRest || v.Paddle[0] == before.Paddle[0] {
		t.Errorf("when the ball flies on the paddles rest: %v, at %v", v.PaddlesRest, v.Paddle[0])
	}
}

// From 60 ticks before a serve on the frame has its direction, and its knowledge corrects
// nothing on the screen, even if STATEs are lost.
func TestFrame_ShowsTheNextServe(t *testing.T) {
	for _, lost := range []int{0, 4} { // STATEs, of those after the draw
		f := newPeer(t, 1)
		f.play()
		for f.state.Phase != game.Scored {
			f.run(period, game.None)
		}
		for f.state.Serve == 0 {
			f.run(period, game.None)
		}
		f.lose = lost > 0
		f.run(time.Duration(lost)*wire.StateEvery*period, game.None)
		f.lose = false
		var last Frame
		shown := 0
		for f.state.Phase == game.Scored {
			v := f.run(period, game.None)
			if v.Serve != (Point{}) {
				last = v
				shown++
			}
		}
		vx, vy := pixels(f.state.Ball.VX), pixels(f.state.Ball.VY)
		speed := math.Hypot(vx, vy)
		if off := math.Hypot(last.Serve.X-vx/speed, last.Serve.Y-vy/speed); off > 1e-9 {
			t.Errorf("the frame had the serve %v, and it flies by %v, %v", last.Serve, vx, vy)
		}
		if want := game.ServeNotice - 3*lost - 12; shown < want {
			t.Errorf("with %d STATEs lost the serve was shown in %d frames, want %d", lost, shown, want)
		}
		if v := f.run(time.Second/2, game.None); v.Serve != (Point{}) || v.Figures.Corrections > 0 {
			t.Errorf("in the rally the frame has the serve %v after %d corrections, want none", v.Serve,
				v.Figures.Corrections)
		}
	}
}

func TestFrame_TellsThatTheLoserHasLeft(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.s.Control(wire.Message{Type: wire.End, Winner: 1, Score1: 3, Message: "The other player left."})
	f.shows(StagePlaying, ReasonNone) // as STATE has it
	f.state = game.New(f.rules, 1)
	f.presence(wire.StatusLeft)
	if v := f.shows(StageOver, ReasonPlayerLeft); !v.Forfeit || v.Winner != 0 || v.Score != [2]int{3, 0} {
		t.Errorf("forfeit %v, winner %d, score %v; want true, 0, [3 0]", v.Forfeit, v.Winner, v.Score)
	}
}

func TestFrame_TellsThatTheServerWillShutDown(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.s.Control(wire.Message{Type: wire.Closing})
	if v := f.shows(StagePlaying, ReasonNone); !v.Closing {
		t.Error("Closing is false after CLOSING")
	}
	f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeClosing})
	f.shows(StageLost, ReasonShutdown)
}

func TestFrame_TellsWhyTheSessionEnded(t *testing.T) {
	f := newPeer(t, 1)
	f.s.Control(wire.Message{Type: wire.Error, Code: wire.CodeSeat, Message: "The match has ended."})
	if v := f.shows(StageClosed, ReasonRefused); v.Code != wire.CodeSeat || v.Message != "The match has ended." {
		t.Errorf("code %q, message %q; want those of the ERROR", v.Code, v.Message)
	}
	f = newPeer(t, 1)
	err := errors.New("no such server")
	f.s.Fail(err)
	if v := f.shows(StageClosed, ReasonRedialFailed); v.Err != err {
		t.Errorf("the error is %v, want %v", v.Err, err)
	}
}
