package front

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/dial"
)

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
		if p.lists != 2 || !strings.Contains(p.says(), "Ann 3 : 7 Bo | 2 watching") {
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
