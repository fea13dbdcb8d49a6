package main

import (
	"context"
	"time"

	"pong/internal/front"
	"pong/internal/playback"
	"pong/internal/replay"
)

// newReplay returns the page of the recording in a link. It needs no server.
func newReplay(link string) (*page, error) {
	recording, err := replay.FromLink(link)
	if err != nil {
		return nil, err
	}
	r, err := replay.Parse(recording)
	if err != nil {
		return nil, err
	}
	player := playback.New(r)
	flow := front.New(context.Background(), time.Now(), front.Config{
		Want: front.Want{Address: "replay", Kind: front.Watch}, Browser: true,
		Dial: func(context.Context, front.Want, front.Ask) (front.Session, error) { return player, nil },
	})
	return &page{flow: flow, player: player}, nil
}

// A trackShown is a front.Track.
type trackShown struct {
	At     int    `json:"at"`
	Of     int    `json:"of"`
	Points []int  `json:"points"`
	Paused bool   `json:"paused"`
	Taken  int    `json:"taken"`
	Line   string `json:"line"`
}

func showTrack(t *front.Track) trackShown {
	return trackShown{At: t.At, Of: t.Of, Points: t.Points, Paused: t.Paused, Taken: t.Taken, Line: t.Line()}
}
