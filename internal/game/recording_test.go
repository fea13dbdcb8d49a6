package game

import (
	"encoding/binary"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// record writes the recorded matches again, which changes their chains. It is for a deliberate change of the rules.
var record = flag.Bool("record", false, "record the matches in testdata again")

// recorded are matches whose every state is the same on every machine. The chains are constants, so that machines are
// compared although the test runs on one: CI runs it on amd64 (GOAMD64 v1 and v3), 386 and wasm.
var recorded = []struct {
	file  string
	rules Rules
	seed  uint64
	chain uint64
}{
	{"default.replay", Rules{Points: 3}, 3, 0x8d42def7961addcf},
	{"classic.replay", Rules{Points: 3, Classic: true}, 1, 0xda0a02dec3d1b31},
}

const recordedTicks = 10 * 60 * TickRate

// A recording is everything that decides a match. Pauses, points and rematches follow from the inputs.
type recording struct {
	rules Rules
	seed  uint64
	ticks []played // from tick 0 on
}

// played is what a tick is played with.
type played struct {
	in    Inputs
	serve uint32
}

// recordingHead is the length of a recording without its runs.
const recordingHead = 12

// append appends the bytes of r to dst. Ticks are written as runs, since players hold keys for many of them:
//
//	off len
//	  0   1  2, the version
//	  1   1  1 for classic rules, else 0
//	  2   2  points, big endian
//	  4   8  seed, big endian
//	then runs, each:
//	  0   1  input of seat 0 | input of seat 1 << 2 | 16 if a serve is drawn
//	  1   n  ticks, as an unsigned varint
//	  +   4  the serve that is drawn, big endian, if one is
func (r recording) append(dst []byte) []byte {
	classic := byte(0)
	if r.rules.Classic {
		classic = 1
	}
	dst = append(dst, 2, classic)
	dst = binary.BigEndian.AppendUint16(dst, r.rules.Points)
	dst = binary.BigEndian.AppendUint64(dst, r.seed)
	for i := 0; i < len(r.ticks); {
		p, first := r.ticks[i], i
		for i < len(r.ticks) && r.ticks[i] == p {
			i++
		}
		head := byte(p.in[0] | p.in[1]<<2)
		if p.serve != 0 {
			head |= 16
		}
		dst = append(dst, head)
		dst = binary.AppendUvarint(dst, uint64(i-first))
		if p.serve != 0 {
			dst = binary.BigEndian.AppendUint32(dst, p.serve)
		}
	}
	return dst
}

// readRecording reads a file that append has written.
func readRecording(t *testing.T, path string) (r recording) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) < recordingHead || b[0] != 2 {
		t.Fatalf("%s: not a recording of version 2", path)
	}
	r.rules = Rules{Classic: b[1] == 1, Points: binary.BigEndian.Uint16(b[2:])}
	r.seed = binary.BigEndian.Uint64(b[4:])
	for b = b[recordingHead:]; len(b) > 0; {
		ticks, n := binary.Uvarint(b[1:])
		if n <= 0 || ticks > recordedTicks {
			t.Fatalf("%s: a run of %d ticks, %d bytes before the end", path, ticks, len(b))
		}
		p := played{in: Inputs{Input(b[0] & 3), Input(b[0] >> 2 & 3)}}
		serves := b[0]&16 != 0
		if b = b[1+n:]; serves {
			p.serve, b = binary.BigEndian.Uint32(b), b[4:]
		}
		r.ticks = append(r.ticks, slices.Repeat([]played{p}, int(ticks))...)
	}
	return r
}

// recordMatch plays a match of players who play, pause and ask for rematches.
func recordMatch(rules Rules, seed uint64, ticks int) recording {
	r := recording{rules: rules, seed: seed}
	s, p := New(rules, seed), newPlayers(seed)
	for range ticks {
		next := played{p.inputs(s), s.SeededServe(seed)}
		r.ticks = append(r.ticks, next)
		s = Step(rules, s, next.in, next.serve)
	}
	return r
}

// chain plays the match again and returns a hash over every state of it: two machines that get the same chain agreed at
// every tick.
func (r recording) chain() uint64 {
	s := New(r.rules, r.seed)
	chain := (fnvBasis ^ s.Hash()) * fnvPrime
	for _, p := range r.ticks {
		s = Step(r.rules, s, p.in, p.serve)
		chain = (chain ^ s.Hash()) * fnvPrime
	}
	return chain
}

func TestStep_PlaysRecordedMatchesTheSameEverywhere(t *testing.T) {
	for _, match := range recorded {
		path := filepath.Join("testdata", match.file)
		if *record {
			err := os.WriteFile(path, recordMatch(match.rules, match.seed, recordedTicks).append(nil), 0o644)
			if err != nil {
				t.Fatal(err)
			}
		}
		r := readRecording(t, path)
		if len(r.ticks) != recordedTicks || r.rules != match.rules || r.seed != match.seed {
			t.Errorf("%s: %d ticks of %+v with seed %d, want %d of %+v with %d",
				path, len(r.ticks), r.rules, r.seed, recordedTicks, match.rules, match.seed)
		}
		if chain := r.chain(); chain != match.chain {
			t.Errorf("%s: chain %#x, want %#x: this machine plays by other rules", path, chain, match.chain)
		}
		covers(t, path, r)
	}
}

// covers fails unless everything that can happen happens in the match.
func covers(t *testing.T, name string, r recording) {
	t.Helper()
	var pauses [Over + 1]int
	var events [GameOver + 1]int
	var winners [3]int
	rematches, hits := 0, uint16(0)
	s := New(r.rules, r.seed)
	for _, p := range r.ticks {
		next := Step(r.rules, s, p.in, p.serve)
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
	t.Logf("%s: pauses by phase %v, events %v, wins %v, rematches %d, longest rally %d",
		name, pauses, events, winners[1:], rematches, hits)
	for _, phase := range []Phase{Countdown, Playing, Scored} {
		if pauses[phase] == 0 {
			t.Errorf("%s: no pause in phase %d", name, phase)
		}
	}
	if hits < 25 && !r.rules.Classic {
		t.Errorf("%s: the longest rally has %d hits, want 25, for the ball to be at full speed", name, hits)
	}
	if slices.Contains(events[:], 0) || slices.Contains(winners[:], 0) || rematches == 0 {
		t.Errorf("%s: something never happens: events %v, wins %v, rematches %d",
			name, events, winners[1:], rematches)
	}
}

// A key more or less shows in the chain, even if the paddle comes back before anything depends on it.
func TestRecording_ChainDependsOnEveryInput(t *testing.T) {
	r := recordMatch(Rules{Points: 2}, 7, 5000)
	changed := recording{r.rules, r.seed, slices.Clone(r.ticks)}
	i := slices.Index(changed.ticks, played{in: Inputs{Up, None}})
	if i < 0 {
		t.Fatal("nobody held up alone in 5000 ticks")
	}
	changed.ticks[i].in = Inputs{Down, None}
	if changed.chain() == r.chain() {
		t.Errorf("the match has the same chain with another input at tick %d", i)
	}
}
