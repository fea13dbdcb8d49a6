package front

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/wire"
)

// A madeUp match is a session of a test.
type madeUp struct {
	frame   client.Frame
	inputs  []game.Input
	views   []client.View
	rematch int
	closed  bool
}

func (m *madeUp) Update(_ time.Time, in game.Input) { m.inputs = append(m.inputs, in) }
func (m *madeUp) Frame(time.Time) client.Frame      { return m.frame }
func (m *madeUp) Rematch()                          { m.rematch++ }
func (m *madeUp) SetView(v client.View)             { m.views = append(m.views, v) }
func (m *madeUp) Close() error                      { m.closed = true; return nil }

// rally is a match in full swing, of which player 1 is the person.
func rally() client.Frame {
	return client.Frame{
		Stage: client.StagePlaying, Names: [2]string{"Ada", "Grace"},
		Presence: [2]client.Presence{client.Online, client.Online},
		Points:   11, Match: "m7", Score: [2]int{7, 10}, Scorer: -1, Winner: -1, BallInPlay: true,
	}
}

// A person goes through a flow. Its servers do what the fields say.
type person struct {
	t     *testing.T
	flow  *Flow
	now   time.Time
	match *madeUp

	err   error         // that dialling and listing end with
	ask   dial.Question // that they ask, if it has a host
	hang  bool          // dialling does not end by itself
	games []dial.Match  // that are played

	answers []bool
	dials   []Want
	lists   int // how often the matches were asked for
}

// try runs a script in a bubble, where every goroutine has settled after each step.
func try(t *testing.T, cfg Config, script func(p *person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := &person{t: t, now: time.Unix(0, 0), match: &madeUp{frame: rally()}}
		cfg.Dial, cfg.List = p.dial, p.list
		p.flow = New(ctx, p.now, cfg)
		script(p)
		cancel()
		p.flow.Close()
	})
}

func (p *person) list(ctx context.Context, _ string, ask Ask) ([]dial.Match, error) {
	p.lists++
	if err := p.asks(ctx, ask); err != nil {
		return nil, err
	}
	return p.games, p.err
}

func (p *person) dial(ctx context.Context, want Want, ask Ask) (Session, error) {
	p.dials = append(p.dials, want)
	if err := p.asks(ctx, ask); err != nil {
		return nil, err
	}
	if p.hang {
		<-ctx.Done()
	}
	if p.err != nil {
		return nil, p.err
	}
	return p.match, nil
}

func (p *person) asks(ctx context.Context, ask Ask) error {
	if p.ask.Host == "" {
		return nil
	}
	yes := ask(ctx, p.ask)
	if p.answers = append(p.answers, yes); !yes {
		return errors.New("not trusted")
	}
	return nil
}

// wait lets some time pass, a frame at a time.
func (p *person) wait(d time.Duration) {
	for range d/(time.Second/60) + 1 {
		synctest.Wait()
		p.now = p.now.Add(time.Second / 60)
		p.flow.Step(p.now, game.None)
	}
}

// at once does something in this frame; do waits until a card that has appeared can be chosen from, before and after.
func (p *person) atOnce(in Input) { p.flow.Do(p.now, in) }

func (p *person) do(in Input) {
	p.wait(guardTime)
	p.atOnce(in)
	p.wait(guardTime)
}

func (p *person) press(a Action) { p.do(Input{Actions: a}) }
func (p *person) write(s string) { p.do(Input{Text: s}) }
func (p *person) screen() Screen { return p.flow.Screen(p.now) }
func (p *person) page() page     { return p.flow.menu.page }
func (p *person) became(v client.Stage) {
	p.match.frame.Stage = v
	p.wait(0)
}

// want fails unless a kind of card is shown.
func (p *person) want(k CardKind) {
	p.t.Helper()
	if got := p.screen().Card.Kind; got != k {
		p.t.Fatalf("the card is of kind %d, want %d; it says %s", got, k, p.says())
	}
}

// says returns all that is shown, in one line.
func (p *person) says() string { return saysCard(p.screen().Card) + " | " + p.screen().Aside }

func saysCard(c Card) string {
	words := []string{c.Title}
	for _, l := range c.Lines {
		words = append(words, l.Text)
	}
	for _, r := range c.Rows {
		words = append(words, r.Label, r.Detail)
	}
	for _, c := range c.Choices {
		words = append(words, c.Label)
	}
	return strings.Join(append(words, c.Footer), " | ")
}

