package shard

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOpenMatches_AreThoseWithAFreeSeat lets players join, resume and leave at random, and compares the list with a
// search through all matches.
func TestOpenMatches_AreThoseWithAFreeSeat(t *testing.T) {
	d := newTestShard(t, nil)
	random := rand.New(rand.NewPCG(3, 4))
	var here []*testPlayer
	full := 0
	for range 2000 {
		switch what := random.IntN(10); {
		case what < 5 && len(here) < 100:
			room := []string{"", "", "oak-7", "elm-3"}[random.IntN(4)]
			if s, err := d.tryJoinAs(JoinRequest{Room: room}); err == nil {
				s.register()
				here = append(here, s)
			}
		case what < 6 && len(here) > 0:
			if s, err := d.tryJoin(here[random.IntN(len(here))].resume()); err == nil {
				s.register()
				here = append(here, s)
			}
		case what < 9 && len(here) > 0:
			i := random.IntN(len(here))
			d.Leave(d.now, here[i].id)
			here = slices.Delete(here, i, i+1)
		default:
			d.run(Period, here...)
		}
		var want []*match
		for _, m := range d.tables.matches {
			if m.free() != nil {
				want = append(want, m)
			} else {
				full++
			}
		}
		if !slices.Equal([]*match(d.tables.open), want) {
			t.Fatalf("%d matches are open, want %d of %d", len(d.tables.open), len(want), len(d.tables.matches))
		}
	}
	if full == 0 {
		t.Error("no match was ever full, so that the test means little")
	}
}
