//go:build !nogui

package gui

import (
	"fmt"

	"pong/internal/client"
	"pong/internal/front"
)

// waiting says that nobody is on the other side yet, and how a friend gets there.
func (p *picture) waiting(f frame) {
	switch {
	case f.view.Watching:
		p.show(dialog{title: "Watching", body: notice(f.view, "Nobody plays here now."), choices: watchOn})
		return
	case waitsForFriend(f.view, f.want):
		p.waitingInRoom(f)
		return
	}
	title, body := "Waiting for an opponent", notice(f.view, "")
	if f.want.Kind == front.Practice {
		title = "Waiting for the bot"
		f.view.Reason = client.ReasonNone
		body = append(notice(f.view, ""), paragraph{text: "It joins over the network like everyone else.", limit: 5})
	}
	top := p.show(dialog{
		title: title,
		room:  26,
		body:  body,
	})
	p.waitDots(f.age, top+8)
	p.help(f)
}

// waitsForFriend reports whether whom one waits for must be told the code of the room.
func waitsForFriend(v client.Frame, want front.Want) bool {
	return v.Stage == client.StageWaiting && !v.Watching && v.Room != "" && want.Kind != front.Practice &&
		v.Presence[1-v.Me] == client.Absent
}

// waitingInRoom shows the code of the room, so that it can be told across a room, and the command that leads there.
func (p *picture) waitingInRoom(f frame) {
	command, remark := front.Invite(oneLine(f.want.Address), f.view.Room)
	body := append([]paragraph{},
		paragraph{text: f.view.Room, face: bold, size: codeSize(f.view.Room), color: colorOwn},
		paragraph{text: "Tell your friend this code, or the command that leads here:", color: colorFaint},
		paragraph{text: command, face: mono, size: 15, limit: 4, typed: true},
	)
	said := "C: copy the command"
	if f.copied != "" {
		said = f.copied
	}
	body = append(body, paragraph{text: said, color: colorFaint, size: 15})
	if remark != "" {
		body = append(body, paragraph{text: remark, color: colorFaint, size: 15})
	}
	top := p.show(dialog{title: "Waiting for your friend", room: 26, body: body})
	p.waitDots(f.age, top+8)
	p.help(f)
}

// codeSize is in which size a room code is shown: large, as long as it fits.
func codeSize(code string) float64 {
	return min(48, 48*dialogInside/max(measure(code, bold, 48), 1))
}

// watchOn is what one who looks on may do when there is nothing more to see.
var watchOn = []choice{
	{"Back", "Esc", cmdBack, false},
	{"Watch another", "Enter", cmdConfirm, true},
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
	for player, is := range f.view.Presence {
		if is == client.Silent && !mine(f.view, player) {
			title = shorten(nameOf(f.view, player), bold, titleSize, 300) + " is away"
		}
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
		title:   "The server is away",
		warning: true,
		room:    26,
		body: append(notice(f.view, ""), paragraph{
			text:  giveUp(f.view),
			color: colorFaint,
		}),
	})
	p.waitDots(f.age, top+8)
}

// giveUp says what happens if nothing is done.
func giveUp(v client.Frame) string {
	if v.Watching {
		return "The picture goes on by itself when the server is heard again. To leave, press Esc."
	}
	return "The game goes on by itself when the server is heard again. To give up, press Esc."
}

// closed says why the session has ended.
func (p *picture) closed(f frame) {
	choices := []choice{{"Join again", "R", cmdRematch, false}, {"Back", "Enter or Esc", cmdConfirm, true}}
	if f.view.Watching {
		choices = watchOn
	}
	p.show(dialog{
		title:   "The session has ended",
		body:    notice(f.view, "The server has closed the connection."),
		choices: choices,
	})
}

// over shows the result and who wants another game.
func (p *picture) over(f frame) {
	v := f.view
	title := "The game is over"
	switch w := v.Winner; {
	case w < 0 || w > 1:
	case mine(v, w):
		title = "You win"
	default:
		title = shorten(nameOf(v, w), bold, titleSize, 300) + " wins"
	}
	body := []paragraph{{text: fmt.Sprintf("%d : %d", v.Score[0], v.Score[1]), face: bold, size: 44}}
	body = append(body, notice(v, "")...)
	for player := range 2 {
		body = append(body, paragraph{text: rematchWord(v, player), color: colorFaint})
	}
	choices := []choice{{"Leave", "Esc", cmdBack, false}, {"Play again", "Enter or R", cmdRematch, true}}
	switch {
	case v.Watching:
		choices = watchOn
	case v.Rematch[v.Me]:
		choices[1] = choice{"You said yes", "waiting for the other", 0, false}
	}
	p.show(dialog{title: title, body: body, choices: choices})
}

// rematchWord says in words whether a player wants another game.
func rematchWord(v client.Frame, player int) string {
	name := shorten(nameOf(v, player), regular, bodySize, 240)
	if mine(v, player) {
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
func notice(v client.Frame, otherwise string) []paragraph {
	s := front.Notice(&v)
	if s == "" {
		s = otherwise
	}
	if s == "" {
		return nil
	}
	return []paragraph{{text: s, limit: 5}}
}
