package shard

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// A penalty is a match in which it is worth much to know the opponent's next keys, as at a penalty kick. The right
// player, the keeper, jumps to one side at random when the ball is about to meet the left player's face, and moves
// slowly afterwards. The left player, the shooter, can still change where on its paddle the ball is hit, and so where
// it flies. The server sends a STATE at every tick, which is best for the shooter.
type penalty struct {
	*testShard
	shooter, keeper *testPlayer
	random          *rand.Rand

	aims  aims
	spy   *testPlayer                 // a watcher of the match, if there is one
	own   map[netcode.Tick]game.Input // of the shooter, as they count
	kept  map[netcode.Tick]game.Input // of the keeper
	ahead []game.Input                // of the keeper, as the shooter knows them, from the present on
	jump  game.Input                  // of the keeper in this flight
	shots [2]int                      // returned by the keeper, and not
}

// aims says how a shooter plays.
type aims struct {
	lead   netcode.Tick     // how far ahead it chooses its keys
	sees   func(*penalty)   // changes what it knows of the keeper's keys; may be nil
	before func(p *penalty) // sends something before its key; may be nil
	start  func(*penalty)   // called when the match has begun; may be nil
}

const (
	keeperLead = 8  // ticks: the keeper's margin
	jumpAt     = 1  // ticks before the ball meets the shooter's face
	jumpFor    = 24 // ticks
)

// shoot plays until so many balls have been shot, and returns the share that the keeper missed.
func shoot(t *testing.T, seeds uint64, how aims) (r result) {
	t.Helper()
	missed, shot := 0, 0
	for seed := range seeds {
		p := &penalty{
			testShard: newTestShard(t, func(cfg *Config) { cfg.Rules, cfg.Seed, cfg.Every = game.Rules{}, 1+seed, 1 }),
			random:    rand.New(rand.NewPCG(seed, 1)), aims: how,
			own: make(map[netcode.Tick]game.Input), kept: make(map[netcode.Tick]game.Input),
		}
		p.shooter, p.keeper = p.joinTwo()
		p.run(time.Second, p.shooter, p.keeper)
		if how.start != nil {
			how.start(p)
		}
		for p.shots[0]+p.shots[1] < 100 {
			p.tick()
		}
		missed, shot = missed+p.shots[1], shot+p.shots[0]+p.shots[1]
	}
	r.share = float64(missed) / float64(shot)
	return r.of(shot)
}

// tick lets a tick pass: both send, and the server plays it.
func (p *penalty) tick() {
	before, _ := p.State(p.shooter.id)
	now := netcode.Tick(before.Tick)
	p.look(before)
	if p.aims.before != nil {
		p.aims.before(p)
	}
	p.send(now+p.aims.lead, p.choose(before))
	p.kept[now+keeperLead] = p.keep(before)
	p.keeper.input(now+keeperLead, p.kept[now+keeperLead], 1)
	p.run(Period)
	after, _ := p.State(p.shooter.id)
	if after.Ball.VX < 0 && before.Ball.VX >= 0 { // towards the shooter
		p.jump = [...]game.Input{game.Up, game.Down}[p.random.IntN(2)]
	}
	switch {
	case after.Hits > before.Hits && after.Ball.VX < 0:
		p.shots[0]++
	case after.Score[0] > before.Score[0]:
		p.shots[1]++
	}
}

// send sends a key of the shooter.
func (p *penalty) send(t netcode.Tick, in game.Input) {
	p.shooter.input(t, in, 1)
	if _, ok := p.own[t]; !ok {
		p.own[t] = in
	}
}

// look takes the inputs of the keeper that the newest STATE has for the present and the ticks after it.
func (p *penalty) look(now game.State) {
	p.ahead = nil
	for _, st := range p.shooter.states() {
		if st.Game.Tick == now.Tick {
			p.ahead = slices.Clone(st.Ahead.Inputs[:st.Ahead.N])
		}
	}
	if p.aims.sees != nil {
		p.aims.sees(p)
	}
}

// keep returns the keeper's key for the tick that is keeperLead ahead.
func (p *penalty) keep(s game.State) game.Input {
	middle := (game.Height - game.PaddleHeight) / 2
	if p.jump == game.None {
		p.jump = game.Up
	}
	if s.Phase == game.Playing && s.Ball.VX < 0 {
		ticks := int((s.Ball.X - game.LeftFace) / -s.Ball.VX)
		if into := keeperLead - (ticks - jumpAt); into >= 0 && into < jumpFor {
			return p.jump
		}
	}
	if s.Phase == game.Playing && s.Ball.VX > 0 {
		y, _ := landing(s, 1)
		if below := y > (game.Height-game.BallSize)/2; below == (p.jump == game.Down) {
			return steer(s, 1, 0)
		}
		return game.None
	}
	switch y := s.Paddle[1]; { // back to the middle
	case y < middle-3*game.PaddleSpeed:
		return game.Down
	case y > middle+3*game.PaddleSpeed:
		return game.Up
	}
	return game.None
}

