package main

import (
	"context"
	"crypto/rand"
	"errors"
	"syscall/js"
	"time"

	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/names"
	"pong/internal/solo"
)

// errNoServer is why only practice is possible.
var errNoServer = errors.New("there is no server here: only practice is possible")

// newPractice returns the page where no server answers: it plays against a bot, in itself.
func newPractice(name string) *page {
	want := front.Want{Address: "practice", Kind: front.Practice, Level: front.Normal, Name: "player"}
	if name, err := names.Parse(name); err == nil {
		want.Name = name
	}
	news := "No server answers, so you play against a bot, in this page."
	dialled := func(_ context.Context, want front.Want, _ front.Ask) (front.Session, error) {
		if want.Kind != front.Practice {
			return nil, errNoServer
		}
		js.Global().Get("pongSeat").Call("named", want.Name)
		return solo.New(time.Now(), want.Name, levelOf(want.Level), rand.Reader)
	}
	return &page{flow: front.New(context.Background(), time.Now(), front.Config{
		Want: want, Browser: true, Alone: true, Dial: dialled,
		List: func(context.Context, string, front.Ask) ([]dial.Match, error) { return nil, nil },
		News: func() string {
			once := news
			news = ""
			return once
		},
	})}
}
