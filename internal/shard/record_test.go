package shard

import (
	"fmt"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/replay"
)

// recordings keeps what a shard records.
type recordings struct {
	bytes map[string][]byte // by match and number
	ended map[string]bool
	order []string
}

func (r *recordings) record(of RecordedGame, piece []byte, last bool) {
	name := fmt.Sprint(of.Match, "-", of.Number)
	if _, ok := r.bytes[name]; !ok {
		r.order = append(r.order, name)
	}
	r.bytes[name] = append(r.bytes[name], piece...)
	r.ended[name] = r.ended[name] || last
}

// newRecordingShard returns a shard that records its games, which are to two points.
func newRecordingShard(t testing.TB, change func(*Config)) (*testShard, *recordings) {
	r := &recordings{bytes: map[string][]byte{}, ended: map[string]bool{}}
	return newTestShard(t, func(cfg *Config) {
		cfg.Rules = game.DefaultRules()
		cfg.Rules.Points, cfg.Record = 2, r.record
		if change != nil {
			change(cfg)
		}
	}), r
}

// parse returns a recording.
func (r *recordings) parse(t testing.TB, i int) *replay.Replay {
	t.Helper()
	if i >= len(r.order) {
		t.Fatalf("%d recordings, want more than %d", len(r.order), i)
	}
	p, err := replay.Parse(r.bytes[r.order[i]])
	if err != nil {
		t.Fatalf("recording %s: %v", r.order[i], err)
	}
	return p
}

// runUntilOver lets time pass until the game is over. The left player moves up, so that inputs differ.
func (d *testShard) runUntilOver(left, right *testPlayer) (last game.State) {
	d.t.Helper()
	for range 120 * game.TickRate {
		if last, _ = d.State(left.id); last.Phase == game.Over {
			return last
		}
		left.input(left.match().tick()+1, game.Up, 1)
		d.run(Period, right)
	}
	d.t.Fatal("the game is not over after two minutes")
	return last
}

func TestRecord_HasEachGameOfAMatch(t *testing.T) {
	d, r := newRecordingShard(t, nil)
	left, right := d.joinTwo()
	began := d.now
	first := d.runUntilOver(left, right)
	d.run(time.Second, left, right)
	for _, p := range []*testPlayer{left, right} {
		d.Rematch(d.now, p.id, 0)
	}
	d.run(time.Second, left, right)
	second := d.runUntilOver(left, right)
	if len(r.order) != 2 {
		t.Fatalf("recordings %v, want one for each of two games", r.order)
	}
	for i, want := range []game.State{first, second} {
		p := r.parse(t, i)
		if got := p.At(p.Len()); got != want || !p.Complete {
			t.Errorf("game %d ends with %+v (complete %v), want %+v", i+1, got, p.Complete, want)
		}
		if start := p.At(0); start.Score != [2]uint16{} || start.Phase == game.Over {
			t.Errorf("game %d begins with %+v, want a new game", i+1, start)
		}
		if want := [2]string{d.tables.matches[0].seats[0].name, d.tables.matches[0].seats[1].name}; p.Names != want {
			t.Errorf("game %d of %v, want %v", i+1, p.Names, want)
		}
		if p.Gaps != 0 || len(p.Points()) != int(want.Score[0]+want.Score[1]) {
			t.Errorf("game %d has %d gaps and points at %v, want none and the score %v", i+1, p.Gaps, p.Points(),
				want.Score)
		}
	}
	if p := r.parse(t, 0); p.Began.Sub(began).Abs() > 2*time.Second {
		t.Errorf("the first game began at %v, want about %v", p.Began, began)
	}
}

func TestRecord_EndsWhenAPlayerLeaves(t *testing.T) {
	d, r := newRecordingShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.run(100*time.Millisecond, left, right)
	d.Leave(d.now, left.id)
	third := d.join()
	d.run(5*time.Second, right, third)
	if p := r.parse(t, 0); !p.Complete || p.At(p.Len()).Round != 1 {
		t.Errorf("complete %v, ends in round %d, want the end of the rally that was left", p.Complete,
			p.At(p.Len()).Round)
	}
	if p := r.parse(t, 1); p.Names == r.parse(t, 0).Names || p.At(0).Round != 0 {
		t.Errorf("the second recording is of %v from round %d, want the new pair from the beginning", p.Names,
			p.At(0).Round)
	}
}

// A game that ends with the process has all its ticks, too.
func TestRecord_EndsWhenTheShardStops(t *testing.T) {
	d, r := newRecordingShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	last, _ := d.State(left.id)
	d.Stop()
	if p := r.parse(t, 0); !p.Complete || p.At(p.Len()) != last {
		t.Errorf("complete %v, ends with %+v, want %+v", p.Complete, p.At(p.Len()), last)
	}
}

func TestRecord_EndsWithTheMatch(t *testing.T) {
	d, r := newRecordingShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.Leave(d.now, left.id)
	d.Leave(d.now, right.id)
	d.run(time.Second)
	if len(r.order) != 1 || !r.ended[r.order[0]] {
		t.Errorf("recordings %v, ended %v, want one that has ended", r.order, r.ended)
	}
	r.parse(t, 0)
}
