//go:build !js

package term

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

var down = tea.Key{Code: tea.KeyDown}

// atMenu is a person who has typed an address, and is called ada.
func atMenu(t *testing.T) *model {
	t.Helper()
	m := newTestModel(t, "")
	press(m, char('h'), enter)
	if m.screen != screenMenu {
		t.Fatalf("after the address screen %d, want the menu", m.screen)
	}
	return m
}

// playing is a person before whom a match stands as the view says.
func playing(t *testing.T, v client.Frame) *model {
	t.Helper()
	m := newTestModel(t, "h")
	m.screen, m.view, m.call = screenPlay, v, nil
	return m
}

func TestMenuEndsInWhatIsDialled(t *testing.T) {
	for name, test := range map[string]struct {
		keys []tea.Key
		want front.Want
	}{
		"quick": {[]tea.Key{enter}, front.Want{Kind: front.Quick}},
		"friend": {[]tea.Key{char('j'), enter, char('m'), char('q'), char('-'), char('4'), char('w'), {Code: tea.KeyBackspace}, char('2'), enter},
			front.Want{Kind: front.Friend, Room: "mq-42"}},
		"practice": {[]tea.Key{down, down, enter, {Code: tea.KeyTab}, enter}, front.Want{Kind: front.Practice, Level: front.Hard}},
		"another name": {[]tea.Key{char('w'), enter, char('B'), char('o'), enter, enter},
			front.Want{Kind: front.Quick, Name: "Bo"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := atMenu(t)
			press(m, test.keys...)
			if test.want.Address = "h"; test.want.Name == "" {
				test.want.Name = "ada"
			}
			if m.screen != screenDialling || m.want != test.want {
				t.Errorf("screen %d dials %+v, want %+v\n%s", m.screen, m.want, test.want, m.draw())
			}
		})
	}
}

func TestEscapeLeadsBack(t *testing.T) {
	m := atMenu(t)
	press(m, enter) // dialling
	press(m, escape)
	if m.screen != screenMenu || m.call != nil {
		t.Fatalf("Esc while dialling leads to screen %d, the call is given up: %v", m.screen, m.call == nil)
	}
	press(m, down, enter, escape)
	if page := m.menu.Show().Page; m.screen != screenMenu || page != front.PageMain {
		t.Errorf("Esc leads to screen %d, page %d, want the main page", m.screen, page)
	}
	press(m, escape)
	if m.screen != screenAddress || m.prompt.text() != "h" {
		t.Errorf("Esc leads to screen %d with %q, want the address that was typed", m.screen, m.prompt.text())
	}
}

// TestAnAnswerThatIsGivenUpChangesNothing: it was for another call.
func TestAnAnswerThatIsGivenUpChangesNothing(t *testing.T) {
	m := atMenu(t)
	press(m, enter)
	late := m.call
	press(m, escape)
	m.Update(answered{call: late, err: errors.New("too late")})
	if m.screen != screenMenu || strings.Contains(m.draw(), "too late") {
		t.Errorf("screen %d shows\n%s", m.screen, m.draw())
	}
	press(m, enter)
	m.Update(question{unknown, late, make(chan bool, 1)})
	if m.screen != screenDialling {
		t.Errorf("a question that nobody waits for leads to screen %d", m.screen)
	}
	if late.ctx.Err() == nil {
		t.Error("a call that was given up goes on")
	}
}

func TestRefusedWishLeadsBackToTheMenu(t *testing.T) {
	m := atMenu(t)
	press(m, enter)
	m.Update(answered{call: m.call, err: &dial.RefusedError{Code: "room", Message: "two are playing in this room already"}})
	if m.screen != screenMenu || !strings.Contains(m.draw(), "two are playing") {
		t.Fatalf("screen %d shows\n%s", m.screen, m.draw())
	}
	if press(m, down); strings.Contains(m.draw(), "two are playing") {
		t.Error("the problem stays when one goes on choosing")
	}
}

