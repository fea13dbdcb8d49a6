package shard

import (
	"math"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A distance is what a player of these tests claims and does: its round trip, and how much earlier than asked for its
// inputs arrive.
type distance struct {
	trip  time.Duration
	early netcode.Tick
	deaf  bool // it ignores what the server asks for
}

// balanced plays a match of two players for a time and returns their shared leads.
func balanced(t *testing.T, f wire.Fairness, span time.Duration, players [2]distance) (*testShard, [2]float64) {
	t.Helper()
	d := newTestShard(t, func(cfg *Config) { cfg.Fairness, cfg.Rules = f, game.Rules{} })
	left, right := d.joinTwo()
	d.runAt(span, players, left, right)
	return d, d.leads(left)
}

// runAt lets time pass, in which players send an INPUT at every tick, with the stamps of their round trips.
func (d *testShard) runAt(span time.Duration, players [2]distance, both ...*testPlayer) {
	for range int(span / Period) {
		now, _ := d.State(both[0].id)
		for i, p := range both {
			stamp := p.stamp()
			stamp.Echo -= uint32(players[i].trip.Microseconds())
			newest := netcode.Tick(now.Tick) + players[i].early
			if !players[i].deaf {
				newest += netcode.Tick(p.match().seats[i].sharedLead)
			}
			in := wire.Input{Newest: newest, Runs: []netcode.Run[game.Input]{{N: 40}}}
			p.send(wire.AppendInput(nil, stamp, in))
		}
		d.run(Period)
	}
}

// leads returns the shared leads of a player's match.
func (d *testShard) leads(p *testPlayer) (leads [2]float64) {
	for i := range leads {
		leads[i] = p.match().seats[i].sharedLead
	}
	return leads
}

// An input that the client makes at each tick for that many ticks ahead.
const usual = 3

func TestBalance_AsksTheNearerPlayerForEarlierInputs(t *testing.T) {
	type trips = [2]time.Duration
	type leads = [2]float64
	const ms = time.Millisecond
	for _, test := range []struct {
		name     string
		fairness wire.Fairness
		trips    trips
		want     leads
	}{
		{"share: half of the difference", wire.FairnessShare, trips{10 * ms, 110 * ms}, leads{3, 0}},
		{"share: the left one is further away", wire.FairnessShare, trips{110 * ms, 10 * ms}, leads{0, 3}},
		{"share: at most", wire.FairnessShare, trips{10 * ms, 260 * ms}, leads{mostShared, 0}},
		{"share: a lie", wire.FairnessShare, trips{10 * ms, 4 * time.Second}, leads{mostShared, 0}},
		{"share: nearly equal", wire.FairnessShare, trips{10 * ms, 40 * ms}, leads{0, 0}},
		{"share: equal", wire.FairnessShare, trips{250 * ms, 250 * ms}, leads{0, 0}},
		{"off", wire.FairnessOff, trips{10 * ms, 260 * ms}, leads{0, 0}},
		{"equal: the whole difference", wire.FairnessEqual, trips{10 * ms, 260 * ms}, leads{15, 0}},
		{"equal: the left one is further away", wire.FairnessEqual, trips{260 * ms, 10 * ms}, leads{0, 15}},
		{"equal: a lie", wire.FairnessEqual, trips{10 * ms, 4 * time.Second}, leads{mostEqual, 0}},
	} {
		d, got := balanced(t, test.fairness, 40*time.Second,
			[2]distance{{trip: test.trips[0], early: usual}, {trip: test.trips[1], early: usual}})
		for i := range got {
			if math.Abs(got[i]-test.want[i]) > 1 { // a client here follows in whole ticks
				t.Errorf("%s: round trips of %v give shared leads of %.2f, want %.2f", test.name, test.trips,
					got, test.want)
				break
			}
		}
		if !d.tables.matches[0].begun {
			t.Errorf("%s: the match has not begun", test.name)
		}
	}
}

// With wire.FairnessEqual a player whose client keeps a greater margin, because its network is worse, counts as further
// away: both of these are 100 ms away.
func TestBalance_EqualCountsMargins(t *testing.T) {
	far := 100 * time.Millisecond
	_, got := balanced(t, wire.FairnessEqual, 40*time.Second,
		[2]distance{{trip: far, early: usual}, {trip: far, early: usual + 5}})
	if math.Abs(got[0]-5) > 1 || got[1] != 0 {
		t.Errorf("margins that differ by 5 ticks give shared leads of %.2f, want 5 and 0", got)
	}
}

// The margins of the nearer player count from the shared lead before the ticks; those of the other one do not.
func TestBalance_IsInTheMargins(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) {
		cfg.Rules, cfg.Fairness = game.Rules{}, wire.FairnessShare
	})
	left, right := d.joinTwo()
	players := [2]distance{{early: usual, deaf: true}, {trip: 110 * time.Millisecond, early: usual}}
	d.runAt(20*time.Second, players, left, right)
	clear(d.sent)
	d.runAt(time.Second, players, left, right)
	near, far := left.states(), right.states()
	lead := d.leads(left)[0]
	if lead < 2 || len(near) == 0 || len(far) == 0 {
		t.Fatalf("a shared lead of %.2f, and %d and %d STATEs; want a lead of 3 and some STATEs", lead, len(near),
			len(far))
	}
	for i := range near {
		n, f := near[i].Margin, far[i].Margin
		for _, m := range [][2]float64{{n.Min, f.Min}, {n.Base, f.Base}} {
			if math.Abs(m[1]-m[0]-lead) > 0.2 {
				t.Fatalf("inputs that arrive equally early have the margins %.2f at the nearer player and %.2f at the "+
					"other one, want a difference of %.2f", m[0], m[1], lead)
			}
		}
	}
}

// A client's clock follows a shared lead, so that it may change only as fast as nobody notices; but before the match
// begins no clock runs.
func TestBalance_ChangesSlowlyInAMatch(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) {
		cfg.Rules, cfg.Fairness = game.Rules{}, wire.FairnessShare
	})
	left, right := d.joinTwo()
	players := [2]distance{{early: usual}, {trip: 260 * time.Millisecond, early: usual}}
	d.runAt(time.Second, players, left, right)
	before := d.leads(left)[0]
	d.runAt(3*time.Second, players, left, right)
	after := d.leads(left)[0]
	if change := after - before; change < 2 || change > 3 {
		t.Errorf("in 3 s the shared lead went from %.2f to %.2f, want a change of 2 to 3 ticks", before, after)
	}
}
