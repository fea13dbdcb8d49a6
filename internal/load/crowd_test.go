package load

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A testNetwork connects a crowd with a server's real shard, in virtual time and with a constant delay.
type testNetwork struct {
	t       testing.TB
	now     time.Duration
	delay   time.Duration
	shard   *shard.Shard
	welcome wire.Message // the newest one
	crowd   *crowd

	up, down []inFlight
	from     []netip.AddrPort    // of each player
	drop     func(b []byte) bool // reports whether a datagram to a player is lost
	rematch  []int               // players in the order in which they requested a rematch
	ids      map[int]sealed.ID   // by player
	random   *rand.ChaCha8
	dropped  int
	begin    time.Time
}

type inFlight struct {
	due  time.Duration
	i    int
	data []byte
}

func newTestNetwork(t testing.TB, matches int, rules game.Rules, delay time.Duration) *testNetwork {
	t.Helper()
	f := &testNetwork{t: t, delay: delay, crowd: newCrowd(2 * matches), ids: make(map[int]sealed.ID),
		random: rand.NewChaCha8([32]byte{7}),
		begin:  time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), now: time.Second}
	byAddr := make(map[netip.AddrPort]int)
	f.shard = shard.New(shard.Config{
		Rules: rules, Auto: true, Random: f.random, Seed: 1,
		Send: func(_ netip.Addr, to netip.AddrPort, b []byte) {
			f.down = append(f.down, inFlight{f.now + f.delay, byAddr[to], append([]byte(nil), b...)})
		},
		SendLine: func(_ sealed.ID, m wire.Message) {
			if m.Type == wire.Welcome {
				f.welcome = m
			}
		},
		Report: func(shard.Report) {},
	}, f.begin)
	f.crowd.send = func(i int, b []byte) {
		f.up = append(f.up,
			inFlight{f.now + f.delay, i, append([]byte(nil), b...)})
	}
	f.crowd.check = func(int) {}
	f.crowd.rematch = func(i int) bool {
		f.rematch = append(f.rematch, i)
		f.shard.Rematch(f.at(), f.ids[i], 0)
		return true
	}
	for i := range 2 * matches {
		f.from = append(f.from, netip.AddrPortFrom(source(i, netip.AddrFrom4([4]byte{127, 0, 0, 1})), 4000))
		if !f.from[i].Addr().IsValid() { // not on Linux
			f.from[i] = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 1, 0, byte(i + 1)}), 4000)
		}
		byAddr[f.from[i]] = i
		f.join(i)
	}
	return f
}

func (f *testNetwork) at() time.Time { return f.begin.Add(f.now) }

func (f *testNetwork) join(i int) {
	f.t.Helper()
	var id sealed.ID
	secret := make([]byte, 32)
	_, _ = f.random.Read(id[:])
	_, _ = f.random.Read(secret)
	theirs, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, id)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := f.shard.Join(f.at(), shard.JoinRequest{ID: id, Sealed: theirs, Name: "load",
		Addr: f.from[i].Addr()}); err != nil {
		f.t.Fatal(err)
	}
	w := f.welcome
	ours, err := sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id)
	if err != nil {
		f.t.Fatal(err)
	}
	token, _ := base64.RawURLEncoding.DecodeString(w.Token)
	if got, _ := hex.DecodeString(w.Session); sealed.ID(got) != id {
		f.t.Fatalf("WELCOME names session %s", w.Session)
	}
	f.ids[i] = id
	f.crowd.add(f.now, player{keys: ours, id: id, token: [wire.TokenLen]byte(token), seat: w.PlayerID - 1})
}

// run advances the time in steps of a millisecond.
func (f *testNetwork) run(d time.Duration) {
	for end := f.now + d; f.now < end; {
		f.now += time.Millisecond
		for len(f.up) > 0 && f.up[0].due <= f.now {
			f.shard.Receive(f.at(), f.from[f.up[0].i], f.up[0].data)
			f.up = f.up[1:]
		}
		f.shard.Advance(f.at())
		for len(f.down) > 0 && f.down[0].due <= f.now {
			b := f.down[0].data
			if f.down = f.down[1:]; f.drop == nil || !f.drop(b) {
				f.crowd.receive(f.now, b)
			} else {
				f.dropped++
			}
		}
		f.crowd.advance(f.now)
	}
}

// TestCrowd_RegistersAtOnce matters because the server waits for the REGISTERs of both players.
func TestCrowd_RegistersAtOnce(t *testing.T) {
	if f := newTestNetwork(t, 2, game.Rules{Points: 1}, 0); len(f.up) != 4 || f.up[3].i != 3 || f.up[3].due != f.now {
		t.Errorf("four players joined and sent %d datagrams, want one each at once", len(f.up))
	}
}