func (p *person) dialled(want Want) {
	p.t.Helper()
	if len(p.dials) == 0 || p.dials[len(p.dials)-1] != want {
		p.t.Errorf("dialled %+v, want %+v at last", p.dials, want)
	}
}

// atMenu is a person called ada who has typed the address h.
func atMenu(t *testing.T, script func(p *person)) {
	t.Helper()
	try(t, Config{Want: Want{Name: "ada"}}, func(p *person) {
		p.write("h")
		p.press(Enter)
		p.want(CardMenu)
		script(p)
	})
}

// inMatch is a person who was given an address.
func inMatch(t *testing.T, script func(p *person)) {
	t.Helper()
	try(t, Config{Want: Want{Address: "h"}}, func(p *person) {
		p.wait(0)
		p.want(NoCard)
		script(p)
	})
}

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

func TestFlow_EmptyAddressIsTheDefault(t *testing.T) {
	for _, standard := range []string{"", "lan.example"} {
		try(t, Config{Default: standard}, func(p *person) {
			want := standard
			if want == "" {
				want = "localhost"
			}
			if c := p.screen().Card; c.Field.Placeholder != want ||
				!strings.Contains(p.says(), "If you leave it empty: "+want+".") {
				t.Errorf("the default is %q, and the screen says %q and %s", want, c.Field.Placeholder, p.says())
			}
			p.press(Enter)
			p.press(Enter)
			p.dialled(Want{Kind: Quick, Address: want})
		})
	}
}

func TestFlow_AddressIsCheckedWhenItIsEntered(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.write("127.3.0.9:229127.3.0.1:22555")
		p.press(Enter)
		p.want(CardAddress)
		wrong := func() bool {
			return slices.ContainsFunc(p.screen().Card.Lines, func(l Line) bool {
				return l.Style == Wrong && strings.Contains(l.Text, "229127")
			})
		}
		if !wrong() {
			t.Errorf("an address that is none is not called so: %s", p.says())
		}
		if p.press(Erase); wrong() {
			t.Error("the problem stays when one goes on typing")
		}
		p.press(Clear)
		p.write("h")
		p.press(Enter)
		p.want(CardMenu)
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

func TestFlow_DiallingCanBeCancelled(t *testing.T) {
	atMenu(t, func(p *person) {
		p.hang = true
		p.press(Enter)
		p.want(CardDialling)
		p.atOnce(Input{Actions: Back})
		p.want(CardMenu)
		p.wait(0)
		if p.want(CardMenu); !p.match.closed {
			t.Error("the session that came too late was not closed")
		}
	})
}

// TestFlow_ShowsThatTheServerIsBusy dials a server that closes connections. The card of dialling says so while Dial
// waits, and no longer.
func TestFlow_ShowsThatTheServerIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d Dialer
		busy := make(chan bool)
		d.join = func(_ context.Context, cfg dial.Config) (Session, dial.Config, error) {
			for <-busy {
				cfg.Waiting(dial.Wait{Attempt: 2, Err: errors.New("closed")})
			}
			return &madeUp{frame: rally()}, cfg, nil
		}
		want := Want{Address: "h", Name: "Ada"}
		f := New(t.Context(), time.Now(), Config{Want: want, Dial: d.Dial, Waiting: d.Waiting})
		defer f.Close()
		for _, says := range []bool{false, true} {
			if says {
				busy <- true
			}
			synctest.Wait()
			c := f.card()
			if got := slices.ContainsFunc(c.Lines, func(l Line) bool {
				return strings.Contains(l.Text, "The server is busy") && strings.Contains(l.Text, "(attempt 2)")
			}); c.Kind != CardDialling || got != says {
				t.Errorf("card %v says that the server is busy: %v, want %v: %+v", c.Kind, got, says, c.Lines)
			}
		}
		busy <- false
		synctest.Wait()
		if w := d.Waiting(); w != nil {
			t.Errorf("after Dial the Dialer waits: %+v", w)
		}
	})
}

