package front

import (
	"slices"
	"strings"
	"testing"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
)

func TestFlow_LeavingIsAskedFirst(t *testing.T) {
	inMatch(t, func(p *person) {
		for _, stay := range []Action{Back, No, Enter} {
			p.press(Back)
			p.want(CardLeaving)
			p.match.inputs = nil
			if p.flow.Step(p.now, game.Up); !slices.Equal(p.match.inputs, []game.Input{game.Up}) {
				t.Error("the paddle cannot be moved while the question stands")
			}
			p.press(stay)
			if p.want(NoCard); p.match.closed {
				t.Fatalf("after action %b the match is left", stay)
			}
		}
		p.press(Back)
		p.press(Yes)
		if p.want(CardMenu); !p.match.closed || p.screen().Match {
			t.Error("the session is not closed, or the match still shown")
		}
	})
}

func TestFlow_LeavingIsAskedOnlyWhereSomethingIsAtStake(t *testing.T) {
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		for _, watching := range []bool{false, true} {
			inMatch(t, func(p *person) {
				p.match.frame.Watching = watching
				p.became(stage)
				p.press(Back)
				want := CardLeaving
				if watching || stage == client.StageWaiting || stage == client.StageOver ||
					stage == client.StageClosed {
					want = CardMenu
				}
				p.want(want)
			})
		}
	}
}

func TestFlow_RematchIsAskedForOnlyAfterTheGame(t *testing.T) {
	inMatch(t, func(p *person) {
		p.press(Again | Enter)
		if p.match.rematch != 0 {
			t.Error("a rematch was asked for in the middle of a game")
		}
		p.became(client.StageOver)
		p.press(Again)
		p.press(Enter)
		if p.match.rematch != 2 {
			t.Errorf("a rematch was asked for %d times, want twice: by R and by Enter", p.match.rematch)
		}
		p.match.frame.Rematch[0] = true
		p.press(Enter)
		if p.match.rematch != 2 || strings.Contains(p.says(), "Play again") {
			t.Errorf("a rematch that is agreed to is asked for again: %s", p.says())
		}
		offers := func() bool { return strings.Contains(p.says(), "Play again") }
		for name, change := range map[string]func(v *client.Frame){
			"the opponent has left":            func(v *client.Frame) { v.Presence[1] = client.Left },
			"the opponent's seat is free":      func(v *client.Frame) { v.Presence[1] = client.Absent },
			"the server has not confirmed it":  func(v *client.Frame) { v.Reason = client.ReasonRematchAsked },
			"no message can reach the server":  func(v *client.Frame) { v.Reason = client.ReasonNoRematch },
			"the person watches":               func(v *client.Frame) { v.Watching = true },
			"the person has asked for another": func(v *client.Frame) { v.Rematch[0] = true },
		} {
			p.match.frame = rally()
			p.match.frame.Rematch[0] = false
			p.became(client.StageOver)
			if !offers() {
				t.Fatalf("no rematch is offered: %s", p.says())
			}
			change(&p.match.frame)
			if p.press(Again); p.match.rematch != 2 || offers() {
				t.Errorf("a rematch is asked for although %s: %s", name, p.says())
			}
		}
	})
}

func TestFlow_SessionThatHasEndedLeadsBack(t *testing.T) {
	inMatch(t, func(p *person) {
		p.press(Back) // the question must not stand in the way
		p.match.frame.Reason, p.match.frame.Code = client.ReasonRefused, wire.CodeFull
		p.became(client.StageClosed)
		p.want(CardClosed)
		if !strings.Contains(p.says(), "The server has no free place for you now.") {
			t.Errorf("the screen says %s, want the reason", p.says())
		}
		p.wait(guardTime)
		p.atOnce(Input{Actions: Again})
		p.became(client.StagePlaying)
		p.want(NoCard)
		if len(p.dials) != 2 || p.dials[1] != p.dials[0] {
			t.Errorf("joining again dialled %+v, want the same twice", p.dials)
		}
		p.became(client.StageClosed)
		p.press(Enter)
		p.want(CardMenu)
	})
}

func TestFlow_AfterAMatchAnotherCanBeWatched(t *testing.T) {
	for _, stage := range []client.Stage{client.StageOver, client.StageWaiting, client.StageClosed} {
		inMatch(t, func(p *person) {
			p.match.frame.Watching = true
			p.press(Enter) // nothing, while the ball is in play
			p.want(NoCard)
			p.became(stage)
			p.press(Enter | Again)
			if p.want(CardMenu); p.page() != pageWatch || p.match.rematch != 0 {
				t.Errorf("%v: Enter leads to page %d, want the list; %d asked for a rematch",
					stage, p.page(), p.match.rematch)
			}
		})
	}
}
