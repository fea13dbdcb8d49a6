package main

import (
	"context"
	"syscall/js"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/names"
	"pong/internal/playback"
	"pong/internal/trust"
)

// main gives the page its functions:
//
//	pong.start(address, hash, identity, name)            begins, at the server of the page
//	pong.practise(name)                                  begins a match against a bot, without a server
//	pong.replay(link)                                    begins a recording, or returns why it cannot be played
//	pong.seek(tick)                                      goes to a place in it
//	pong.frame(held, drag, actions, text, row, hidden)   plays a frame, and returns what to show as JSON
//	pong.copied(done)                                    whether the text of a frame is in the clipboard
//
// held is -1 for up, 1 for down or 0. drag is the height of a finger on the field, or negative. actions is a set of
// front.Action.
func main() {
	var p *page
	js.Global().Set("pong", map[string]any{
		"copied": js.FuncOf(func(_ js.Value, args []js.Value) any {
			result := front.CopyFailed
			if args[0].Bool() {
				result = front.CopyDone
			}
			p.flow.Copied(result)
			return nil
		}),
		"start": js.FuncOf(func(_ js.Value, args []js.Value) any {
			p = newPage(args[0].String(), args[1].String(), args[2].String(), args[3].String())
			return nil
		}),
		"practise": js.FuncOf(func(_ js.Value, args []js.Value) any {
			p = newPractice(args[0].String())
			return nil
		}),
		"replay": js.FuncOf(func(_ js.Value, args []js.Value) any {
			var err error
			if p, err = newReplay(args[0].String()); err != nil {
				return front.LinkProblem(err)
			}
			return ""
		}),
		"seek": js.FuncOf(func(_ js.Value, args []js.Value) any {
			p.player.SeekTo(args[0].Int())
			return nil
		}),
		"frame": js.FuncOf(func(_ js.Value, args []js.Value) any {
			return p.frame(time.Now(), input{
				held: args[0].Int(), drag: args[1].Float(), hidden: args[5].Bool(),
				Input: front.Input{
					Actions: front.Action(args[2].Int()), Text: args[3].String(), Row: args[4].Int(),
				},
			})
		}),
	})
	js.Global().Get("document").Call("dispatchEvent", js.Global().Get("Event").New("pong"))
	select {}
}

// An input is what the person has done since the frame before.
type input struct {
	front.Input
	held   int
	drag   float64
	hidden bool
}

// A page is the flow of the page, with what it draws.
type page struct {
	flow   *front.Flow
	screen encoder
	paddle float64 // the top of the own paddle in the last frame

	player *playback.Player // of a recording; nil in a match
}

// newPage returns the page of a server. The hash is the part of its address from the # on, as of a join link. If that
// has no key, the identity is the one that the server claims, from which the program of the page came, too.
func newPage(address, hash, identity, name string) *page {
	d := &front.Dialer{Opponent: opponent, Join: dial.Config{Transport: newTransport(address)}}
	want := front.Want{Address: "pong://" + address + "/" + hash, Name: d.Store.Name()}
	if link, err := trust.ParseJoinLink(want.Address); err == nil { // otherwise dialling it fails, with the reason
		if key, err := trust.ParseFingerprint(identity); err == nil && !link.HasKey {
			link.Key, link.HasKey = key, true
		}
		if link.Room != "" {
			want = want.In(link.Room)
		}
		// A page reaches no other address than its own.
		link.Address, link.Room, link.Further = address, "", ""
		want.Address = link.String()
	}
	if name, err := names.Parse(name); err == nil {
		want.Name = name
	}
	s := seats{dialer: d}
	return &page{flow: front.New(context.Background(), time.Now(), front.Config{
		Want: want, Browser: true, Dial: s.dial, Waiting: d.Waiting, List: d.List, News: d.News,
	})}
}

// near is how close the middle of the paddle comes to a finger.
const near = 3

// key returns the key that is held. A finger holds the key that brings the paddle nearer.
func (p *page) key(in input) game.Input {
	if in.drag >= 0 {
		switch to := in.drag - (p.paddle + client.PaddleHeight/2); {
		case to < -near:
			return game.Up
		case to > near:
			return game.Down
		}
		return game.None
	}
	switch {
	case in.held < 0:
		return game.Up
	case in.held > 0:
		return game.Down
	}
	return game.None
}

// frame plays a frame and returns what to show, as JSON.
func (p *page) frame(now time.Time, in input) string {
	p.flow.Do(now, in.Input)
	if in.hidden {
		p.flow.StepHidden(now)
		return ""
	}
	p.flow.Step(now, p.key(in))
	s := p.flow.Screen(now)
	p.paddle = s.Frame.Paddle[s.Frame.Me&1]
	return p.screen.encode(&s, p.flow.TakeCopy())
}
