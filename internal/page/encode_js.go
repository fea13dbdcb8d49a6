package main

import (
	"encoding/json"
	"strconv"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/scene"
)

// A shown is what the page shows beside the field, as JSON.
type shown struct {
	Card     *cardShown     `json:"card"`
	Match    bool           `json:"match"`
	Playing  bool           `json:"playing"` // from the countdown to the result
	Names    [2][2]string   `json:"names"`   // and notes on them
	Own      int            `json:"own"`     // the own player; -1 for a watcher
	Score    [2]int         `json:"score"`
	Figures  []front.Figure `json:"figures"`
	TCP      bool           `json:"tcp"`
	Aside    string         `json:"aside"`
	Caption  string         `json:"caption"`
	Identity []string       `json:"identity"` // the fingerprint of the server, in rows
	Left     bool           `json:"left"`
	Name     string         `json:"name"`
}

// A cardShown is a front.Card.
type cardShown struct {
	Kind    front.CardKind `json:"kind"`
	Title   string         `json:"title"`
	Alert   bool           `json:"alert"`
	Busy    bool           `json:"busy"`
	Lines   []front.Line   `json:"lines"`
	Typing  bool           `json:"typing"`
	Field   front.Field    `json:"field"`
	Rows    []rowShown     `json:"rows"`
	At      int            `json:"at"`
	Choices []choiceShown  `json:"choices"`
	Footer  string         `json:"footer"`
}

type rowShown struct {
	Label  string `json:"label"`
	Detail string `json:"detail"`
}

type choiceShown struct {
	Label string       `json:"label"`
	Key   front.Action `json:"key"` // one of its keys
	Keys  front.Action `json:"keys"`
	First bool         `json:"first"`
}

// An encoder makes JSON of frames. It is the scene.Painter of the field:
//
//	{"shapes":[["b",x,y,w,h,round,stroke,color], ["t",x,y,w,h,flipped,color], ["a",x,y,dx,dy,color],
//	           ["s",text,x,y,size,align,color]],
//	 "hits":n, "copy":"for the clipboard", "track":{of a recording}, "show":{shown, if it has changed}}
type encoder struct {
	b    []byte
	last string
}

func (e *encoder) encode(s *front.Screen, copying string) string {
	e.b = append(e.b[:0], `{"shapes":[`...)
	v := &s.Frame
	if s.Match {
		e.field(s)
	}
	if n := len(e.b); e.b[n-1] == ',' {
		e.b = e.b[:n-1]
	}
	hits := 0
	for _, event := range v.Events {
		if event == client.EventHit || event == client.EventPoint {
			hits++
		}
	}
	e.b = append(e.b, `],"hits":`...)
	e.b = strconv.AppendInt(e.b, int64(hits), 10)
	if copying != "" {
		text, _ := json.Marshal(copying)
		e.b = append(append(e.b, `,"copy":`...), text...)
	}
	if s.Track != nil {
		text, _ := json.Marshal(showTrack(s.Track))
		e.b = append(append(e.b, `,"track":`...), text...)
	}
	if text := show(s); text != e.last {
		e.last = text
		e.b = append(append(e.b, `,"show":`...), text...)
	}
	return string(append(e.b, '}'))
}

// field draws the field as the window does.
func (e *encoder) field(s *front.Screen) {
	scene.Back(e, &s.Frame, s.Age, 0, client.FieldHeight)
	scene.Front(e, &s.Frame, s.Age, s.Card.Kind != front.NoCard)
}

func show(s *front.Screen) string {
	v := &s.Frame
	out := shown{Match: s.Match, Own: -1}
	if s.Match {
		out.Score, out.Aside, out.Figures = v.Score, s.Aside, front.Figures(v)
		out.TCP = v.Server.Control == webSocket
		if v.Server.Identity != "" {
			out.Identity = front.FingerprintRows(v.Server.Identity)
		}
		out.Playing = v.Stage > client.StageReady && v.Stage < client.StageOver
		if !v.Watching {
			out.Own = v.Me
		}
		for player := range 2 {
			name, note := front.Label(v, player)
			out.Names[player] = [2]string{name, note}
		}
		switch v.Stage {
		case client.StageCountdown:
			out.Caption = front.Aim(v)
		case client.StageScored:
			out.Caption = front.Scored(v)
		}
	}
	if c := s.Card; c.Kind != front.NoCard || len(c.Choices) > 0 {
		card := &cardShown{
			Kind: c.Kind, Title: c.Title, Alert: c.Alert, Busy: c.Busy, Lines: c.Lines,
			Typing: c.Typing, Field: c.Field, At: c.At, Footer: c.Footer,
		}
		for _, r := range c.Rows {
			card.Rows = append(card.Rows, rowShown{r.Label, r.Detail})
		}
		for _, o := range c.Choices {
			card.Choices = append(card.Choices, choiceShown{o.Label, o.Keys & -o.Keys, o.Keys, o.Default})
		}
		out.Card = card
	}
	text, err := json.Marshal(out)
	if err != nil {
		return "null"
	}
	return string(text)
}

// numbers appends numbers to a shape that has been begun.
func (e *encoder) numbers(all ...float64) {
	for _, x := range all {
		e.b = append(e.b, ',')
		e.b = strconv.AppendFloat(e.b, x, 'f', -1, 32)
	}
}

// end ends a shape with its colour.
func (e *encoder) end(c scene.Tint) {
	const digits = "0123456789abcdef"
	e.b = append(e.b, `,"#`...)
	for _, part := range [...]uint8{c.R, c.G, c.B, c.A} {
		e.b = append(e.b, digits[part>>4], digits[part&15])
	}
	e.b = append(e.b, `"],`...)
}

// Box is of scene.Painter, as are the methods below.
func (e *encoder) Box(x, y, w, h, round, stroke float64, c scene.Tint) {
	e.b = append(e.b, `["b"`...)
	e.numbers(x, y, w, h, round, stroke)
	e.end(c)
}

func (e *encoder) Triangle(x, y, w, h float64, flipped bool, c scene.Tint) {
	if flipped {
		x, w = x+w, -w
	}
	e.b = append(e.b, `["t"`...)
	e.numbers(x, y, w, h)
	e.end(c)
}

func (e *encoder) Arrow(from, by client.Point, c scene.Tint) {
	e.b = append(e.b, `["a"`...)
	e.numbers(from.X, from.Y, by.X, by.Y)
	e.end(c)
}

func (e *encoder) Text(x, y float64, s string, size float64, a scene.Align, c scene.Tint) {
	text, _ := json.Marshal(s)
	e.b = append(append(e.b, `["s",`...), text...)
	e.numbers(x, y, size, float64(a))
	e.end(c)
}
