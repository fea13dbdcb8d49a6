package front

import (
	"context"
	"errors"
	"testing"
	"time"

	"pong/internal/client"
)

// In a match at a server of this process the ghost is what a watcher sees, who is there only while it is shown.
func TestTruth_IsWatchedWhileTheGhostIsShown(t *testing.T) {
	watcher := &madeUp{frame: client.Frame{Stage: client.StagePlaying, Watching: true}}
	watcher.inspected = client.Inspection{Ball: client.Point{X: 99}}
	var rooms []string
	fails := errors.New("there is no match yet")
	cfg := Config{Want: Want{Address: "h"}, Alone: true}
	cfg.Truth = func(_ context.Context, _, room string) (Session, error) {
		if rooms = append(rooms, room); len(rooms) == 1 {
			return nil, fails
		}
		return watcher, nil
	}
	try(t, cfg, func(p *person) {
		p.match.frame.Room = "practice-1"
		p.match.inspected = client.Inspection{Ball: client.Point{X: 7}}
		p.wait(time.Second)
		if len(rooms) > 0 {
			t.Errorf("without the ghost %v are watched", rooms)
		}
		p.atOnce(Input{Actions: ShowGhost})
		p.wait(0)
		if g := p.screen().Lab.Ghost; g == nil || g.True || g.Ball.X != 7 {
			t.Errorf("before there is a watcher the ghost is %+v, want the newest STATE", g)
		}
		p.wait(2 * truthAgain)
		p.wait(0)
		g := p.screen().Lab.Ghost
		if g == nil || !g.True || g.Ball.X != 99 || GhostLabel(g) != "ghost: the server now" {
			t.Errorf("with a watcher the ghost is %+v", g)
		}
		if len(rooms) != 2 || rooms[1] != "practice-1" || watcher.closed {
			t.Errorf("watched are %v, want the own room, once more after an error", rooms)
		}
		p.atOnce(Input{Actions: ShowGhost})
		p.wait(0)
		if p.wait(0); !watcher.closed || p.screen().Lab.Ghost != nil {
			t.Error("without the ghost the watcher stays")
		}
	})
}
