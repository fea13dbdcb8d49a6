package world

import (
	"math"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/netcode"
	"pong/netcode/netsim"
)

func TestMended01_HeldKeyMovesThePaddleEquallyFarOnBothScreens(t *testing.T) {
	t.Parallel()
	for _, net := range []struct {
		name string
		link netsim.Profile
	}{{"perfect", perfect}, {"LAN", lan}, {"lossy", lossy}, {"bad", bad}} {
		for _, frames := range []int{1, 7, 30, 45} {
			var key keys
			w, left, right := pair(Config{Seed: 1, Up: net.link, Down: net.link}, key.hold, nil)
			w.playing(t, left, right)
			w.Run(time.Second) // the timing loop settles
			before := left.Frame.Paddle[0]
			key.in = game.Up
			w.Run(time.Duration(frames) * time.Second / 60)
			key.in = game.None
			w.Run(2 * time.Second)
			mine, theirs, real := left.Frame.Paddle[0], right.Frame.Paddle[0], pixels(w.state(t, left).Paddle[0])
			if mine != real || theirs != real {
				t.Errorf("%s, key held for %d frames: own screen %v, other screen %v, server %v",
					net.name, frames, mine, theirs, real)
			}
			// A frame begins within a tick, and the timing loop may change the speed of the clock by 8 %.
			moved, want := before-real, float64(frames)*pixels(game.PaddleSpeed)
			if net.link.Loss < 0.1 && math.Abs(moved-want) > pixels(game.PaddleSpeed)+0.08*want {
				t.Errorf("%s, key held for %d frames: the paddle has moved %v pixels, want %v", net.name, frames, moved,
					want)
			}
		}
	}
}

// step fails the test if a tick moves a puppet's paddle further than a held key would.
func (p *puppet) limited() {
	last := p.state()
	p.w.OnStep = func() {
		s := p.state()
		if moved := s.Paddle[p.seat] - last.Paddle[p.seat]; s.Tick != last.Tick &&
			(moved < -game.PaddleSpeed || moved > game.PaddleSpeed) {
			p.t.Errorf("tick %d moved the paddle by %v pixels", s.Tick, pixels(moved))
		}
		last = s
	}
}

func TestMended10_BurstOfFortyInputsMovesOneTickATick(t *testing.T) {
	t.Parallel()
	for _, burst := range []struct {
		name string
		tick func(i int) netcode.Tick // relative to the present
		want int                      // ticks of movement in 20
	}{
		// then it is held for 9 ticks, as nothing arrives
		{"the same tick forty times", func(int) netcode.Tick { return 2 }, 10},
		{"forty ticks at once", func(i int) netcode.Tick { return netcode.Tick(i + 1) }, 20},
		{"forty ticks backwards", func(i int) netcode.Tick { return netcode.Tick(40 - i) }, 20},
	} {
		w := New(Config{Seed: 10})
		p := newPuppet(t, w)
		other := w.Join("other", nil)
		w.wait(t, 5*time.Second, "the countdown runs",
			func() bool { return other.Frame.Stage == client.StageCountdown })
		p.limited()
		before := p.state()
		for i := range 40 {
			p.input(netcode.Tick(before.Tick)+burst.tick(i), game.Down, 1)
		}
		w.Run(time.Duration(20) * time.Second / 60)
		moved := int((p.state().Paddle[p.seat] - before.Paddle[p.seat]) / game.PaddleSpeed)
		if moved < burst.want-2 || moved > burst.want {
			t.Errorf("%s: the paddle moved for %d of 20 ticks, want about %d", burst.name, moved, burst.want)
		}
	}
}

func TestMended10_ReplayedAndForgedInputsMoveNothing(t *testing.T) {
	t.Parallel()
	var key keys
	w, left, right := pair(Config{Seed: 11, Up: lan, Down: lan}, key.hold, nil)
	w.playing(t, left, right)
	var inputs [][]byte
	left.Tap = func(up bool, b []byte) {
		if up {
			inputs = append(inputs, append([]byte(nil), b...))
		}
	}
	key.in = game.Up
	w.Run(time.Second / 4)
	key.in = game.None
	w.Run(time.Second / 4)
	left.Tap = nil
	before, counts := w.state(t, left).Paddle, w.Shard.Counts()
	for i, b := range inputs { // from their own address and from another one
		w.Inject(left.Address, b)
		w.Inject(w.address(), b)
		forged := append([]byte(nil), b...)
		forged[i%len(forged)] ^= 1 << (i % 8)
		w.Inject(left.Address, forged)
	}
	w.Run(time.Second / 2)
	after := w.Shard.Counts()
	if now := w.state(t, left).Paddle; now != before {
		t.Errorf("paddles were at %v and are at %v after old and forged inputs", before, now)
	}
	refused := 0
	for _, why := range []shard.DropReason{shard.DropReplayed, shard.DropForged, shard.DropUnknown,
		shard.DropMalformed} {
		refused += after.Dropped[why] - counts.Dropped[why]
	}
	replayed := after.Dropped[shard.DropReplayed] - counts.Dropped[shard.DropReplayed]
	if refused != 3*len(inputs) || replayed < 2*len(inputs) {
		t.Errorf("%d datagrams were refused, want all %d: %+v", refused, 3*len(inputs), after)
	}
}

func TestInput_OfPlayedTicksMovesNothing(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 12})
	p := newPuppet(t, w)
	other := w.Join("other", nil)
	w.wait(t, 5*time.Second, "the countdown runs", func() bool { return other.Frame.Stage == client.StageCountdown })
	before := p.state()
	p.input(netcode.Tick(before.Tick)-1, game.Down, 60)     // the last second again
	p.input(netcode.Tick(before.Tick)+200, game.Down, 1)    // further ahead than the server accepts
	p.input(netcode.Tick(before.Tick)+100000, game.Down, 1) // far beyond
	w.Run(2 * time.Second)
	if now := p.state().Paddle[p.seat]; now != before.Paddle[p.seat] {
		t.Errorf("the paddle was at %v and is at %v", before.Paddle[p.seat], now)
	}
}
