package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestMatch_SendsFifteenStatesASecondWithoutNews(t *testing.T) {
	d := newTestShard(t, nil)
	var all []*testPlayer
	for range 2 * slots {
		all = append(all, d.join())
	}
	d.run(time.Second, all...)
	for _, p := range all {
		p.states()
	}
	d.run(time.Second, all...) // of the countdown, in which nothing happens
	used := map[time.Duration]bool{}
	for _, p := range all {
		if n := len(p.states()); n < 14 || n > 16 {
			t.Errorf("player %d of %s was sent %d STATEs in a second, want 15", p.welcome.PlayerID, p.welcome.Match, n)
		}
		used[p.match().due().Sub(d.epoch)%Period/(Period/slots)] = true
	}
	if len(used) != slots {
		t.Errorf("the matches use %d parts of a tick, want %d", len(used), slots)
	}
}

func TestConfig_EverySetsTheStateRate(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Every = 1 })
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	left.states()
	d.run(time.Second, left, right) // of the countdown, in which nothing happens
	if n := len(left.states()); n < 59 || n > 61 {
		t.Errorf("a player was sent %d STATEs in a second, want 60", n)
	}
	if got := left.welcome.StateRate; got != 60 {
		t.Errorf("WELCOME has the state rate %d, want 60", got)
	}
}

func TestMatch_SkipsStatesNotTicksWhenBehind(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	before, _ := d.State(left.id)
	left.states()
	d.now = d.now.Add(StoodStill)
	left.ping()
	right.ping()
	d.Advance(d.now)
	after, _ := d.State(left.id)
	if n := after.Tick - before.Tick; n < 29 || n > 31 {
		t.Errorf("%d ticks were played after a stop of %v, want 30", n, StoodStill)
	}
	states := left.states()
	if len(states) == 0 || len(states) > 6 {
		t.Errorf("%d STATEs were sent after the stop, want the newest few", len(states))
	}
	if got := states[len(states)-1].Game.Tick; after.Tick-got > wire.StateEvery {
		t.Errorf("the newest STATE is of tick %d, the game is at %d", got, after.Tick)
	}
}

func TestMatch_RepeatsScoreAndServeReasons(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	ticks := map[wire.Reason][]uint32{}
	collect := func(span time.Duration) {
		d.run(span, left, right)
		for _, st := range left.states() {
			ticks[st.Reason] = append(ticks[st.Reason], st.Game.Tick)
		}
	}
	for len(d.reported(Scored)) < 4 {
		collect(time.Second)
	}
	collect(500 * time.Millisecond)
	scores, serves := ticks[wire.ReasonScore], ticks[wire.ReasonReset]
	if len(scores) != 3*4 {
		t.Errorf("4 points were sent in %d STATEs, want 12: at ticks %v", len(scores), scores)
	}
	if n := len(serves); n < 3*4 || n%3 != 0 {
		t.Errorf("the start and the serves were sent in %d STATEs, want three times each: at ticks %v", n, serves)
	}
	for i := 0; i+2 < len(scores); i += 3 {
		if scores[i+1] != scores[i]+1 || scores[i+2] != scores[i]+2 {
			t.Errorf("a point was sent at ticks %v, want three in a row", scores[i:i+3])
		}
	}
}

func TestMatch_PausesWhileAPlayerIsSilent(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	for len(d.reported(Scored)) == 0 {
		d.run(time.Second, left, right)
	}
	d.run(SilentAfter+time.Second, left)
	s, _ := d.State(left.id)
	score := s.Score
	if s.Phase != game.Waiting || len(d.reported(Silent)) != 1 || d.reported(Silent)[0].Player != 2 {
		t.Fatalf("phase %v and reports %+v after a silence, want a pause because of player 2", s.Phase,
			d.reported(Silent))
	}
	d.run(20 * time.Second) // the other player is silent, too
	s, _ = d.State(left.id)
	if s.Phase != game.Waiting || len(d.reported(Silent)) != 2 || s.Score != score {
		t.Errorf("both silent: phase %v, score %v, want a pause at %v", s.Phase, s.Score, score)
	}
	d.run(time.Second, left, right)
	s, _ = d.State(left.id)
	if s.Phase != game.Countdown || s.Score != score || len(d.reported(Back)) != 2 {
		t.Errorf("both back: phase %v at %v, want the game to go on at %v", s.Phase, s.Score, score)
	}
}
