//go:build !nogui

package gui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"pong/internal/client"
)

// addressPrompt asks for a server.
func (p *picture) addressPrompt(f frame) {
	p.print(middle, 92, "PONG", bold, 72, center, colorInk)
	top := p.show(dialog{
		title: "Server address",
		room:  62,
		body: []paragraph{
			{text: "A name, an address or a join link that begins with pong://", color: colorFaint},
		},
		choices: []choice{
			{"Quit", "Esc", cmdBack, false},
			{"Connect", "Enter", cmdConfirm, true},
		},
	})
	p.field(f, top)
	p.caption(client.FieldHeight-40, "Ctrl+V: paste    F11: full screen", 14*f.zoom)
}

// The text field of the address prompt.
const (
	fieldHeight = 46.0
	fieldSize   = 20.0
	fieldPad    = 14.0
)

// caretBlink is half the period of a blinking caret.
const caretBlink = 530 * time.Millisecond

// field draws the line that is typed with its caret, or in its place what an empty line stands for.
func (p *picture) field(f frame, y float64) {
	x := middle - dialogInside/2
	p.box(x, y, dialogInside, fieldHeight, 6, colorField)
	p.edge(x, y, dialogInside, fieldHeight, 6, 2, colorFaint)
	x += fieldPad
	before := ""
	if len(f.entry.text) == 0 {
		p.print(x+6, y+fieldHeight/2, f.standard, mono, fieldSize, left, colorFaint)
	} else {
		width := func(s string) float64 { return measure(s, mono, fieldSize) }
		part, caret := f.entry.window(dialogInside-2*fieldPad-4, width)
		p.print(x, y+fieldHeight/2, part, mono, fieldSize, left, colorInk)
		before = part[:caret]
	}
	if f.age/caretBlink%2 == 0 {
		p.shapes = append(p.shapes, shape{
			kind: kindCaret, x: x, y: y + 10, w: 2, h: fieldHeight - 20,
			text: before, face: mono, size: fieldSize, color: colorOwn,
		})
	}
}

// connecting shows that something is being done, and how to stop it.
func (p *picture) connecting(f frame) {
	top := p.show(dialog{
		title:   "Connecting",
		room:    34,
		body:    []paragraph{{text: oneLine(f.address), face: mono, color: colorFaint, limit: 2}},
		choices: []choice{{"Cancel", "Esc", cmdBack, true}},
	})
	p.waitDots(f.age, top+10)
}

// waitDots draws three dots, one of which is bright: something goes on.
func (p *picture) waitDots(age time.Duration, y float64) {
	for i := range 3 {
		wave := math.Cos(2 * math.Pi * (age.Seconds()/1.2 - float64(i)/3))
		p.disc(middle+float64(i-1)*22, y, 5, faded(colorInk, 0.3+0.7*max(wave, 0)))
	}
}

// trustQuestion shows a server that nobody vouches for. Refusing is what Enter does.
func (p *picture) trustQuestion(f frame) {
	body := []paragraph{
		{text: f.question.Host, face: mono, size: 18, color: colorOwn, limit: 2},
		{text: "This server is not known yet. Go on only if the server itself shows this fingerprint:", color: colorFaint},
	}
	for _, row := range grouped(f.question.Fingerprint) {
		body = append(body, paragraph{text: row, face: mono, size: 26})
	}
	p.show(dialog{
		title:   "Is this the right server?",
		body:    body,
		warning: true,
		choices: []choice{
			{"No, leave", "Enter, N or Esc", cmdNo, true},
			{"Yes, it is the same", "Y", cmdYes, false},
		},
	})
}

// grouped breaks a fingerprint into rows of four groups, which can be compared by eye. Groups that the server made
// are kept with their colons; a text in one piece is cut into groups of four characters.
func grouped(s string) []string {
	groups, between := strings.Split(s, ":"), ":"
	if len(groups) < 3 {
		groups, between = nil, " "
		for digits := []rune(s); len(digits) > 0; {
			n := min(4, len(digits))
			groups, digits = append(groups, string(digits[:n])), digits[n:]
		}
	}
	var rows []string
	for row := range slices.Chunk(groups, 4) {
		rows = append(rows, strings.Join(row, between))
	}
	return rows
}

// explained breaks an error for a person into paragraphs: what happened, and what to do. Indented lines are to be
// compared or typed, letter by letter.
func explained(failure string) []paragraph {
	var body []paragraph
	sentences := 0
	for part := range strings.Lines(failure) {
		if strings.HasPrefix(part, " ") {
			body = append(body, paragraph{text: part, face: mono, size: 13})
			continue
		}
		body = append(body, paragraph{text: part})
		sentences++
	}
	for i := range body {
		if body[i].face != mono {
			body[i].limit = max(8/sentences, 1)
			if sentences < len(body) {
				body[i].size = bodySize - 1 // there is much to be said
			}
		}
	}
	return body
}

// failed says why there is no connection.
func (p *picture) failed(f frame) {
	body := []paragraph{{text: oneLine(f.address), face: mono, color: colorFaint, limit: 2}}
	p.show(dialog{
		title:   "No connection",
		warning: true,
		body:    append(body, explained(f.failure)...),
		choices: []choice{
			{"Try again", "R", cmdRematch, false},
			{"Another address", "Enter or Esc", cmdConfirm, true},
		},
	})
}

// help draws the one line about the keys.
func (p *picture) help(f frame) {
	sound := "sound off"
	if f.muted {
		sound = "sound on"
	}
	size := 13 * min(f.zoom, 1.2)
	p.caption(hudTop(f)-helpGap, fmt.Sprintf(helpText, sound), size)
}
