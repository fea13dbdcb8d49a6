//go:build !nogui

package gui

import (
	"fmt"
	"strings"

	"pong/internal/client"
)

// waiting says that nobody is on the other side yet.
func (p *picture) waiting(f frame) {
	title := "Waiting for an opponent"
	if strings.TrimSuffix(f.view.Notice, ".") == title {
		f.view.Notice = "" // said already
	}
	top := p.show(dialog{
		title: title,
		room:  26,
		body:  notice(f.view, "The game starts when somebody joins."),
	})
	p.waitDots(f.age, top+8)
	p.help(f)
}

// ready says that both are here and who has to start.
func (p *picture) ready(f frame) {
	v := f.view
	p.show(dialog{
		title: "Ready",
		body: append([]paragraph{
			{text: shorten(nameOf(v, 0), bold, 20, 180) + " – " + shorten(nameOf(v, 1), bold, 20, 180), face: bold, size: 20},
			{text: playTo(v.Points), color: colorFaint},
		}, notice(v, "Waiting for the server's operator to start the game.")...),
	})
	p.help(f)
}

// paused says who is away, and that nothing is lost.
func (p *picture) paused(f frame) {
	title := "Paused"
	if other := 1 - f.view.Me; f.view.Presence[other] == client.Silent {
		title = shorten(nameOf(f.view, other), bold, titleSize, 300) + " is away"
	}
	top := p.show(dialog{
		title: title,
		room:  26,
		body:  notice(f.view, "The match stands still and goes on when both are here."),
	})
	p.waitDots(f.age, top+8)
	p.help(f)
}

// lost says that the server is not heard, and what happens next.
func (p *picture) lost(f frame) {
	top := p.show(dialog{
		title:   "No word from the server",
		warning: true,
		room:    26,
		body: append(notice(f.view, ""), paragraph{
			text:  "The game goes on by itself when the server is heard again. To give up, press Esc.",
			color: colorFaint,
		}),
	})
	p.waitDots(f.age, top+8)
}

// closed says why the session has ended.
func (p *picture) closed(f frame) {
	p.show(dialog{
		title:   "The session has ended",
		body:    notice(f.view, "The server has closed the connection."),
		choices: []choice{{"Back", "Enter or Esc", cmdConfirm, true}},
	})
}

// over shows the result and who wants another game.
func (p *picture) over(f frame) {
	v := f.view
	title := "The game is over"
	switch v.Winner {
	case v.Me:
		title = "You win"
	case 1 - v.Me:
		title = shorten(nameOf(v, v.Winner), bold, titleSize, 300) + " wins"
	}
	body := []paragraph{{text: fmt.Sprintf("%d : %d", v.Score[0], v.Score[1]), face: bold, size: 44}}
	v.Notice = oneLine(resultWords.Replace(v.Notice))
	body = append(body, notice(v, "")...)
	for player := range 2 {
		body = append(body, paragraph{text: rematchWord(v, player), color: colorFaint})
	}
	rematch := choice{"Play again", "Enter or R", cmdRematch, true}
	if v.Rematch[v.Me] {
		rematch = choice{"You said yes", "waiting for the other", 0, false}
	}
	p.show(dialog{title: title, body: body, choices: []choice{{"Leave", "Esc", cmdBack, false}, rematch}})
}

// resultWords takes out of a notice what the title of the result says already.
var resultWords = strings.NewReplacer("You win!", "", "You lose.", "")

// rematchWord says in words whether a player wants another game.
func rematchWord(v client.View, player int) string {
	name := shorten(nameOf(v, player), regular, bodySize, 240)
	if player == v.Me {
		name = "You"
	}
	switch {
	case v.Presence[player] == client.Left:
		return name + ": left"
	case v.Rematch[player]:
		return name + ": yes, play again"
	}
	return name + ": no word yet"
}

// leaving asks before a match is given up. Staying is what Enter does.
func (p *picture) leaving() {
	p.show(dialog{
		title: "Leave the match?",
		body:  []paragraph{{text: "The game goes on while you think.", color: colorFaint}},
		choices: []choice{
			{"Stay", "Enter, N or Esc", cmdNo, true},
			{"Leave", "Y", cmdYes, false},
		},
	})
}

// notice returns the sentence that the client has for the person, or another one in its place.
func notice(v client.View, otherwise string) []paragraph {
	s := v.Notice
	if s == "" {
		s = otherwise
	}
	if s == "" {
		return nil
	}
	return []paragraph{{text: s, limit: 5}}
}
