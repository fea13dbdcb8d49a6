package world

import (
	"testing"
	"time"

	"pong/netcode/netsim"
)

// TestUplink_OfThirtyTwoKilobitsCarriesTheInputs plays with one player whose uplink has 32 kbit/s, less than 60 INPUTs
// a second need. The client sends fewer, which the uplink carries with little delay; the other player's link is good,
// and its rate stays. After the limit is gone, the client sends 60 a second again.
func TestUplink_OfThirtyTwoKilobitsCarriesTheInputs(t *testing.T) {
	good := netsim.Profile{Delay: 15 * ms, Jitter: 2 * ms}
	slow := good
	slow.Rate, slow.Queue = 32_000, 300*ms
	w, l, r := bots(Config{Seed: 1, Up: good, Down: good})
	l.links(slow, good)
	sent := func(p *Player, d time.Duration) (perSecond float64) {
		before := p.Up.Stats().Sent
		w.Run(d)
		return float64(p.Up.Stats().Sent-before) / d.Seconds()
	}
	w.playing(t, l, r)
	w.Run(15 * time.Second)
	missed, dropped := l.Frame.Figures.Missed, l.Up.Stats().QueueDrops
	rate := sent(l, 10*time.Second) // less than until the client tries more
	f := l.Frame.Figures
	if rate > 35 {
		t.Errorf("the slow player sends %.0f datagrams a second, want about 30", rate)
	}
	if n := l.Up.Stats().QueueDrops - dropped; n > 0 || f.Missed-missed > 5 || f.Latency > 60 {
		t.Errorf("in 10 s %d of its datagrams were dropped and %d ticks missed, and the latency is %.0f ms; want "+
			"none, next to none and about 40 ms", n, f.Missed-missed, f.Latency)
	}
	if rate := sent(r, 5*time.Second); rate < 55 {
		t.Errorf("the other player sends %.0f datagrams a second, want 60", rate)
	}
	l.links(good, good)
	w.Run(2 * time.Minute)
	if rate := sent(l, 5*time.Second); rate < 50 {
		t.Errorf("2 min after the limit the player sends %.0f datagrams a second, want about 60", rate)
	}
	w.undisturbed(t)
}
