package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
)

func TestMended02_SilentControlChannelDoesNotEndTheGame(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 20, Up: lossy, Down: lossy})
	w.playing(t, left, right)
	w.Drop(left)
	w.Run(10 * time.Minute)
	w.undisturbed(t)
	if v := left.Frame; v.Stage == client.StageLost || v.Stage == client.StageClosed {
		t.Errorf("the player without a control channel has lost the server: %v", v.Reason)
	}
	if score := w.state(t, left).Score; score == [2]uint16{} ||
		left.Frame.Score != [2]int{int(score[0]), int(score[1])} {
		t.Errorf("ten minutes on, the score is %v, and %v for the player", score, left.Frame.Score)
	}
}

func TestMended02_SilentGameChannelDoesNotEndTheSeat(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 21, Up: lossy, Down: lossy})
	w.wait(t, 5*time.Minute, "a point is scored", func() bool { return len(w.reports(shard.Scored)) > 0 })
	score := w.state(t, left).Score
	right.links(cut, cut)
	w.wait(t, 7*time.Second, "the match is paused", func() bool { return left.Frame.Stage == client.StagePaused })
	paused := w.state(t, left)
	w.Run(40 * time.Second)
	now := w.state(t, left)
	if paused.Tick = now.Tick; now != paused {
		t.Errorf("the game has gone on while a player was away: %+v, %+v", paused, now)
	}
	right.links(lossy, lossy)
	w.playing(t, left, right)
	if now := w.state(t, left).Score; now[0] < score[0] || now[1] < score[1] {
		t.Errorf("the score was %v and is %v after a pause", score, now)
	}
	if n := len(w.reports(shard.Vacated)); n > 0 {
		t.Errorf("%d seats were freed", n)
	}
}

func TestMended03_WaitsTenMinutesForStart(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 3, Operator: true, Up: lossy, Down: lossy})
	w.wait(t, time.Second, "both players are online", func() bool { return len(w.reports(shard.Ready)) == 1 })
	for range 10 {
		w.Run(time.Minute)
		for _, p := range w.Players {
			if p.Frame.Stage != client.StageReady {
				t.Fatalf("%s is %v after %v: %v", p.Name, p.Frame.Stage, w.Elapsed(), p.Frame.Reason)
			}
		}
	}
	if n := w.Shard.Begin(w.now); n != 1 {
		t.Fatalf("the operator has begun %d matches, want 1", n)
	}
	w.playing(t, left, right)
	w.wait(t, 5*time.Minute, "a point is scored", func() bool { return len(w.reports(shard.Scored)) > 0 })
	w.undisturbed(t)
}

func TestMended04_SecondGameFollowsIfBothAsk(t *testing.T) {
	t.Parallel()
	rules := game.Rules{Points: 2}
	w, left, right := pair(Config{Seed: 4, Rules: rules, Up: lossy, Down: lossy}, Bot(bot.Hard, 1), nil)
	for n := 1; n <= 3; n++ {
		w.wait(t, 5*time.Minute, "both players see the result", func() bool {
			return len(w.reports(shard.Over)) == n && left.Frame.Stage == client.StageOver &&
				right.Frame.Stage == client.StageOver
		})
		if left.Frame.Winner != 0 || right.Frame.Winner != 0 || left.Frame.Score != right.Frame.Score ||
			left.Frame.Score[0] < 2 {
			t.Errorf("game %d: one player sees winner %d at %v, the other winner %d at %v",
				n, left.Frame.Winner, left.Frame.Score, right.Frame.Winner, right.Frame.Score)
		}
		w.Rematch(left)
		w.Run(5 * time.Second)
		if s := w.state(t, left); s.Phase != game.Over || !right.Frame.Rematch[0] || right.Frame.Rematch[1] {
			t.Fatalf("game %d: after one player asked for a rematch the other sees %v in phase %v", n,
				right.Frame.Rematch, s.Phase)
		}
		w.Rematch(right)
		w.playing(t, left, right)
		if left.Frame.Score != [2]int{} || right.Frame.Score != [2]int{} || left.Frame.Rematch != [2]bool{} {
			t.Errorf("game %d begins at %v and %v", n+1, left.Frame.Score, right.Frame.Score)
		}
	}
	w.undisturbed(t)
}

