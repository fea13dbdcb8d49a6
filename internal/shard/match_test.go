package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestMatch_SendsTwentyStatesASecond(t *testing.T) {
	d := newTestShard(t, nil)
	var all []*testPlayer
	for range 2 * slots {
		all = append(all, d.join())
	}
	d.run(time.Second, all...)
	for _, s := range all {
		s.states()
	}
	d.run(time.Second, all...) // of the countdown, in which nothing happens
	slotsUsed := map[time.Duration]bool{}
	for _, s := range all {
		if n := len(s.states()); n < 19 || n > 21 {
			t.Errorf("player %d of %s was sent %d STATEs in a second", s.welcome.PlayerID, s.welcome.Match, n)
		}
		slotsUsed[d.sessions[s.id].seat.match.due().Sub(d.epoch)%Period/(Period/slots)] = true
	}
	if len(slotsUsed) != slots {
		t.Errorf("matches use %d parts of a tick, want %d", len(slotsUsed), slots)
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
		t.Errorf("WELCOME says %d STATEs a second, want 60", got)
	}
}

func TestMatch_SkipsStatesNotTicksWhenBehind(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	before, _ := d.State(left.id)
	left.states()
	d.now = d.now.Add(2 * time.Second)
	left.ping()
	right.ping()
	d.Advance(d.now)
	after, _ := d.State(left.id)
	if n := after.Tick - before.Tick; n < 119 || n > 121 {
		t.Errorf("after two seconds without time, %d ticks were played, want 120", n)
	}
	states := left.states()
	if len(states) == 0 || len(states) > 6 {
		t.Errorf("%d STATEs were sent at once, want the newest few", len(states))
	}
	if got := states[len(states)-1].Game.Tick; after.Tick-got > wire.StateEvery {
		t.Errorf("the newest STATE is of tick %d, the game is at %d", got, after.Tick)
	}
}

func TestMatch_RepeatsScoreAndServeReasons(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	count := map[wire.Reason]int{}
	ticks := map[wire.Reason][]uint32{}
	points := func() int { return len(d.reported(Scored)) }
	for points() < 4 {
		d.run(time.Second, left, right)
		for _, st := range left.states() {
			count[st.Reason]++
			ticks[st.Reason] = append(ticks[st.Reason], st.Game.Tick)
		}
	}
	d.run(500*time.Millisecond, left, right)
	for _, st := range left.states() {
		count[st.Reason]++
		ticks[st.Reason] = append(ticks[st.Reason], st.Game.Tick)
	}
	if count[wire.ReasonScore] != 3*4 {
		t.Errorf("4 points were said %d times, want 12: at ticks %v", count[wire.ReasonScore], ticks[wire.ReasonScore])
	}
	if n := count[wire.ReasonReset]; n < 3*4 || n%3 != 0 {
		t.Errorf("the begin and the serves were said %d times, want three times each: at ticks %v", n, ticks[wire.ReasonReset])
	}
	for i := 0; i+2 < len(ticks[wire.ReasonScore]); i += 3 {
		if s := ticks[wire.ReasonScore]; s[i+1] != s[i]+1 || s[i+2] != s[i]+2 {
			t.Errorf("a point was said at ticks %v, want three in a row", s[i:i+3])
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
		t.Fatalf("phase %v, reports %+v", s.Phase, d.reported(Silent))
	}
	d.run(20 * time.Second) // the other one, too
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

func TestLeave_AfterTheEndIsNoSecondResult(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	d.Leave(d.now, right.id)
	d.run(time.Second, left)
	if n := len(left.lines(wire.End)); n != 1 {
		t.Errorf("a game that had ended has ended %d times", n)
	}
	if n := len(d.reported(Over)); n != 1 {
		t.Errorf("%d results were reported", n)
	}
}

func TestRematch_NeedsBothPlayersAndAnEnd(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	d.Rematch(d.now, left.id)
	d.Rematch(d.now, right.id)
	if n := len(left.lines(wire.Rematch)); n > 0 {
		t.Fatal("a rematch was taken while the game ran")
	}
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	d.Rematch(d.now, left.id)
	d.Rematch(d.now, left.id)
	d.run(time.Second, left, right)
	if s, _ := d.State(left.id); s.Phase != game.Over {
		t.Error("one player's word, said twice, has begun a game")
	}
	if n := len(right.lines(wire.Rematch)); n != 1 {
		t.Errorf("the word was passed on %d times, want once", n)
	}
	d.Rematch(d.now, right.id)
	d.run(100*time.Millisecond, left, right)
	if s, _ := d.State(left.id); s.Phase != game.Countdown || s.Score != [2]uint16{} {
		t.Errorf("both words: phase %v, score %v", s.Phase, s.Score)
	}
	if n := len(right.lines(wire.Start)); n != 2 {
		t.Errorf("%d STARTs for two games", n)
	}
}

func TestBegin_IsNeededAgainAfterAPlayerIsReplaced(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	d.Begin(d.now)
	d.run(5*time.Second, left, right)
	d.Leave(d.now, right.id)
	third := d.join()
	d.run(5*time.Second, left, third)
	if s, _ := d.State(left.id); s.Phase != game.Waiting {
		t.Errorf("a match with a newcomer has begun by itself: %v", s.Phase)
	}
	if d.Begin(d.now) != 1 {
		t.Error("the match with the newcomer cannot be begun")
	}
}