// choose returns the shooter's key for the tick that is lead ahead: the first of those that send the ball furthest
// from where the keeper will be, by all that is known.
func (p *penalty) choose(s game.State) game.Input {
	if s.Phase != game.Playing || s.Ball.VX > 0 {
		return steer(s, 0, 0)
	}
	if ticks := int((s.Ball.X - game.LeftFace) / -s.Ball.VX); ticks > 20+int(p.aims.lead) {
		return steer(s, 0, 0)
	}
	best, key := game.Fixed(math.MinInt32), game.None
	for _, in := range []game.Input{game.None, game.Up, game.Down} {
		for n := 0; n <= 20; n += 6 {
			if in == game.None && n > 0 {
				break
			}
			if far := p.foresee(s, in, n); far > best {
				best, key = far, in
				if n == 0 {
					key = game.None
				}
			}
		}
	}
	return key
}

// foresee returns how far on the side that the keeper cannot reach the ball will come to its face, if the shooter holds
// a key for n of the ticks that it has not chosen yet. It returns 0 if nothing is known of the jump.
func (p *penalty) foresee(s game.State, in game.Input, n int) game.Fixed {
	first := netcode.Tick(s.Tick) + p.aims.lead
	jump := game.None
	for i := 0; s.Ball.VX < 0; i++ {
		if s.Phase != game.Playing {
			return math.MinInt32 // missed
		}
		var keys game.Inputs
		switch t := netcode.Tick(s.Tick); {
		case t < first:
			keys[0] = p.own[t]
		case t < first+netcode.Tick(n):
			keys[0] = in
		}
		if i < len(p.ahead) {
			jump = p.ahead[i]
		}
		s = game.Step(game.Rules{}, s, keys, 0)
	}
	y, _ := landing(s, 1)
	switch y -= (game.Height - game.BallSize) / 2; jump {
	case game.Up:
		return y
	case game.Down:
		return -y
	}
	return 0
}

// The shooter gains nothing by what STATE reveals, whenever it sends its keys: a key is revealed only when it is too
// late to answer it. It would gain much if it were shown all that the server has.
func TestFairness_InputsAheadGainNothing(t *testing.T) {
	const seeds = 2
	honest := shoot(t, seeds, aims{lead: 3})
	inDocument(t, "an honest client, three ticks ahead", honest.withError())
	for _, test := range []struct {
		name string
		how  aims
	}{
		{"ignore: as before, but it does not look at the keys ahead", aims{lead: 3, sees: func(p *penalty) {
			p.ahead = nil
		}}},
		{"hold back: its keys arrive in the last moment, when it has seen all that it is shown", aims{}},
		{"commit late: a key of its own for 10 ticks ahead, to be shown the keeper's, and the right one when it is due",
			aims{before: func(p *penalty) { p.send(p.shooter.match().tick()+10, game.None) }}},
		{"read and react: its best key for 10 ticks ahead, and a better one when it has been shown the keeper's",
			aims{lead: 10, before: func(p *penalty) {
				now, _ := p.State(p.shooter.id)
				p.aims.lead = 0
				key := p.choose(now)
				p.aims.lead = 10
				p.send(p.shooter.match().tick(), key)
			}}},
		{"watch: a second client watches the match", aims{
			start: func(p *penalty) { p.spy = p.joinAs(JoinRequest{Watch: true}) },
			sees: func(p *penalty) {
				for _, st := range p.spy.states() {
					p.ahead = append(p.ahead, st.Ahead.Inputs[:st.Ahead.N]...)
				}
				p.spy.ping()
			},
		}},
	} {
		got := shoot(t, seeds, test.how)
		inDocument(t, test.name, got.withError())
		if got.beats(honest) || honest.beats(got) && test.how.lead == 3 {
			t.Errorf("%s: the keeper misses %s of the balls, want %s but for chance, or less", test.name,
				got.withError(), honest.withError())
		}
	}
	all := shoot(t, seeds, aims{sees: func(p *penalty) {
		p.ahead = nil
		for i := range netcode.Tick(keeperLead) {
			p.ahead = append(p.ahead, p.kept[p.shooter.match().tick()+i])
		}
	}})
	inDocument(t, "a client that is shown all the keys that the server has, as no server does", all.withError())
	if !all.beats(honest) {
		t.Errorf("a shooter who knows the jump: the keeper misses %s of the balls, want more than %s: this test would "+
			"not notice a gain", all.withError(), honest.withError())
	}
}

// withError returns the share and its standard error for a table.
func (r result) withError() string {
	return fmt.Sprintf("%.0f ± %.0f %%", 100*r.share, 100*r.standardError)
}
