package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/netcode/netsim"
)

const ms = time.Millisecond

// The profiles of the tests, for one direction each.
var (
	perfect = netsim.Profile{}
	lan     = netsim.Profile{Delay: 500 * time.Microsecond, Jitter: 100 * time.Microsecond}
	lossy   = netsim.Profile{Delay: 25 * ms, Jitter: 2 * ms, Loss: 0.05, Burst: 2}
	bad     = netsim.Profile{Delay: 50 * ms, Jitter: 5 * ms, Loss: 0.2, Duplicate: 0.25, Reorder: 0.05}
	cut     = netsim.Profile{Loss: 1}
)

// keys is a hand that a test controls.
type keys struct{ in game.Input }

func (k *keys) hold(time.Duration, client.Frame) game.Input { return k.in }

// pair returns a world with two players.
func pair(cfg Config, left, right Hand) (w *World, l, r *Player) {
	w = New(cfg)
	return w, w.Join("left", left), w.Join("right", right)
}

// bots returns a world with two bots.
func bots(cfg Config) (w *World, l, r *Player) {
	return pair(cfg, Bot(bot.Hard, cfg.Seed), Bot(bot.Normal, cfg.Seed+1))
}

// wait runs the world until is returns true, and fails the test if that takes too long.
func (w *World) wait(t *testing.T, within time.Duration, what string, is func() bool) time.Duration {
	t.Helper()
	from := w.Elapsed()
	if !w.Until(within, is) {
		t.Fatalf("at %v, after waiting for %v, this does not hold: %s", w.Elapsed(), within, what)
	}
	return w.Elapsed() - from
}

// playing waits until both players see the ball fly.
func (w *World) playing(t *testing.T, players ...*Player) {
	t.Helper()
	for _, p := range players {
		w.wait(t, 10*time.Second, p.Name+" sees the ball fly",
			func() bool { return p.Frame.Stage == client.StagePlaying })
	}
}

// state returns the server's state of a player's match.
func (w *World) state(t *testing.T, p *Player) game.State {
	t.Helper()
	s, ok := w.Shard.State(p.id)
	if !ok {
		t.Fatalf("%s has no seat", p.Name)
	}
	return s
}

// links sets both directions of a player's network.
func (p *Player) links(up, down netsim.Profile) { p.Up.Set(up); p.Down.Set(down) }

// reports returns the reports of a kind.
func (w *World) reports(kind shard.Kind) (found []shard.Report) {
	for _, r := range w.Reports {
		if r.Kind == kind {
			found = append(found, r)
		}
	}
	return found
}

// undisturbed fails the test if a player was silent or lost a seat.
func (w *World) undisturbed(t *testing.T) {
	t.Helper()
	for _, kind := range []shard.Kind{shard.Silent, shard.Vacated, shard.Closed} {
		if r := w.reports(kind); len(r) > 0 {
			t.Errorf("the match was disturbed: %+v", r[0])
		}
	}
}

// moreDropped reports whether more datagrams than before were dropped for each of the reasons.
func moreDropped(now, before shard.Counts, reasons ...shard.DropReason) bool {
	for _, why := range reasons {
		if now.Dropped[why] <= before.Dropped[why] {
			return false
		}
	}
	return true
}

// balanced fails the test if a datagram was not counted exactly once.
func balanced(t *testing.T, c shard.Counts) {
	t.Helper()
	sum := c.Accepted
	for _, n := range c.Dropped {
		sum += n
	}
	if c.Datagrams != sum {
		t.Errorf("%d datagrams arrived, but the counts add up to %d: %+v", c.Datagrams, sum, c)
	}
}

// pixels returns a length as a Frame has it.
func pixels(x game.Fixed) float64 { return float64(x) / float64(game.One) }