// TestCrowd_PlaysLikePlayers expects 60 inputs a second from each player, all in time and acknowledged, and every STATE
// accepted.
func TestCrowd_PlaysLikePlayers(t *testing.T) {
	for _, delay := range []time.Duration{0, 10 * time.Millisecond, 60 * time.Millisecond} {
		f := newTestNetwork(t, 3, game.Rules{}, delay)
		f.run(2 * time.Second)
		if n := f.crowd.running(); n != 6 {
			t.Fatalf("delay %v: %d of 6 players play, want all", delay, n)
		}
		before := f.shard.Counts()
		f.crowd.begin()
		f.run(20 * time.Second)
		c, m := f.shard.Counts(), &f.crowd.measure
		if m.Inputs < 6*20*60-60 || m.Inputs > 6*20*60+60 {
			t.Errorf("delay %v: %d INPUTs sent in 20 s, want %d", delay, m.Inputs, 6*20*60)
		}
		onTheWay := 6 * int(delay/period+2)
		if lost := m.Inputs - (c.Inputs - before.Inputs); lost < -onTheWay || lost > onTheWay {
			t.Errorf("delay %v: the server received %d fewer INPUTs than the %d sent", delay, lost, m.Inputs)
		}
		if n := c.Missed - before.Missed; n > 0 || m.Missed > 0 {
			t.Errorf("delay %v: %d ticks were played without their input, %d according to STATEs; want none", delay, n,
				m.Missed)
		}
		if down, up := f.crowd.lost(); down != 0 || up != 0 || m.Refused+m.Stale+m.NotSent > 0 {
			t.Errorf("delay %v: on a perfect network %d lost down, %.3f lost up, %d refused, %d stale, %d not "+
				"sent; want none",
				delay, down, up, m.Refused, m.Stale, m.NotSent)
		}
		if m.States < 6*300 || m.In.Datagrams != m.States || m.Out.Datagrams != m.Inputs || m.In.Bytes < 90*m.States {
			t.Errorf("delay %v: %d STATEs, %+v in, %+v out", delay, m.States, m.In, m.Out)
		}
		if rtt := m.RTT.quantile(0.5); rtt < 2*delay || rtt > 2*delay+2*time.Millisecond+delay/10 {
			t.Errorf("delay %v each way: the median round trip is %v", delay, rtt)
		}
		if gap := m.Gap.quantile(0.5); gap < 64*time.Millisecond || gap > 70*time.Millisecond {
			t.Errorf("delay %v: STATEs are %v apart, want 67 ms", delay, gap)
		}
		for i := range f.crowd.players {
			if n := f.crowd.players[i].log.Unacknowledged(); n > int(2*delay/period)+8 {
				t.Errorf("delay %v: %d inputs of player %d are unacknowledged", delay, n, i)
			}
		}
	}
}

// TestCrowd_CountsLosses expects exactly the datagrams that did not arrive, and the share that the server reports as
// lost.
func TestCrowd_CountsLosses(t *testing.T) {
	f := newTestNetwork(t, 2, game.Rules{}, 5*time.Millisecond)
	f.run(2 * time.Second)
	f.drop = func([]byte) bool { return true }
	f.run(time.Second) // before the measurement, so not counted
	f.drop, f.dropped = nil, 0
	f.run(time.Second)
	f.crowd.begin()
	n := 0
	f.drop = func([]byte) bool { n++; return n%10 == 3 }
	f.run(10 * time.Second)
	f.drop = nil
	f.run(time.Second)
	if down, _ := f.crowd.lost(); down != f.dropped || down < 50 {
		t.Errorf("%d datagrams counted as lost on the way down, want %d", down, f.dropped)
	}
	send := f.crowd.send
	f.crowd.send = func(i int, b []byte) {
		if n++; n%5 != 0 {
			send(i, b)
		}
	}
	f.run(10 * time.Second)
	if _, up := f.crowd.lost(); up < 0.18 || up > 0.22 {
		t.Errorf("the server reports a loss of %.3f on the way up, want 0.2", up)
	}
	if f.crowd.measure.Missed > 40 {
		t.Errorf("%d ticks without input, want few: each INPUT repeats all unacknowledged inputs",
			f.crowd.measure.Missed)
	}
}

