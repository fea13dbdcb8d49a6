package main

import (
	"context"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

func TestPlay_FlagsChooseTheMatch(t *testing.T) {
	cmd := newPlay()
	for _, test := range []struct {
		practice, room string
		want           front.Want
	}{
		{"", "", front.Want{}},
		{"", "maple-42", front.Want{Kind: front.Friend, Room: "maple-42"}},
		{"easy", "", front.Want{Kind: front.Practice, Level: front.Easy}},
		{"hard", "maple-42", front.Want{Kind: front.Practice, Level: front.Hard, Room: "maple-42"}},
	} {
		if got, err := wantOf(cmd, test.practice, test.room); got != test.want || err != nil {
			t.Errorf("--practice %q --room %q: got %+v, %v; want %+v", test.practice, test.room, got, err, test.want)
		}
	}
	if _, err := wantOf(cmd, "impossible", ""); err == nil {
		t.Error("--practice impossible: got no error")
	}
}

// until plays, without moving, until a frame meets a condition.
func until(t *testing.T, c front.Session, what string, ask func(v client.Frame) bool) {
	t.Helper()
	var v client.Frame
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-frames.C {
		c.Update(time.Now(), game.None)
		if v = c.Frame(time.Now()); ask(v) {
			return
		}
	}
	t.Fatalf("%s: not within 20 s: stage %v, names %q, %v", what, v.Stage, v.Names, v.Reason)
}

// TestJoin_ChosenMatch joins over real sockets. Practice brings a bot into a private room, which is not listed; a
// person who wants to watch the next match waits for it.
func TestJoin_ChosenMatch(t *testing.T) {
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "AppData"} {
		t.Setenv(name, t.TempDir())
	}
	ctx := t.Context()
	link, stop, err := embedded(ctx, game.Rules{Points: 0}, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	s := newScreen(dial.Config{Address: link, Name: "ada"}, front.Want{}, 0)
	defer s.dialer.Close()
	want := func(w front.Want) front.Want { w.Address, w.Name = link, "ada"; return w }
	join := func(w front.Want) front.Session {
		t.Helper()
		c, err := s.dialer.Dial(ctx, want(w), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}

	practice := join(front.Want{Kind: front.Practice, Level: front.Easy})
	until(t, practice, "the bot", func(v client.Frame) bool {
		return v.Stage == client.StagePlaying && v.Names == [2]string{"ada", "bot"}
	})
	if list, err := s.dialer.List(ctx, link, nil); err != nil || len(list) != 0 {
		t.Errorf("the list has %v (%v), want none: practice is private", list, err)
	}
	practice.Close()

	watching := make(chan front.Session, 1)
	go func() {
		c, _ := s.dialer.Dial(context.WithoutCancel(ctx), want(front.Want{Kind: front.Watch}), nil)
		watching <- c
	}()
	one := join(front.Want{Kind: front.Friend, Room: "maple-42"})
	select {
	case <-watching:
		t.Error("a match in a room was found without its name")
	case <-time.After(1500 * time.Millisecond):
	}
	until(t, one, "the code", func(v client.Frame) bool {
		return v.Room == "maple-42" && v.Stage == client.StageWaiting
	})
	left, right := join(front.Want{Kind: front.Quick}), join(front.Want{Kind: front.Quick})
	until(t, left, "the game", func(v client.Frame) bool {
		right.Update(time.Now(), game.None)
		return v.Stage == client.StagePlaying
	})
	c := <-watching
	if c == nil {
		t.Fatal("the match could not be watched")
	}
	defer c.Close()
	until(t, c, "the picture", func(v client.Frame) bool { return v.Watching && v.Stage >= client.StageCountdown })
	if list, err := s.dialer.List(ctx, link, nil); err != nil || len(list) != 1 ||
		list[0].Names != [2]string{"ada", "ada"} {
		t.Errorf("the list has %v (%v), want the match of two quick players", list, err)
	}
}
