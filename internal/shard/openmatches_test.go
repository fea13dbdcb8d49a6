package shard

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOpenMatches_AreThoseWithAFreeSeat has players come, meet in rooms, come back and leave as it happens, and holds
// the list against a look at every table.
func TestOpenMatches_AreThoseWithAFreeSeat(t *testing.T) {
	d := newTestShard(t, nil)
	chance := rand.New(rand.NewPCG(3, 4))
	var here []*testPlayer
	full := 0
	for range 2000 {
		switch what := chance.IntN(10); {
		case what < 5 && len(here) < 100:
			if s, err := d.tryJoinAs(JoinRequest{Room: []string{"", "", "oak-7", "elm-3"}[chance.IntN(4)]}); err == nil {
				s.register()
				here = append(here, s)
			}
		case what < 6 && len(here) > 0:
			if s, err := d.tryJoin(here[chance.IntN(len(here))].resume()); err == nil {
				s.register()
				here = append(here, s)
			}
		case what < 9 && len(here) > 0:
			i := chance.IntN(len(here))
			d.Leave(d.now, here[i].id)
			here = slices.Delete(here, i, i+1)
		default:
			d.run(Period, here...)
		}
		var want []*match
		for _, m := range d.matches {
			if m.free() != nil {
				want = append(want, m)
			} else {
				full++
			}
		}
		if !slices.Equal([]*match(d.open), want) {
			t.Fatalf("%d matches are listed with a free seat, %d of %d have one", len(d.open), len(want), len(d.matches))
		}
	}
	if full == 0 {
		t.Error("no match was ever full, which tests little")
	}
}