// TestCrowd_RefusesForgedAndReplayedDatagrams counts them and changes nothing else.
func TestCrowd_RefusesForgedAndReplayedDatagrams(t *testing.T) {
	f := newTestNetwork(t, 1, game.Rules{}, 0)
	f.run(2 * time.Second)
	f.crowd.begin()
	var kept []byte
	f.drop = func(b []byte) bool { kept = append([]byte(nil), b...); return false }
	f.run(100 * time.Millisecond)
	forged := append([]byte(nil), kept...)
	forged[len(forged)-1] ^= 1
	forged[12]++ // a packet number that was not used
	for _, b := range [][]byte{kept, forged, {9}, nil, append([]byte{9, 1, 2, 3, 4}, kept[5:]...)} {
		before := f.crowd.measure
		f.crowd.receive(f.now, b)
		if after := f.crowd.measure; after.Refused != before.Refused+1 || after.In != before.In ||
			after.States != before.States {
			t.Errorf("%x was not counted as refused alone: before %+v, after %+v", b, before, after)
		}
	}
}

// TestCrowd_IgnoresStaleStates counts a STATE that arrives after a newer one, and changes nothing else.
func TestCrowd_IgnoresStaleStates(t *testing.T) {
	f := newTestNetwork(t, 1, game.Rules{}, 0)
	f.run(2 * time.Second)
	f.crowd.begin()
	var late []byte
	f.drop = func(b []byte) bool {
		if late == nil {
			late = append([]byte(nil), b...)
			return true
		}
		return false
	}
	f.run(500 * time.Millisecond)
	i, _ := f.crowd.find(late)
	newest := f.crowd.players[i].newest
	f.crowd.receive(f.now, late)
	if m := &f.crowd.measure; m.Stale != 1 || f.crowd.players[i].newest != newest {
		t.Errorf("%d STATEs counted as stale, newest tick %d; want 1 and %d", m.Stale, f.crowd.players[i].newest,
			newest)
	}
	if down, _ := f.crowd.lost(); down != 0 {
		t.Errorf("%d datagrams counted as lost, want none: the late one has arrived", down)
	}
}

// TestCrowd_AnswersChallenges expects the server to follow a player whose address changes.
func TestCrowd_AnswersChallenges(t *testing.T) {
	f := newTestNetwork(t, 1, game.Rules{}, 0)
	f.run(2 * time.Second)
	to := netip.MustParseAddrPort("127.1.0.1:4999")
	f.from[0] = to
	f.run(2 * time.Second)
	if n := f.shard.Counts().Moved; n != 1 {
		t.Errorf("the server moved %d sessions to another address, want 1", n)
	}
}

// TestCrowd_RequestsOneRematchPerGame runs until three games have ended.
func TestCrowd_RequestsOneRematchPerGame(t *testing.T) {
	f := newTestNetwork(t, 1, game.Rules{Points: 1}, 0)
	f.crowd.players[1].seat, f.crowd.players[0].seat = 1, 0
	for range 600 {
		f.run(time.Second)
		if len(f.rematch) >= 6 {
			break
		}
	}
	var by [2]int
	for _, i := range f.rematch {
		by[i]++
	}
	if by != [2]int{3, 3} {
		t.Errorf("rematches requested by each player: got %v, want 3 each", by)
	}
}

// TestCrowd_LeavesTurnsOutWhenBehind counts them, and then plays as before.
func TestCrowd_LeavesTurnsOutWhenBehind(t *testing.T) {
	f := newTestNetwork(t, 1, game.Rules{}, 0)
	f.run(2 * time.Second)
	f.crowd.begin()
	f.now += time.Second // in which the program did not run
	f.run(time.Second)
	m := &f.crowd.measure
	if m.NotSent < 2*55 || m.NotSent > 2*60 {
		t.Errorf("%d INPUTs counted as not sent after a stall of one second, want about 120", m.NotSent)
	}
	f.crowd.begin()
	before := f.shard.Counts().Missed
	f.run(5 * time.Second)
	if n := f.shard.Counts().Missed - before; n > 0 || m.Missed > 0 {
		t.Errorf("%d ticks were played without input after the stall, want none", n)
	}
}

// TestCrowd_AllocatesNothing for a datagram in either direction.
func TestCrowd_AllocatesNothing(t *testing.T) {
	f := newTestNetwork(t, 2, game.Rules{}, 0)
	f.run(2 * time.Second)
	var states [][]byte
	f.drop = func(b []byte) bool { states = append(states, append([]byte(nil), b...)); return true }
	f.run(30 * time.Second)
	f.crowd.send = func(int, []byte) {}
	next := 0
	if n := testing.AllocsPerRun(100, func() {
		f.crowd.receive(f.now, states[next])
		next++
		f.now += period
		f.crowd.advance(f.now)
	}); n > 0 {
		t.Errorf("%v allocations for a STATE and four INPUTs", n)
	}
}

func BenchmarkCrowd(b *testing.B) {
	f := newTestNetwork(b, 100, game.Rules{}, 0)
	f.run(2 * time.Second)
	f.crowd.send = func(int, []byte) {}
	n := 0
	for b.Loop() {
		f.now += period / 200
		f.crowd.advance(f.now)
		n++
	}
}
