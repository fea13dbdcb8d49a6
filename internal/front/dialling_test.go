package front

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/dial"
)

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
		p.want(CardFailed)
		if !strings.Contains(p.says(), "connection refused | pong trust") || p.flow.Err() != p.err {
			t.Errorf("the screen says %s and the error is %v, want %v in both", p.says(), p.flow.Err(), p.err)
		}
		p.press(Again)
		p.want(CardFailed)
		p.press(Enter)
		p.want(CardAddress)
		if got := p.screen().Card.Field.Text; got != "h" || p.lists != 2 || p.flow.Err() != nil {
			t.Errorf("back at the address it reads %q after %d attempts with the error %v, want h, 2 and none",
				got, p.lists, p.flow.Err())
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
