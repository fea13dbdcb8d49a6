package game

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// record writes the recorded matches again, which changes their chains. It is
// for a deliberate change of the rules.
var record = flag.Bool("record", false, "record the matches in testdata again")

// recorded are matches whose every state is the same on every machine. The
// chains are constants so that two machines are compared without meeting: CI
// runs this test on amd64 (GOAMD64 v1 and v3), 386 and wasm.
var recorded = []struct {
	file  string
	rules Rules
	seed  uint64
	chain uint64
}{
	{"default.replay", Rules{Points: 3}, 15, 0x8705e6d3af60874a},
	{"classic.replay", Rules{Points: 3, Classic: true}, 96, 0xe0652696ff8bb626},
}

const recordedTicks = 10 * 60 * TickRate

// play records a match of players who play, pause and ask for rematches.
func play(rules Rules, seed uint64, ticks int) Replay {
	r := Replay{Rules: rules, Seed: seed}
	s, p := New(rules, seed), newPlayers(seed)
	for range ticks {
		in := p.inputs(s)
		r.Inputs = append(r.Inputs, in)
		s = Step(rules, s, in)
	}
	return r
}

func TestRecordedMatchesGiveTheSameChain(t *testing.T) {
	for _, match := range recorded {
		path := filepath.Join("testdata", match.file)
		if *record {
			err := os.WriteFile(path, play(match.rules, match.seed, recordedTicks).Append(nil), 0o644)
			if err != nil {
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseReplay(b)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(r.Inputs) != recordedTicks || r.Rules != match.rules || r.Seed != match.seed {
			t.Errorf("%s: %d ticks of %+v with seed %d, want another match", path, len(r.Inputs), r.Rules, r.Seed)
		}
		if _, chain := r.Play(); chain != match.chain {
			t.Errorf("%s: chain %#x, want %#x: this machine plays by other rules", path, chain, match.chain)
		}
		covers(t, path, r)
	}
}

// covers fails unless everything that can happen happens in the match.
func covers(t *testing.T, name string, r Replay) {
	t.Helper()
	var pauses [Over + 1]int
	var events [GameOver + 1]int
	var winners [3]int
	rematches, hits := 0, uint16(0)
	s := New(r.Rules, r.Seed)
	for _, in := range r.Inputs {
		next := Step(r.Rules, s, in)
		if next.Phase == Waiting && s.Phase == Over {
			rematches++
		} else if next.Phase == Waiting && s.Phase != Waiting {
			pauses[s.Phase]++
		}
		for e := range events {
			if Events(s, next).Has(Event(e)) {
				events[e]++
			}
		}
		if s.Winner == 0 {
			winners[next.Winner]++
		}
		hits = max(hits, next.Hits)
		s = next
	}
	t.Logf("%s: pauses by phase %v, events %v, wins %v, rematches %d, longest rally %d", name, pauses, events, winners[1:], rematches, hits)
	for _, phase := range []Phase{Countdown, Playing, Scored} {
		if pauses[phase] == 0 {
			t.Errorf("%s: no pause in phase %d", name, phase)
		}
	}
	if hits < 25 && !r.Rules.Classic {
		t.Errorf("%s: the longest rally has %d hits, want 25, for the ball to be at full speed", name, hits)
	}
	if slices.Contains(events[:], 0) || slices.Contains(winners[:], 0) || rematches == 0 {
		t.Errorf("%s: something never happens: events %v, wins %v, rematches %d", name, events, winners[1:], rematches)
	}
}

func TestReplayBytes(t *testing.T) {
	r := Replay{
		Rules: Rules{Classic: true, Points: 11},
		Seed:  0x0102030405060708,
		Inputs: slices.Concat(
			slices.Repeat([]Inputs{bothAway}, 300),
			slices.Repeat([]Inputs{{Up, Down}}, 2),
			[]Inputs{{None, None}, {None, Up}},
		),
	}
	want := []byte{1, 1, 0, 11, 1, 2, 3, 4, 5, 6, 7, 8, 15, 0xac, 2, 9, 2, 0, 1, 4, 1}
	if got := r.Append(nil); !bytes.Equal(got, want) {
		t.Fatalf("Append gives\n%x, want\n%x", got, want)
	}
	got, err := ParseReplay(want)
	if err != nil || got.Rules != r.Rules || got.Seed != r.Seed || !slices.Equal(got.Inputs, r.Inputs) {
		t.Errorf("ParseReplay gives %+v, %v, want %+v", got, err, r)
	}

	// Step takes an unknown input for None, so a replay may too.
	odd := Replay{Inputs: []Inputs{{7, 0}, {0, 4}, {Down, 200}}}
	got, err = ParseReplay(odd.Append(nil))
	if err != nil || !slices.Equal(got.Inputs, []Inputs{{}, {}, {Down, None}}) {
		t.Errorf("unknown inputs: got %v, %v", got.Inputs, err)
	}
}

func TestPlayIsTheMatch(t *testing.T) {
	r := play(Rules{Points: 2}, 7, 5000)
	s := New(r.Rules, r.Seed)
	for _, in := range r.Inputs {
		s = Step(r.Rules, s, in)
	}
	final, chain := r.Play()
	if final != s {
		t.Errorf("Play ends with %+v, want %+v", final, s)
	}
	// A key more or less on the way shows in the chain, even if the paddle comes
	// back before anything depends on it.
	changed := Replay{r.Rules, r.Seed, slices.Clone(r.Inputs)}
	for i := range changed.Inputs {
		if changed.Inputs[i] == (Inputs{Up, None}) {
			changed.Inputs[i] = Inputs{Down, None}
			break
		}
	}
	if _, other := changed.Play(); other == chain {
		t.Error("another match has the same chain")
	}
}

func TestParseReplayRefuses(t *testing.T) {
	head := Replay{}.Append(nil)
	if r, err := ParseReplay(head); err != nil || len(r.Inputs) != 0 {
		t.Fatalf("a match without a tick: %v, %v", r, err)
	}
	with := func(i int, b byte) []byte {
		changed := slices.Clone(head)
		changed[i] = b
		return changed
	}
	tests := map[string][]byte{
		"empty":             nil,
		"short":             head[:11],
		"another version":   with(0, 2),
		"unknown rules":     with(1, 2),
		"unknown inputs":    append(with(0, 1), 16, 1),
		"no length":         append(with(0, 1), 0),
		"length cut short":  append(with(0, 1), 0, 0x80),
		"no ticks":          append(with(0, 1), 0, 0),
		"long-winded":       append(with(0, 1), 0, 0x81, 0),
		"split run":         append(with(0, 1), 5, 1, 5, 1),
		"too many ticks":    append(with(0, 1), 0, 0xff, 0xff, 0xff, 0xff, 0x7f),
		"too many in sum":   append(with(0, 1), 0, 0xff, 0xff, 0xff, 0x01, 1, 2),
		"length overflows":  append(with(0, 1), 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
		"a byte at the end": append(with(0, 1), 0, 1, 1),
	}
	for name, b := range tests {
		if r, err := ParseReplay(b); err == nil || r.Inputs != nil {
			t.Errorf("%s: %d ticks, error %v, want an error alone", name, len(r.Inputs), err)
		}
	}
	longest := append(with(0, 1), 0, 0x80, 0x80, 0x80, 0x02)
	if r, err := ParseReplay(longest); err != nil || len(r.Inputs) != MaxReplayTicks {
		t.Errorf("the longest replay: %d ticks, error %v", len(r.Inputs), err)
	}
}

func FuzzParseReplay(f *testing.F) {
	f.Add(Replay{}.Append(nil))
	f.Add(play(DefaultRules(), 7, 500).Append(nil))
	f.Add(play(ClassicRules(), 7, 500).Append(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseReplay(b)
		if err != nil {
			return
		}
		if got := r.Append(nil); !bytes.Equal(got, b) {
			t.Fatalf("%x parses as %d ticks, which are written as %x", b, len(r.Inputs), got)
		}
	})
}