func TestListIsAskedForWhileItIsShown(t *testing.T) {
	m := atMenu(t)
	now := time.Unix(1000, 0)
	if m.askForMatches(now) != nil {
		t.Error("the list is asked for before it is wanted")
	}
	m.menu.Open(front.PageWatch)
	ask := m.askForMatches(now)
	if ask == nil || m.askForMatches(now) != nil {
		t.Fatal("the list is not asked for, or twice at once")
	}
	m.Update(ask())
	if !strings.Contains(m.draw(), "Ann  3 : 7  Bo") || !strings.Contains(m.draw(), "2 watching") {
		t.Errorf("it shows\n%s", m.draw())
	}
	if m.askForMatches(now.Add(relistEvery-1)) != nil || m.askForMatches(now.Add(relistEvery)) == nil {
		t.Errorf("the list is not renewed every %v", relistEvery)
	}
	press(m, enter)
	if want := (front.Want{Kind: front.Watch, Address: "h", Name: "ada", Match: "m7"}); m.want != want {
		t.Errorf("chose %+v, want %+v", m.want, want)
	}
	if m.askForMatches(now.Add(time.Hour)) != nil {
		t.Error("the list is asked for although it is not shown")
	}
}

func TestRefusedListIsNotAskedForAgain(t *testing.T) {
	m := atMenu(t)
	m.menu.Open(front.PageWatch)
	m.askForMatches(time.Unix(1000, 0))
	answer := make(chan bool, 1)
	m.Update(question{unknown, m.listing, answer})
	if m.screen != screenQuestion {
		t.Fatalf("screen %d, want the question", m.screen)
	}
	press(m, char('n'))
	if <-answer || m.screen != screenMenu || m.askForMatches(time.Unix(2000, 0)) != nil {
		t.Errorf("after a no screen %d, and the list is asked for again", m.screen)
	}
}

func TestWhatWasSaidBeforehandIsNotAskedFor(t *testing.T) {
	m := newTestModel(t, "")
	m.cfg.Want = front.Want{Kind: front.Watch, Match: "m7", Name: "ada"}
	press(m, char('h'), enter)
	if want := (front.Want{Kind: front.Watch, Match: "m7", Name: "ada", Address: "h"}); m.screen != screenDialling || m.want != want {
		t.Errorf("screen %d dials %+v, want %+v", m.screen, m.want, want)
	}
	m.want.Match = ""
	if !strings.Contains(m.draw(), "Waiting for a match to begin.") {
		t.Errorf("while it waits it shows\n%s", m.draw())
	}
}

func TestLeavingIsAskedWhereSomethingIsAtStake(t *testing.T) {
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		for _, watching := range []bool{false, true} {
			m := playing(t, with(func(v *client.Frame) { v.Stage, v.Watching = stage, watching }))
			press(m, escape)
			if free := watching || standsStill(stage); m.leaving == free || (m.screen == screenMenu) != free {
				t.Errorf("%v, watching %v: Esc asks: %v, screen %d", stage, watching, m.leaving, m.screen)
			}
		}
	}
	m := playing(t, sample())
	press(m, escape, char('w'))
	if !m.leaving || m.stick.input != game.Up || !strings.Contains(m.draw(), "Leave the match?") {
		t.Errorf("the question stands: %v, the paddle gets %v\n%s", m.leaving, m.stick.input, m.draw())
	}
	if press(m, enter); m.leaving || m.screen != screenPlay {
		t.Error("Enter does not stay")
	}
	if press(m, escape, char('y')); m.screen != screenMenu || m.view.Score != [2]int{} {
		t.Error("y does not leave")
	}
}

func TestOneWhoLooksOnMovesNothing(t *testing.T) {
	m := playing(t, with(func(v *client.Frame) { v.Watching = true }))
	if press(m, char('w')); m.stick.input != game.None {
		t.Errorf("w gives %v", m.stick.input)
	}
	if press(m, enter); m.screen != screenPlay {
		t.Error("Enter leaves a match that is being played")
	}
	m.view.Stage = client.StageOver
	press(m, char('r')) // there is no session that could be asked
	if press(m, enter); m.screen != screenMenu || m.menu.Show().Page != front.PageWatch {
		t.Errorf("after the match Enter leads to screen %d, want the list", m.screen)
	}
}

