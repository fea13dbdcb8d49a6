package front

import (
	"testing"

	"pong/internal/client"
	"pong/internal/dial"
)

// TestFlow_EveryChoiceCanBeMarked answers with Left, Right, Enter and Esc alone, as on a keyboard whose letters the
// program does not know.
func TestFlow_EveryChoiceCanBeMarked(t *testing.T) {
	question := dial.Question{Host: "h:5555", Fingerprint: "4f0c:1a2b:99aa:bbcc"}
	for _, test := range []struct {
		keys []Action
		want bool
	}{
		{[]Action{Enter}, false}, // the default
		{[]Action{Back}, false},
		{[]Action{Right, Enter}, true},
		{[]Action{Right, Right, Enter}, true},
		{[]Action{Right, Left, Enter}, false},
		{[]Action{Left, Enter}, false},
		{[]Action{Right, Back}, false},
		{[]Action{Right, No}, false},
	} {
		try(t, Config{}, func(p *person) {
			p.ask = question
			p.write("h")
			p.press(Enter)
			p.do(Input{Row: 1})
			p.want(CardQuestion)
			for _, key := range test.keys {
				p.press(key)
			}
			if len(p.answers) != 1 || p.answers[0] != test.want {
				t.Errorf("%v: the answers are %v, want %v", test.keys, p.answers, test.want)
			}
		})
	}
}

func TestFlow_MarkIsForOneCard(t *testing.T) {
	try(t, Config{Want: Want{Address: "h"}}, func(p *person) {
		p.press(Back)
		p.want(CardLeaving)
		p.press(Right)
		p.press(Back)
		p.press(Back)
		p.want(CardLeaving)
		if p.press(Enter); p.screen().Card.Kind != NoCard {
			t.Errorf("Enter leaves, because Leave was marked on a card before; the screen says %s", p.says())
		}
		p.press(Back)
		p.press(Right)
		p.match.frame.Stage = client.StageScored // the game goes on meanwhile
		p.wait(0)
		p.press(Enter)
		p.want(CardMenu)
	})
}
