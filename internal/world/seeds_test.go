package world

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/netcode/netsim"
)

var (
	seeds = flag.Int("seeds", 2000, "how many random worlds TestWorld_InvariantsOverSeeds plays")
	first = flag.Int("seed", 0, "the first of them: to play one that has failed, say -seed N -seeds 1")
)

// Plays short matches over random networks with players that do anything at any time, and checks the invariants. A
// failing seed is the bug report.
func TestWorld_InvariantsOverSeeds(t *testing.T) {
	const workers = 4
	for worker := range workers {
		t.Run(fmt.Sprint(worker), func(t *testing.T) {
			t.Parallel()
			for seed := *first + worker; seed < *first+*seeds && !t.Failed(); seed += workers {
				newRandomWorld(t, uint64(seed)).play()
			}
		})
	}
}

// A randomWorld is a world in which everything is random.
type randomWorld struct {
	*World
	t      *testing.T
	seed   uint64
	r      *rand.Rand
	truth  *truth
	gone   []*Player             // players whose process is gone and whose seat may be held
	scores map[string]game.State // the last state of each match
}

func newRandomWorld(t *testing.T, seed uint64) *randomWorld {
	r := rand.New(rand.NewPCG(seed, 1))
	cfg := Config{Seed: seed, Rules: game.Rules{Points: uint16(r.IntN(3)), Classic: r.IntN(4) == 0},
		Operator: r.IntN(4) == 0}
	rw := &randomWorld{World: New(cfg), t: t, seed: seed, r: r, scores: make(map[string]game.State)}
	rw.OnStep = rw.check
	rw.truth = watch(t, rw.World)
	return rw
}

// play runs a random world: first anything happens, then the networks recover, then everyone leaves.
func (w *randomWorld) play() {
	w.join()
	w.join()
	for range 12 {
		w.Run(time.Duration(w.r.IntN(1500)) * ms)
		w.anything()
	}
	w.settle()
	w.end()
}

// profile returns a random profile.
func (w *randomWorld) profile() netsim.Profile {
	some := func(most float64) float64 { return max(0, w.r.Float64()*2-1) * most } // often 0
	p := netsim.Profile{
		Delay: time.Duration(some(150)) * ms, Jitter: time.Duration(some(20)) * ms,
		Loss: some(0.4), Burst: 1 + some(5), Reorder: some(0.3), Duplicate: some(0.5), Corrupt: some(0.2),
	}
	if w.r.IntN(4) == 0 {
		p.OutageEvery, p.OutageFor = 3*time.Second, time.Duration(w.r.IntN(2500))*ms
	}
	if w.r.IntN(8) == 0 {
		p.Rate = 32000 + w.r.Int64N(100000)
	}
	if err := p.Validate(); err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *randomWorld) join() {
	if len(w.Players) >= 5 {
		return
	}
	var hand Hand
	if w.r.IntN(3) > 0 {
		hand = Bot(bot.Level(w.r.IntN(3)), w.r.Uint64())
	}
	p := w.Join(fmt.Sprint("player ", w.serial), hand)
	p.links(w.profile(), w.profile())
	p.SetFrameRate([]int{30, 60, 144}[w.r.IntN(3)])
	p.Skew, p.Drift = time.Duration(w.r.IntN(10)-5)*time.Second, (w.r.Float64()-0.5)*400e-6
}

// anything lets one player do something, or does something to its network or process.
func (w *randomWorld) anything() {
	if len(w.Players) == 0 {
		w.join()
		return
	}
	p := w.Players[w.r.IntN(len(w.Players))]
	switch w.r.IntN(15) {
	case 0:
		w.join()
	case 1:
		w.Leave(p)
		w.Vanish(p)
	case 2:
		w.Vanish(p)
		w.gone = append(w.gone, p)
	case 3:
		w.Drop(p)
	case 4:
		w.Move(p)
	case 5:
		w.Freeze(p)
	case 6:
		w.Thaw(p)
	case 7:
		p.links(cut, cut)
	case 8:
		p.links(cut, w.profile()) // the server receives nothing, the player still does
	case 9:
		p.links(w.profile(), w.profile())
	case 10:
		if n := len(w.gone); n > 0 {
			w.Resume(w.gone[n-1]) // which the server may refuse
			w.gone = w.gone[:n-1]
		}
	case 11:
		if back := w.Resume(p); back != nil { // from another address, while the first session still plays
			back.links(w.profile(), w.profile())
		}
	case 12:
		w.Rematch(p)
	case 13:
		w.Shard.Begin(w.now)
	case 14:
		p.Session.SetView(client.View(w.r.IntN(3)))
		w.Run(time.Duration(w.r.IntN(9)) * time.Second)
	}
}

