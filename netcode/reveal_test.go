package netcode

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestReveal_OnlyWhatBothPlayersHaveCommitted(t *testing.T) {
	const next = 1000
	put := func(inputs ...Tick) *InputBuffer[int8] {
		var b InputBuffer[int8]
		b.Reset(next)
		for _, t := range inputs {
			b.Put(t, int8(t-next+1))
		}
		return &b
	}
	for _, test := range []struct {
		name         string
		theirs, mine *InputBuffer[int8]
		want         []int8
	}{
		{"nothing has arrived", put(), put(), nil},
		{"mine alone", put(), put(next, next+1), nil},
		{"theirs alone", put(next, next+1), put(), nil},
		{"mine are behind", put(next, next+1, next+2), put(next), []int8{1}},
		{"theirs are behind", put(next), put(next, next+1, next+2), []int8{1}},
		{"a gap in mine", put(next, next+1, next+2), put(next, next+2), []int8{1}},
		{"a gap in theirs", put(next, next+2), put(next, next+1, next+2), []int8{1}},
		{"the next tick is missing", put(next+1, next+2), put(next, next+1, next+2), nil},
		{"more than there is room for", put(next, next+1, next+2, next+3, next+4),
			put(next, next+1, next+2, next+3, next+4), []int8{1, 2, 3, 4}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got [4]int8
			if n := Reveal(got[:], test.theirs, test.mine); !slices.Equal(got[:n], test.want) {
				t.Errorf("revealed %v, want %v", got[:n], test.want)
			}
		})
	}
	behind := put(next, next+1)
	behind.Take()
	if n := Reveal(make([]int8, 4), put(next, next+1), behind); n != 0 {
		t.Errorf("revealed %d inputs from a buffer that is a tick behind, want none", n)
	}
}

// Two clients send inputs early, late, repeatedly and otherwise than before. Each input that was revealed is
// played, and no input is revealed for whose tick the receiver can still choose its own.
func TestReveal_IsPlayedAndCannotBeAnswered(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 0))
	var seats [2]InputBuffer[int8]
	revealed := [2]map[Tick]int8{{}, {}} // by receiver
	shown := 0
	for tick := range Tick(20000) {
		for range r.IntN(6) {
			seats[r.IntN(2)].Put(tick+Tick(r.IntN(12))-min(tick, 3), int8(r.IntN(3)))
		}
		for me := range seats {
			var ahead [10]int8
			n := Reveal(ahead[:], &seats[1-me], &seats[me])
			for i, in := range ahead[:n] {
				revealed[me][tick+Tick(i)] = in
				shown++
				if fate := seats[me].Put(tick+Tick(i), 2); fate != Again {
					t.Fatalf("tick %d: seat %d saw the input of tick %d and its own then had the fate %v, want Again",
						tick, me, tick+Tick(i), fate)
				}
			}
		}
		for they := range seats {
			in, _ := seats[they].Take()
			if was, ok := revealed[1-they][tick]; ok && was != in {
				t.Fatalf("tick %d is played with input %d, and %d was revealed", tick, in, was)
			}
		}
	}
	if shown < 1000 {
		t.Errorf("only %d inputs were revealed: the test does not cover it", shown)
	}
}
