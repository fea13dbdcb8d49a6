package lab

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"strings"
	"testing"
	"time"
)

// named returns the profile with a name.
func named(t testing.TB, name string) Profile {
	t.Helper()
	base, inTime := strings.CutSuffix(name, inTimeMark)
	found, err := ParseProfiles(base)
	if err != nil {
		t.Fatal(err)
	}
	if inTime {
		return ByTime.apply(found)[0]
	}
	return found[0]
}

// cell returns a match over the network with a name.
func cell(t testing.TB, profile string, view Variant, seed uint64, length time.Duration) Cell {
	t.Helper()
	return Cell{Profile: named(t, profile), Variant: view, Seed: seed, Length: length}
}

func trace(t testing.TB, c Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteTrace(&b, Run(c)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRun_SameSeedSameBytes(t *testing.T) {
	t.Parallel()
	for _, view := range []Variant{Filter, Predict, Interp, Original} {
		one := trace(t, cell(t, "L7", view, 5, 20*time.Second))
		if two := trace(t, cell(t, "L7", view, 5, 20*time.Second)); !bytes.Equal(one, two) {
			t.Errorf("%v: the same seed gave another trace", view)
		}
		if other := trace(t, cell(t, "L7", view, 6, 20*time.Second)); bytes.Equal(one, other) {
			t.Errorf("%v: another seed gave the same trace", view)
		}
	}
}

// Compares the traces of two matches with their hashes, one for each way in which losses happen; run it with GOARCH=386
// and on wasm too. A change of what is played or drawn gives another hash of the play, and one of what is measured
// another hash of the figures, which must then be entered here.
func TestTrace_SameOnEveryProcessor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ profile, play, figures string }{
		{"L7", "6e4a27c046f7a842", "d46b274a7ff09f"},
		{"L7t", "ef49781c46edebde", "93bed470816975b5"},
	} {
		text := trace(t, cell(t, test.profile, Filter, 1, 30*time.Second))
		at := bytes.Index(text, []byte("\nM ")) // the figures are last
		for _, part := range []struct {
			name, want string
			text       []byte
		}{{"play", test.play, text[:at]}, {"figures", test.figures, text[at:]}} {
			h := fnv.New64a()
			h.Write(part.text)
			if got := fmt.Sprintf("%x", h.Sum64()); got != part.want {
				t.Errorf("the trace of %s, filter, seed 1, 30 s: the %s have the hash %s, want %s", test.profile,
					part.name, got, part.want)
			}
		}
	}
}