func TestAfterTheEndOneCanJoinAgain(t *testing.T) {
	m := playing(t, with(func(v *client.Frame) { v.Stage = client.StageClosed }))
	want := m.want
	if press(m, char('r')); m.screen != screenDialling || m.want != want {
		t.Errorf("r leads to screen %d and %+v, want it dialling %+v", m.screen, m.want, want)
	}
}

// TestMenuPictures compares the pages with files of testdata.
func TestMenuPictures(t *testing.T) {
	at := func(p front.Page) *front.Menu {
		m := front.NewMenu("pong.example.org", "ada", false)
		m.Pick = func(int) int { return 7 }
		m.Open(p)
		return m
	}
	many := at(front.PageWatch)
	var games []dial.Match
	for i := range 32 {
		games = append(games, dial.Match{Name: string(rune('a' + i)), Names: [2]string{"Ann", "Bo"}, Score: [2]int{i, 1}, Watchers: i % 3})
	}
	many.Listed(games, nil)
	many.Step(20)
	for name, m := range map[string]*front.Menu{"main": at(front.PageMain), "friend": at(front.PageFriend), "watch": many} {
		var c canvas
		got := renderMenu(&c, m.Show(), "", 80, 24, false)
		checkSize(t, got, 80, 24)
		checkPicture(t, "menu-"+name+"-80x24", got)
		for width := 0; width < 100; width += 7 {
			for height := 0; height < 30; height += 3 {
				small := renderMenu(&c, m.Show(), strings.Repeat("problem ", 30), width, height, true)
				checkSize(t, small, width, height)
			}
		}
	}
	if got := renderMenu(new(canvas), many.Show(), "", 80, 24, false); !strings.Contains(got, "▸ Ann  20 : 1  Bo") {
		t.Errorf("the choice is not among the rows that are shown:\n%s", got)
	}
}

// TestNothingIsMineForOneWhoLooksOn, in no stage.
func TestNothingIsMineForOneWhoLooksOn(t *testing.T) {
	for stage := client.StageWaiting; stage <= client.StageClosed; stage++ {
		v := with(func(v *client.Frame) {
			v.Stage, v.Watching, v.Winner, v.Scorer, v.Countdown, v.Rematch[1] = stage, true, 0, 0, 2, true
		})
		got := render(new(canvas), &v, 120, 40, look{})
		if !strings.Contains(got, "WATCHING") {
			t.Errorf("%v: it does not say that one looks on:\n%s", stage, got)
		}
		for _, words := range []string{"you)", "You win", "You play", "for you", "r: play", "r: join", "W/S", "lead"} {
			if strings.Contains(got, words) {
				t.Errorf("%v: it says %q to one who looks on:\n%s", stage, words, got)
			}
		}
	}
	if whose(&client.Frame{Watching: true}, 0) == mine {
		t.Error("a paddle has the colour of one's own")
	}
}

func TestWaitingInARoomTellsTheWayThere(t *testing.T) {
	v := with(func(v *client.Frame) {
		v.Stage, v.Room, v.Presence[1], v.Reason = client.StageWaiting, "maple-42", client.Absent, client.ReasonNoOpponent
	})
	want := front.Want{Kind: front.Friend, Address: "192.168.1.20", Room: "maple-42"}
	head, rest := message(&v, want)
	if head != "maple-42" || !slices.Contains(rest, "pong play 192.168.1.20 --room maple-42") {
		t.Errorf("it says %q and %q", head, rest)
	}
	want.Kind = front.Practice
	if head, _ := message(&v, want); head == "maple-42" {
		t.Error("the room in which one practises is told to others")
	}
}