// check checks the invariants of every step.
func (w *randomWorld) check() {
	for _, p := range w.Players {
		s, ok := w.Shard.State(p.id)
		if !ok {
			continue
		}
		before := w.scores[p.Welcome.Match]
		if s.Score != before.Score && s.Score != [2]uint16{} &&
			(s.Score[0] < before.Score[0] || s.Score[1] < before.Score[1]) {
			w.fail("the score was %v and is %v", before.Score, s.Score)
		}
		w.scores[p.Welcome.Match] = s
	}
}

// settle makes every network good and checks that all players see the server's game.
func (w *randomWorld) settle() {
	for _, p := range w.Players {
		p.links(lan, lan)
		w.Thaw(p)
	}
	w.Run(4 * time.Second)
	for _, p := range w.Players {
		s, ok := w.Shard.State(p.id)
		switch v := p.Frame; {
		case !ok:
			if v.Stage != client.StageClosed && v.Stage != client.StageLost {
				w.fail("%s has no seat, but sees %v", p.Name, v.Stage)
			}
		case v.Stage == client.StageClosed || v.Stage == client.StageLost:
			w.fail("%s is there, but sees %v: %v", p.Name, v.Stage, v.Reason)
		case s.Tick-v.Tick > 6 && s.Phase != game.Waiting, s.Tick-v.Tick > 15: // STATEs are rarer before a game
			w.fail("%s sees tick %d at tick %d (%v)", p.Name, v.Tick, s.Tick, v.Stage)
		case v.Stage != client.StageOver && !w.scored(p, v.Score):
			w.fail("%s sees %v in tick %d of %s (%v), the score is %v", p.Name, v.Score, v.Tick, v.Match, v.Stage,
				s.Score)
		}
		if !p.Session.SyncTest(30) {
			w.fail("%s predicts otherwise the second time", p.Name)
		}
	}
	balanced(w.t, w.Shard.Counts())
}

// scored reports whether a score is the server's, or was it a moment ago: the screen shows a point when the ball is
// seen to score.
func (w *randomWorld) scored(p *Player, score [2]int) bool {
	r := w.truth.matches[p.Welcome.Match]
	for tick := p.Frame.Tick; tick >= r.first && p.Frame.Tick-tick < game.TickRate/2; tick-- {
		if s := r.at(tick).Score; score == [2]int{int(s[0]), int(s[1])} {
			return true
		}
	}
	return false
}

// end makes everyone leave, with or without notice, and checks that nothing is left.
func (w *randomWorld) end() {
	for _, p := range slices.Clone(w.Players) {
		if w.r.IntN(2) == 0 {
			w.Leave(p)
		}
		w.Vanish(p)
	}
	w.OnStep = nil
	w.Run(62 * time.Second)
	if c := w.Shard.Counts(); c.Sessions != 0 || c.Matches != 0 {
		w.fail("everybody has left, but %d sessions and %d matches", c.Sessions, c.Matches)
	}
	sent := w.Shard.Counts().Sent
	w.Stranger = func(to netip.AddrPort, b []byte) { w.fail("the empty server sends %x to %v", b, to) }
	w.Run(time.Second)
	if n := w.Shard.Counts().Sent - sent; n > 0 {
		w.fail("the empty server has sent %d datagrams", n)
	}
}

func (w *randomWorld) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf("seed %d at %v: %s", w.seed, w.Elapsed(), fmt.Sprintf(format, args...))
}
