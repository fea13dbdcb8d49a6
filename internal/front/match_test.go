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
		p.match.frame.Rematch[0], p.match.frame.Presence[1] = false, client.Left
		p.wait(0)
		if p.press(Enter); p.match.rematch != 2 || strings.Contains(p.says(), "Play again") {
			t.Errorf("a rematch is asked for although the opponent has left: %s", p.says())
		}
	})
}

func TestFlow_SessionThatHasEndedLeadsBack(t *testing.T) {
	inMatch(t, func(p *person) {
		p.press(Back) // the question must not stand in the way
		p.match.frame.Reason, p.match.frame.Code = client.ReasonRefused, wire.CodeFull
		p.became(client.StageClosed)
		p.want(CardClosed)
		if !strings.Contains(p.says(), "The server is full.") {
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