func TestFlow_UnknownServerIsRefusedUnlessThePersonSaysYes(t *testing.T) {
	for name, c := range map[string]struct {
		press Action
		want  bool
	}{
		"enter": {Enter, false}, "escape": {Back, false}, "n": {No, false}, "y": {Yes, true},
		"y and enter": {Yes | Enter, false},
	} {
		t.Run(name, func(t *testing.T) {
			atMenu(t, func(p *person) {
				p.ask = dial.Question{Host: "h:5555", Fingerprint: "aaaa:bbbb:cccc:dddd:eeee"}
				p.press(Enter)
				p.want(CardQuestion)
				for _, words := range []string{"h:5555", "aaaa:bbbb:cccc:dddd", "eeee"} {
					if !strings.Contains(p.says(), words) {
						t.Errorf("the question does not show %q: %s", words, p.says())
					}
				}
				p.press(Again | NextView | Up) // neither yes nor no
				p.want(CardQuestion)
				p.press(c.press)
				if !slices.Equal(p.answers, []bool{c.want}) {
					t.Errorf("the answers are %v, want %v", p.answers, c.want)
				}
				if k := p.screen().Card.Kind; (k == NoCard) != c.want || !c.want && k != CardFailed {
					t.Errorf("after the answer the card is of kind %d", k)
				}
			})
		})
	}
}

func TestFlow_FailureIsShownWithAWayBack(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.err = errors.New("dial h: connection refused\n  pong trust forget h")
		p.write("h")
		p.press(Enter)
		p.press(Enter)
		p.want(CardFailed)
		if !strings.Contains(p.says(), "connection refused | pong trust") || p.flow.Err() != p.err {
			t.Errorf("the screen says %s and the error is %v, want %v in both", p.says(), p.flow.Err(), p.err)
		}
		p.press(Again)
		p.want(CardFailed)
		p.press(Enter)
		p.want(CardAddress)
		if got := p.screen().Card.Field.Text; got != "h" || len(p.dials) != 2 || p.flow.Err() != nil {
			t.Errorf("back at the address it reads %q after %d attempts with the error %v, want h, 2 and none",
				got, len(p.dials), p.flow.Err())
		}
		p.press(Back)
		if !p.flow.Left() {
			t.Error("Back at the address does not leave the program")
		}
	})
}