func TestMended04_PointsZeroPlaysWithoutEnd(t *testing.T) {
	t.Parallel()
	w, left, _ := pair(Config{Seed: 5, Up: lan, Down: lan}, nil, nil)
	w.Run(15 * time.Minute)
	if n := len(w.reports(shard.Over)); n > 0 {
		t.Errorf("a game without end has ended")
	}
	if s := left.Frame.Score; s[0]+s[1] < 100 {
		t.Errorf("two idle players have scored %v in a quarter of an hour", s)
	}
}

func TestMended05_LostProcessComesBackToTheSeat(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 50, Up: lossy, Down: lossy})
	w.wait(t, 5*time.Minute, "a point is scored", func() bool { return len(w.reports(shard.Scored)) > 0 })
	w.playing(t, left, right)
	w.Vanish(right)
	w.Run(20 * time.Second)
	score := w.state(t, left).Score
	back := w.Resume(right)
	if back == nil || back.Welcome.PlayerID != 2 || back.Welcome.Match != right.Welcome.Match {
		t.Fatalf("the player did not get its seat again: %+v", back)
	}
	w.playing(t, left, back)
	if got := back.Frame.Score; got != [2]int{int(score[0]), int(score[1])} {
		t.Errorf("the score was %v and is %v for the player that came back", score, got)
	}
	if w.Resume(right) != nil {
		t.Error("a resume secret was accepted twice")
	}
	w.Run(time.Minute)
	if c := w.Shard.Counts(); c.Sessions != 2 || c.Matches != 1 {
		t.Errorf("two players have %d sessions and %d matches", c.Sessions, c.Matches)
	}
}

func TestMended05_SeatIsFreedInTheEnd(t *testing.T) {
	t.Parallel()
	w, left, _ := bots(Config{Seed: 51, Up: lossy, Down: lossy})
	for n := range 12 {
		right := w.Players[1]
		w.playing(t, left, right)
		switch n % 3 {
		case 0:
			w.Leave(right)
			w.Vanish(right)
		case 1:
			w.Vanish(right)
			w.Run(61 * time.Second)
		case 2:
			w.Vanish(right)
			w.Leave(w.Resume(right)) // came back and left before a REGISTER
			w.Vanish(w.Players[1])
		}
		w.Run(time.Second)
		if w.Resume(right) != nil {
			t.Fatalf("round %d: a freed seat could be resumed", n)
		}
		w.Join("somebody new", Bot(bot.Easy, uint64(n)))
		if c := w.Shard.Counts(); c.Sessions != 2 || c.Matches != 1 || w.Players[1].Welcome.PlayerID != 2 {
			t.Fatalf("round %d: the newcomer is player %d; %d sessions, %d matches", n, w.Players[1].Welcome.PlayerID,
				c.Sessions, c.Matches)
		}
		w.wait(t, 10*time.Second, "a new game has begun", func() bool { return w.state(t, left).Phase == game.Playing })
		if s := w.state(t, left); s.Score != [2]uint16{} {
			t.Fatalf("round %d: the newcomer begins at %v", n, s.Score)
		}
	}
}

func TestMended06_LeavingBeforeStartFreesTheSeat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		leave func(w *World, p *Player)
		why   shard.Reason
	}{
		{(*World).Leave, shard.Left},
		{(*World).Drop, shard.ConnectionClosed},
	} {
		w, left, right := bots(Config{Seed: 6, Operator: true, Up: lan, Down: lan})
		w.wait(t, time.Second, "both players are online", func() bool { return len(w.reports(shard.Ready)) == 1 })
		c.leave(w, right)
		w.Vanish(right)
		freed := w.reports(shard.Vacated)
		if len(freed) != 1 || freed[0].Player != 2 || freed[0].Name != "right" || freed[0].Reason != c.why {
			t.Fatalf("reported %+v, want the removal of player 2 because of %q", freed, c.why)
		}
		if n := w.Shard.Begin(w.now); n != 0 {
			t.Error("a match with one player was begun")
		}
		third := w.Join("third", nil)
		if third.Welcome.PlayerID != 2 {
			t.Errorf("seat 2 was freed, the newcomer has %d", third.Welcome.PlayerID)
		}
		w.wait(t, time.Second, "both players are online again", func() bool { return len(w.reports(shard.Ready)) == 2 })
		w.Shard.Begin(w.now)
		w.playing(t, left, third)
	}
}

