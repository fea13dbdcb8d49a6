package world

import (
	"math/rand/v2"
	"testing"
	"time"

	"pong/netcode/netsim"
)

// TestLead_IsBackAfterAStopAndStarvation stops a player's process for 2 s and lets it go on with hardly any processor
// time: it stands still for 100 to 500 ms again and again. Two seconds after that its lead is what the network needs.
func TestLead_IsBackAfterAStopAndStarvation(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		chance := rand.New(rand.NewPCG(seed, 1))
		w, left, right := bots(Config{Seed: seed, Up: lan, Down: lan})
		w.playing(t, left, right)
		w.Run(5 * time.Second)
		before := right.Frame.Figures
		w.Freeze(right)
		w.Run(2 * time.Second)
		w.Thaw(right)
		for end := w.Elapsed() + 10*time.Second; w.Elapsed() < end; {
			w.Run(time.Duration(10+chance.IntN(200)) * ms)
			w.Freeze(right)
			w.Run(time.Duration(100+chance.IntN(400)) * ms)
			w.Thaw(right)
		}
		w.Run(2 * time.Second)
		if f := right.Frame.Figures; f.Wanted > before.Wanted+1 || f.Lead > before.Lead+3 {
			t.Errorf("seed %d: 2 s after the player was starved it is %.1f ticks ahead and wants a margin of %.1f, "+
				"before it was %.1f and %.1f", seed, f.Lead, f.Wanted, before.Lead, before.Wanted)
		}
	}
}

// TestLead_JumpsBackWhenThePathIsShort makes a player's path up long and then short again. The wanted margin is at its
// widest then, because the late tail remembers the change. The player's clock is so far ahead that a STATE cannot say
// how far, and yet it jumps.
func TestLead_JumpsBackWhenThePathIsShort(t *testing.T) {
	t.Parallel()
	for _, delay := range []time.Duration{500 * ms, time.Second} {
		w, left, right := bots(Config{Seed: 1, Up: lan, Down: lan})
		w.playing(t, left, right)
		w.Run(3 * time.Second)
		right.Up.Set(netsim.Profile{Delay: delay})
		w.Run(5 * time.Second)
		far := right.Frame.Figures.Lead
		right.Up.Set(lan)
		w.Run(delay + 2*time.Second) // what is under way comes first
		if f := right.Frame.Figures; far < float64(delay/(20*ms)) || f.Lead > f.Wanted+3 {
			t.Errorf("a path of %v: the lead is %.1f ticks, and %.1f with a margin of %.1f wanted 2 s after the path "+
				"is short; want it to fall to the margin", delay, far, f.Lead, f.Wanted)
		}
	}
}