// TestFlow_RefusalLeadsBackToTheMenu, because the server was reached.
func TestFlow_RefusalLeadsBackToTheMenu(t *testing.T) {
	atMenu(t, func(p *person) {
		p.err = &dial.RefusedError{Code: "room", Message: "two are playing in this room already"}
		p.press(Enter)
		p.want(CardFailed)
		p.press(Back)
		p.want(CardMenu)
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

func TestFlow_ListIsRenewedWhileItIsShown(t *testing.T) {
	atMenu(t, func(p *person) {
		p.press(Up)
		p.press(Up) // to "Watch"
		p.atOnce(Input{Actions: Enter})
		p.wait(0)
		p.wait(0)
		if p.lists != 1 || !strings.Contains(p.says(), "No match is being played now.") {
			t.Errorf("asked %d times, and the screen says %s", p.lists, p.says())
		}
		p.games = []dial.Match{{Name: "m7", Names: [2]string{"Ann", "Bo"}, Score: [2]int{3, 7}, Watchers: 2}}
		p.wait(relistEvery + 100*time.Millisecond)
		if p.lists != 2 || !strings.Contains(p.says(), "Ann  3 : 7  Bo | 2 watching") {
			t.Errorf("a second later asked %d times, want 2; the screen says %s", p.lists, p.says())
		}
		p.press(Enter)
		p.dialled(Want{Kind: Watch, Address: "h", Name: "ada", Match: "m7"})
		asked := p.lists
		p.wait(2 * relistEvery)
		if p.lists != asked {
			t.Error("the list is asked for although a match is shown")
		}
	})
}

func TestFlow_RefusedListIsNotAskedForAgain(t *testing.T) {
	for _, yes := range []bool{true, false} {
		atMenu(t, func(p *person) {
			p.ask = dial.Question{Host: "h:5555", Fingerprint: "aaaa:bbbb:cccc"}
			p.flow.menu.open(pageWatch)
			p.wait(guardTime)
			p.want(CardQuestion)
			p.ask = dial.Question{}
			if yes {
				p.press(Yes)
			} else {
				p.press(No)
			}
			p.wait(2 * relistEvery)
			if p.want(CardMenu); (p.page() == pageWatch) != yes || !slices.Equal(p.answers, []bool{yes}) {
				t.Errorf("after %v the menu is at page %d, and the answers were %v", yes, p.page(), p.answers)
			}
		})
	}
}

func TestFlow_RowsCanBeClicked(t *testing.T) {
	atMenu(t, func(p *person) {
		p.do(Input{Row: 3})
		if p.page() != pagePractice {
			t.Fatalf("a click on row 3 leads to page %d, want practice", p.page())
		}
		p.do(Input{Row: 99}) // there is none
		p.do(Input{Row: 3})
		p.dialled(Want{Kind: Practice, Address: "h", Name: "ada", Level: Hard})
	})
}

func TestFlow_WhatAServerPrintsCanBePasted(t *testing.T) {
	const link = "pong://192.168.1.20:5555/#k=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, text := range []string{
		"Join with: pong play '" + link + "'\n", "<" + link + ">.",
		link[:20] + "\r\n" + link[20:] + "\nWaiting for players",
		strings.Repeat("some words ", 100) + link, strings.Replace(link, "#", "%23", 1),
	} {
		try(t, Config{}, func(p *person) {
			p.write("local")
			p.atOnce(Input{Text: text})
			if got := p.screen().Card.Field.Text; got != link {
				t.Errorf("pasting %q gives %q", text, got)
			}
			p.press(Enter)
			p.want(CardMenu)
			if p.flow.want.Address != link {
				t.Errorf("after pasting %q the server is %q", text, p.flow.want.Address)
			}
		})
	}
}

func TestFlow_RubbishIsRefusedWhereItIsPasted(t *testing.T) {
	for text, want := range map[string]string{
		"Hello there,\nsee you at eight": "no spaces", "https://example.org/": "another kind of link",
		"pong://192.168.1.20:5555/#k=AAAA": "copy the whole link again", "10.0.0.1 or 10.0.0.2": "no spaces",
	} {
		try(t, Config{}, func(p *person) {
			p.atOnce(Input{Text: text})
			p.press(Enter)
			p.want(CardAddress)
			if !strings.Contains(p.says(), want) {
				t.Errorf("after %q and Enter the screen says %s; want %q", text, p.says(), want)
			}
		})
	}
}

func TestFlow_PasteThatFailsIsExplained(t *testing.T) {
	try(t, Config{}, func(p *person) {
		p.flow.Pasted(PasteNoProgram)
		if !strings.Contains(p.says(), "no program for the clipboard") {
			t.Errorf("where an address is typed the screen says %s", p.says())
		}
		p.write("h")
		p.press(Enter)
		p.flow.Pasted(PasteEmpty)
		if p.want(CardMenu); strings.Contains(p.says(), "clipboard") {
			t.Errorf("in the menu the screen says %s", p.says())
		}
		p.do(Input{Row: 2})
		p.flow.Pasted(PasteEmpty)
		if !strings.Contains(p.says(), "No text could be read") {
			t.Errorf("where a room code is typed the screen says %s", p.says())
		}
	})
}

func TestFlow_LettersAreTextWhereALineIsTyped(t *testing.T) {
	atMenu(t, func(p *person) {
		p.do(Input{Row: 2})
		if !p.screen().Card.Typing {
			t.Fatal("a room code cannot be typed")
		}
		p.do(Input{Text: "Maple", Actions: NextView})
		p.write("-427")
		p.press(Erase)
		if got := p.screen().Card.Field.Text; got != "Maple-42" ||
			!strings.Contains(p.says(), "The code of the room becomes: | maple-42") {
			t.Errorf("typed %q, and the screen says %s", got, p.says())
		}
		p.press(Enter)
		p.dialled(Want{Kind: Friend, Address: "h", Name: "ada", Room: "maple-42"})
	})
}

func TestFlow_NewNameIsUsed(t *testing.T) {
	atMenu(t, func(p *person) {
		p.do(Input{Row: 5})
		p.write("Bo")
		p.press(Enter)
		p.press(Enter)
		p.dialled(Want{Kind: Quick, Address: "h", Name: "Bo"})
	})
}

func TestFlow_CommandForAFriendIsCopied(t *testing.T) {
	try(t, Config{Want: Want{Kind: Friend, Address: "192.168.1.20", Room: "maple-42"}}, func(p *person) {
		v := &p.match.frame
		v.Stage, v.Room, v.Presence[1] = client.StageWaiting, "maple-42", client.Absent
		p.wait(0)
		p.atOnce(Input{Actions: Copy})
		command := p.flow.TakeCopy()
		if command != "pong play 192.168.1.20 --room maple-42" || p.flow.TakeCopy() != "" ||
			!strings.Contains(p.says(), command) {
			t.Errorf("copied %q, and the screen says %s", command, p.says())
		}
		p.flow.Copied(CopyDone)
		if !strings.Contains(p.says(), "in the clipboard") {
			t.Errorf("the screen says %s", p.says())
		}
		p.match.frame.Presence[1] = client.Joined
		p.wait(0)
		if p.press(Copy); p.flow.TakeCopy() != "" {
			t.Error("the command is copied when the friend is there already")
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