func TestMended07_OpponentsPresenceIsShown(t *testing.T) {
	t.Parallel()
	const soon = 2 * time.Second
	w, left, right := bots(Config{Seed: 7, Up: lossy, Down: lossy})
	w.playing(t, left, right)
	shown := func(p client.Presence, stage client.Stage) func() bool {
		return func() bool {
			v := left.Frame
			return v.Presence[1] == p && v.Stage == stage && v.Reason == client.ReasonPlayerSilent && v.Player == 1
		}
	}
	right.links(cut, cut)
	took := w.wait(t, shard.SilentAfter+soon, "silence is shown", shown(client.Silent, client.StagePaused))
	if took < shard.SilentAfter-time.Second {
		t.Errorf("silence is shown after %v already", took)
	}
	right.links(lossy, lossy)
	w.wait(t, soon, "the return is shown", func() bool {
		return left.Frame.Presence[1] == client.Online && left.Frame.Stage != client.StagePaused
	})
	w.playing(t, left, right)
	w.Leave(right)
	w.Vanish(right)
	w.wait(t, soon, "the departure is shown", func() bool {
		return left.Frame.Presence[1] == client.Left && left.Frame.Reason == client.ReasonPlayerLeft
	})
}

func TestMended07_DeadServerIsShownWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	for _, operator := range []bool{false, true} { // while playing and while waiting
		w, left, right := bots(Config{Seed: 8, Operator: operator, Up: lossy, Down: lossy})
		if !operator {
			w.playing(t, left, right)
		}
		w.Run(time.Second)
		w.Stopped = true
		w.wait(t, 2*time.Second, "both players see that the server is gone", func() bool {
			return left.Frame.Stage == client.StageLost && right.Frame.Stage == client.StageLost
		})
		if left.Frame.Reason == client.ReasonNone {
			t.Error("the player sees no reason")
		}
		w.Run(5 * time.Second)
		w.Stopped = false
		w.wait(t, time.Second, "the players see the server again", func() bool {
			return left.Frame.Stage != client.StageLost && right.Frame.Stage != client.StageLost
		})
		w.Stopped = true
		w.Run(61 * time.Second)
		if left.Frame.Stage != client.StageClosed {
			t.Errorf("a minute after the server has gone the player still waits: %v", left.Frame.Stage)
		}
	}
}

// A game channel that is cut in both directions for up to a minute, while the control channel works, costs no seat.
func TestSeat_SurvivesACutOfTheGameChannel(t *testing.T) {
	t.Parallel()
	for _, span := range []time.Duration{46 * time.Second, 52 * time.Second, 58 * time.Second} {
		w, left, right := bots(Config{Seed: 46, Up: lossy, Down: lossy})
		w.playing(t, left, right)
		right.links(cut, cut)
		w.Run(span)
		right.links(lossy, lossy)
		w.playing(t, left, right)
		if n := len(w.reports(shard.Vacated)); n > 0 {
			t.Errorf("%d seats were freed by a cut of %v", n, span)
		}
	}
	w, left, right := bots(Config{Seed: 46, Up: lossy, Down: lossy})
	w.playing(t, left, right)
	right.links(cut, cut)
	took := w.wait(t, 65*time.Second, "the seat is freed", func() bool { return len(w.reports(shard.Vacated)) > 0 })
	if took < shard.FreedAfter-500*time.Millisecond || took > shard.FreedAfter+500*time.Millisecond {
		t.Errorf("the seat was freed after %v, want %v", took, shard.FreedAfter)
	}
}
