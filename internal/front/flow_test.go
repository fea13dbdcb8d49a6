package front

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

func TestFlow_AddressThenMenuThenMatch(t *testing.T) {
	try(t, Config{View: client.ViewInterp}, func(p *person) {
		p.want(CardAddress)
		p.write("10.0.0.7")
		p.press(Enter)
		p.want(CardMenu)
		p.press(Enter)
		p.want(NoCard)
		p.dialled(Want{Kind: Quick, Address: "10.0.0.7"})
		if s := p.screen(); !s.Match || s.Frame.Names != p.match.frame.Names || s.View != client.ViewInterp {
			t.Errorf("the screen shows %+v, want the match, drawn by interp", s)
		}
		if !slices.Equal(p.match.views, []client.View{client.ViewInterp}) {
			t.Errorf("the session was told to draw %v, want interp", p.match.views)
		}
	})
}

func TestFlow_GivenAddressIsDialledAtOnce(t *testing.T) {
	inMatch(t, func(p *person) { p.dialled(Want{Kind: Quick, Address: "h"}) })
}

func TestFlow_GivenWishIsNotAskedFor(t *testing.T) {
	want := Want{Kind: Watch, Name: "ada", Match: "m7"}
	try(t, Config{Want: want}, func(p *person) {
		p.write("h")
		p.press(Enter)
		want.Address = "h"
		p.dialled(want)
		p.want(NoCard)
	})
}

// A page that has no server offers practice only, leads nowhere else, and does not speak of a network.
func TestFlow_PageWithoutServerPractises(t *testing.T) {
	here := Want{Kind: Practice, Level: Normal, Address: "practice", Name: "ada"}
	try(t, Config{Want: here, Alone: true, Browser: true}, func(p *person) {
		p.wait(0)
		p.dialled(here)
		p.press(Back)
		p.press(Yes)
		for range 2 {
			if p.want(CardMenu); p.page() != pagePractice {
				t.Errorf("the menu is open at page %d, want practice", p.page())
			}
			if s := p.says(); strings.Contains(s, "network") || !strings.Contains(s, "in this page") {
				t.Errorf("the menu says %q, want that the match is in this page", s)
			}
			p.press(Back)
		}
	})
}

// TestFlow_ServerOfThisProcess offers practice only, but leads to all other servers and what they have.
func TestFlow_ServerOfThisProcess(t *testing.T) {
	own := Want{Kind: Practice, Level: Normal, Address: "pong://127.0.0.1:7", Name: "ada"}
	try(t, Config{Want: own, Alone: true}, func(p *person) {
		p.wait(0)
		p.dialled(own)
		p.press(Back)
		p.press(Yes)
		if p.want(CardMenu); p.page() != pagePractice {
			t.Errorf("the menu is open at page %d, want practice", p.page())
		}
		p.press(Back)
		p.want(CardAddress)
		if s := p.says(); p.screen().Card.Field.Text != "" || strings.Contains(s, "127.0.0.1") ||
			!strings.Contains(s, "the server in this program") {
			t.Errorf("the address of a server that is the program's own is shown: %s", s)
		}
		p.press(Enter)
		if p.want(CardMenu); p.page() != pagePractice {
			t.Errorf("no address leads to page %d, want the practice of this process", p.page())
		}
		p.press(Back)
		p.write("h")
		p.press(Enter)
		if p.want(CardMenu); p.page() != pageMain {
			t.Errorf("another server has page %d, want all that it offers", p.page())
		}
	})
}

func TestFlow_PanicOfACallIsOneOfStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := Config{Want: Want{Address: "h"}}
		cfg.Dial = func(context.Context, Want, Ask) (Session, error) { panic("while it dials") }
		f := New(t.Context(), time.Now(), cfg)
		synctest.Wait()
		defer f.Close()
		defer func() {
			if p, ok := recover().(string); !ok || !strings.Contains(p, "while it dials") ||
				!strings.Contains(p, "flow_test.go") {
				t.Errorf("Step panicked with %q, want what the call said and where", p)
			}
		}()
		f.Step(time.Now(), game.None)
	})
}

