package shard

import (
	"bytes"
	"errors"
	"math"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A testCopier keeps the newest copy of a match, and acknowledges it unless it holds the acknowledgements back.
type testCopier struct {
	record   []byte
	tick     uint32
	acked    uint32
	silent   bool // nothing is acknowledged
	stopped  bool // the match may not be played
	over     bool
	dropped  bool
	puts     int
	reached  bool
	received time.Time
}

func (c *testCopier) Put(now time.Time, tick uint32, record []byte) {
	c.record, c.tick, c.received = bytes.Clone(record), tick, now
	if c.puts++; !c.silent {
		c.acked = tick
	}
}

func (c *testCopier) Acked() uint32 { return c.acked }
func (c *testCopier) Over() bool    { return c.over }
func (c *testCopier) Drop()         { c.dropped = true }

func (c *testCopier) MayPlay(_ time.Time, reached bool) bool {
	c.reached = reached
	return !c.stopped && !c.over
}

// newCopyingShard returns a shard whose matches are copied.
func newCopyingShard(t testing.TB) (*testShard, *testCopier) {
	c := new(testCopier)
	return newTestShard(t, func(cfg *Config) { cfg.Own = func(string) Copier { return c } }), c
}

// next returns a shard that has taken over the match of a copier, as another server.
func (c *testCopier) next(t *testing.T, now time.Time) (*testShard, *testCopier) {
	t.Helper()
	d, copier := newCopyingShard(t)
	d.random.Seed([32]byte{9})
	d.serial, d.now = 100, now
	copied, err := ParseCopied(c.record)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.TakeOver(d.now, c.received, copied, copier); err != nil {
		t.Fatal(err)
	}
	return d, copier
}

func TestCopied_Bytes(t *testing.T) {
	c := Copied{
		Saved: Saved{
			Serial: 7, Name: "m7", Rules: game.DefaultRules(), Game: 2, State: game.New(game.DefaultRules(), 1),
			Seats: [2]SavedSeat{
				{Name: "a", Resume: [32]byte{1}}, {Name: "b", Holder: netip.MustParsePrefix("10.0.0.1/32")},
			},
		},
		Applied: [wire.HistoryLen]game.Inputs{{game.Up, game.Away}, {game.None, game.Down}},
		Paused:  [2]time.Duration{6 * time.Second, 0},
		Inputs:  [2][]game.Input{{game.Up, game.Down}, nil},
	}
	b := c.Append(nil)
	got, err := ParseCopied(b)
	if err != nil || !reflect.DeepEqual(*got, c) {
		t.Errorf("parsed %+v, %v; want %+v", got, err, c)
	}
	for n := range b {
		if _, err := ParseCopied(b[:n]); err == nil {
			t.Errorf("%d of %d bytes are parsed", n, len(b))
		}
	}
	if !got.Resumes([32]byte{1}) || got.Resumes([32]byte{3}) {
		t.Error("a match is not found by the digest of a seat, or by another one")
	}
}

func FuzzParseCopied(f *testing.F) {
	c := Copied{Saved: Saved{
		Serial: 7, Name: "m7", Rules: game.DefaultRules(), Game: 2, State: game.New(game.DefaultRules(), 1),
		Seats: [2]SavedSeat{{Name: "a", Resume: [32]byte{1}}, {Name: "b"}},
	}, Inputs: [2][]game.Input{{game.Up}, {game.Down, game.None}}}
	f.Add(c.Append(nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCopied(b)
		if err != nil {
			return
		}
		if again := c.Append(nil); !bytes.Equal(again, b) {
			t.Fatalf("%x is written as %x", b, again)
		}
	})
}

// No STATE and no END shows a point that no other server has: a score that a player has seen must not be lost with the
// server.
func TestCopy_PointIsCopiedBeforeItIsShown(t *testing.T) {
	d, copier := newCopyingShard(t)
	d.cfg.Rules.Points = 2
	left, right := d.joinTwo()
	copied := func() (sum uint16) {
		c, err := ParseCopied(copier.record)
		if err != nil {
			return 0
		}
		return c.State.Score[0] + c.State.Score[1]
	}
	shown := func() (sum uint16) {
		for _, p := range []*testPlayer{left, right} {
			for _, st := range p.states() {
				sum = max(sum, st.Game.Score[0]+st.Game.Score[1])
			}
			if len(p.lines(wire.End)) > 0 {
				sum = math.MaxUint16
			}
		}
		return sum
	}
	known := uint16(0) // to the other server
	for tick := range 120 * game.TickRate {
		copier.silent = tick/40%2 == 0
		d.run(Period, left, right)
		if !copier.silent || copier.acked == copier.tick {
			known = copied()
		}
		if s := shown(); s > known && (s != math.MaxUint16 || known < 2) {
			t.Fatalf("the score %d is shown, and no other server has more than %d", s, known)
		}
		if len(left.lines(wire.End)) > 0 {
			return
		}
	}
	t.Error("no game has ended")
}

func TestCopy_NothingIsPlayedWithoutTheRight(t *testing.T) {
	d, copier := newCopyingShard(t)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	before, _ := d.State(left.id)
	left.states()
	copier.stopped = true
	d.run(3*time.Second, left, right)
	if after, _ := d.State(left.id); after.Tick != before.Tick || len(left.states()) > 0 {
		t.Errorf("%d ticks were played without the right to", after.Tick-before.Tick)
	}
	copier.stopped = false
	d.run(200*time.Millisecond, left, right)
	if after, _ := d.State(left.id); after.Tick == before.Tick || after.Tick > before.Tick+30 {
		t.Errorf("%d ticks were played in the 200 ms after that, want only those", after.Tick-before.Tick)
	}
}

// A process that was stopped reads what has arrived meanwhile first. That does not mean that its players reach it.
func TestCopy_PlayersWhoAreGoneDoNotReachAServerThatStoodStill(t *testing.T) {
	d, copier := newCopyingShard(t)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	left.ping()
	right.ping()
	d.run(Period)
	if !copier.reached {
		t.Error("two players who have just sent something do not reach the server")
	}
	d.now = d.now.Add(2900 * time.Millisecond)
	d.Advance(d.now)
	if copier.reached {
		t.Error("after 2.9 s without a datagram both players still reach the server")
	}
}

func TestCopy_DroppedWhenTheMatchEnds(t *testing.T) {
	d, copier := newCopyingShard(t)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.Leave(d.now, left.id)
	d.run(100*time.Millisecond, right)
	if !copier.dropped {
		t.Error("a match that has ended is still copied")
	}
}

// A rally goes on at another server as if nothing had happened: with the inputs that had arrived, and those that the
// players have made since.
func TestTakeOver_RallyGoesOn(t *testing.T) {
	first, copier := newCopyingShard(t)
	left, right := first.joinTwo()
	first.runUntilPlaying(left, right)
	state, _ := first.State(left.id)
	left.input(netcode.Tick(state.Tick)+20, game.Up, 22)
	right.input(netcode.Tick(state.Tick)+20, game.Down, 22)
	first.run(100*time.Millisecond, left, right)
	before, _ := first.State(left.id)

	d, _ := copier.next(t, first.now.Add(150*time.Millisecond))
	left2 := d.joinAs(JoinRequest{Resume: left.resume()})
	d.run(50*time.Millisecond, left2)
	if s, _ := d.State(left2.id); s.Tick > before.Tick {
		t.Errorf("tick %d is played before the second player is back", s.Tick)
	}
	if st := left2.states(); len(st) == 0 || int(st[0].Acked[0]) < int(state.Tick)+20 {
		t.Errorf("the first player to come back is sent %+v, want a STATE that acknowledges its inputs", st)
	}
	right2 := d.joinAs(JoinRequest{Resume: right.resume()})
	left2.input(netcode.Tick(state.Tick)+40, game.None, 20)
	right2.input(netcode.Tick(state.Tick)+40, game.None, 20)
	d.run(50*time.Millisecond, left2, right2)
	after, _ := d.State(left2.id)
	if want := before.Tick + 15; after.Tick < want-3 || after.Tick > want+3 || after.Phase != game.Playing {
		t.Errorf("250 ms after tick %d the match is at tick %d in phase %d, want about tick %d of the rally",
			before.Tick, after.Tick, after.Phase, want)
	}
	moved := [2]game.Fixed{state.Paddle[0] - after.Paddle[0], after.Paddle[1] - state.Paddle[1]}
	if least := 20 * game.PaddleSpeed; moved[0] < least && after.Paddle[0] > 0 || moved[1] < least {
		t.Errorf("the paddles have moved by %v, want all 20 ticks of the keys that were held", moved)
	}
	for i, p := range []*testPlayer{left2, right2} {
		if p.welcome.PlayerID != i+1 || p.welcome.Match != left.welcome.Match {
			t.Errorf("player %d is welcomed with %+v", i+1, p.welcome)
		}
	}
	if len(d.reported(TakenOver)) != 1 || len(d.reported(Stood)) != 0 {
		t.Errorf("reported %+v", d.reports)
	}
}

// Much later the match counts down, and a player who does not come back is silent.
func TestTakeOver_AbsentPlayerIsWaitedFor(t *testing.T) {
	first, copier := newCopyingShard(t)
	left, right := first.joinTwo()
	first.runUntilScore(1, left, right)
	before, _ := first.State(left.id)

	d, _ := copier.next(t, first.now.Add(2*time.Second))
	left2 := d.joinAs(JoinRequest{Resume: left.resume()})
	d.run(AwaitedFor+200*time.Millisecond, left2)
	st := left2.states()
	if is := st[len(st)-1]; is.Game.Phase != game.Waiting || is.Standing.Seats[1] != wire.SeatSilent {
		t.Errorf("without the second player the match is %+v", is)
	}
	right2 := d.joinAs(JoinRequest{Resume: right.resume()})
	d.runUntilPlaying(left2, right2)
	if after, _ := d.State(left2.id); after.Score != before.Score {
		t.Errorf("the score is %v, want %v", after.Score, before.Score)
	}
	if used := PauseBudget - right2.match().seats[1].pauseLeft(); used < LeastPause {
		t.Errorf("the pause of the absent player has cost %v, want %v", used, LeastPause)
	}
}

// A match that goes on at another server is over here: its clients are sent away, and nothing of it is left.
func TestCopy_LostMatchIsSurrendered(t *testing.T) {
	d, copier := newCopyingShard(t)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	watcher := d.joinAs(JoinRequest{Watch: true})
	copier.over = true
	d.run(100 * time.Millisecond)
	for _, id := range []sealed.ID{left.id, right.id, watcher.id} {
		if lines := d.lines[id]; lines[len(lines)-1].Code != wire.CodeClosing {
			t.Errorf("the last line to a client is %+v, want an ERROR %s", lines[len(lines)-1], wire.CodeClosing)
		}
	}
	if n := d.tables.entries(); n > 0 {
		t.Errorf("%d entries are left, want none", n)
	}
	if _, err := d.tryJoin(left.resume()); !errors.Is(err, ErrResume) {
		t.Errorf("the secret of a surrendered seat gives %v, want ErrResume", err)
	}
}

// A server that hands its matches over plays no tick after the state that it has copied last.
func TestYield_LastStateIsCopied(t *testing.T) {
	d, copier := newCopyingShard(t)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	copier.silent = true
	d.Yield(d.now)
	if d.Yielded() {
		t.Error("the match is handed over before its copy has arrived")
	}
	state, _ := d.State(left.id)
	copier.acked = copier.tick
	d.run(300*time.Millisecond, left, right)
	if after, _ := d.State(left.id); after != state || copier.tick != state.Tick || !d.Yielded() {
		t.Errorf("tick %d is copied, and the match has gone on from tick %d to %d", copier.tick, state.Tick, after.Tick)
	}
}