func TestFlow_HeldInputReachesTheSessionOnceAFrame(t *testing.T) {
	inMatch(t, func(p *person) {
		p.match.inputs = nil
		for _, in := range []game.Input{game.Up, game.Down, game.None} {
			p.flow.Step(p.now, in)
		}
		if want := []game.Input{game.Up, game.Down, game.None}; !slices.Equal(p.match.inputs, want) {
			t.Errorf("the session was given %v, want %v", p.match.inputs, want)
		}
		p.match.frame.Watching = true
		p.wait(0)
		p.match.inputs = nil
		if p.flow.Step(p.now, game.Up); !slices.Equal(p.match.inputs, []game.Input{game.None}) {
			t.Errorf("the session of a watcher was given %v", p.match.inputs)
		}
	})
}

// TestFlow_HiddenScreenDoesNotUpdateTheSession takes frames of a session without updating it.
func TestFlow_HiddenScreenDoesNotUpdateTheSession(t *testing.T) {
	inMatch(t, func(p *person) {
		updates := len(p.match.inputs)
		p.match.frame.Score[0]++
		p.flow.StepHidden(p.now)
		if n := len(p.match.inputs) - updates; n != 0 || p.screen().Frame.Score != p.match.frame.Score {
			t.Errorf("%d updates and the score %v, want none and %v", n, p.screen().Frame.Score, p.match.frame.Score)
		}
	})
}

// TestFlow_KeyIsNotForACardThatHasJustAppeared: what was pressed at that moment was meant for what was there before.
func TestFlow_KeyIsNotForACardThatHasJustAppeared(t *testing.T) {
	inMatch(t, func(p *person) {
		p.atOnce(Input{Actions: Back})
		p.want(CardLeaving)
		p.became(client.StageOver) // as the person presses Enter to stay
		p.atOnce(Input{Actions: Enter})
		p.want(CardOver)
		p.atOnce(Input{Actions: Back})
		if p.want(CardOver); p.match.rematch != 0 {
			t.Fatal("Enter asked for a rematch in the frame in which the result appeared")
		}
		for p.now.Before(p.flow.since.Add(guardTime)) {
			p.atOnce(Input{Actions: Enter | Again | Yes | Back, Row: 1})
			p.wait(0)
		}
		if p.want(CardOver); p.match.rematch != 0 {
			t.Fatal("Enter asked for a rematch within half a second after the result appeared")
		}
		p.atOnce(Input{Actions: Enter})
		if p.match.rematch != 1 {
			t.Error("half a second later Enter does not ask for a rematch")
		}
	})
}

// TestFlow_KeyIsForACardThatThePersonOpened: it is never too early for the next one.
func TestFlow_KeyIsForACardThatThePersonOpened(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.atOnce(Input{Text: "h"})
		p.atOnce(Input{Actions: Enter})
		p.atOnce(Input{Actions: Down})
		p.atOnce(Input{Actions: Enter})
		p.atOnce(Input{Actions: Back})
		p.atOnce(Input{Actions: Up})
		p.atOnce(Input{Actions: Enter})
		p.want(CardDialling)
	})
}

func TestFlow_MovementIsNeverIgnored(t *testing.T) {
	inMatch(t, func(p *person) {
		p.became(client.StageReady)
		p.atOnce(Input{Actions: NextView})
		p.match.inputs = nil
		p.flow.Step(p.now, game.Down)
		if !slices.Equal(p.match.inputs, []game.Input{game.Down}) || p.screen().View != client.ViewPredict {
			t.Errorf("while a card is new the session was given %v and the view is %v", p.match.inputs, p.screen().View)
		}
	})
}

func TestFlow_ViewIsSwitchedAndKept(t *testing.T) {
	inMatch(t, func(p *person) {
		for range 3 {
			p.press(NextView)
		}
		want := []client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp, client.ViewFilter}
		if !slices.Equal(p.match.views, want) {
			t.Errorf("the session was told to draw %v, want %v", p.match.views, want)
		}
	})
}

func TestFlow_AgeBeginsWithTheStage(t *testing.T) {
	inMatch(t, func(p *person) {
		p.wait(time.Minute)
		p.became(client.StageScored)
		if age := p.screen().Age; age > time.Second {
			t.Errorf("a frame after the point its age is %v", age)
		}
	})
}

func TestFlow_QuitLeavesFromAnywhere(t *testing.T) {
	inMatch(t, func(p *person) {
		p.atOnce(Input{Actions: Quit})
		if !p.flow.Left() {
			t.Error("Quit in a match does not leave")
		}
	})
}

func TestFlow_CloseEndsTheSession(t *testing.T) {
	var m *madeUp
	inMatch(t, func(p *person) { m = p.match })
	if !m.closed {
		t.Error("the session was not closed")
	}
}
