package lab

import "slices"

var contactRate = Measure{
	Name: "contacts", Title: "own contacts", Unit: "per min",
	Definition: "How often a ball reaches a player's face at the server, per minute of play. The figures per " +
		"100 contacts are based on these.",
	Of: func(r *Recording) (float64, []float64, bool) {
		minutes := r.Sides[0].minutes() + r.Sides[1].minutes()
		return per(len(r.contacts()), minutes), nil, minutes > 0
	},
}

var hitShare = Measure{
	Name: "hits", Title: "of these, hit", Unit: "%",
	Definition: "The share of the balls reaching a face that are hit there: how well the bots can play with " +
		"what they see.",
	Of: ofBoth(hitShareOf),
}

// hitShareOf returns the share of the balls reaching the faces of seats that are hit, in percent.
func hitShareOf(r *Recording, seats ...int) (float64, []float64, bool) {
	hits, all := 0, 0
	for _, c := range r.contacts() {
		if !slices.Contains(seats, c.seat) {
			continue
		}
		all++
		if c.hit {
			hits++
		}
	}
	return 100 * per(hits, float64(all)), nil, all > 0
}

var unequal = Measure{
	Name: "unequal", Title: "confirmed ticks that differ", Unit: "ticks",
	Definition: "Ticks that a client holds as confirmed with another state, or another hash, than the server " +
		"had. Every tick that the client can explain is compared as soon as it is confirmed.",
	Of: func(r *Recording) (float64, []float64, bool) {
		return float64(r.Unequal), nil, r.Equal+r.Unequal > 0
	},
}

var unexplained = Measure{
	Name: "unexplained", Title: "ticks never known", Unit: "%",
	Definition: "Ticks whose state a client never knew, because more STATEs in a row were lost than their " +
		"histories cover.",
	Of: func(r *Recording) (float64, []float64, bool) {
		all := float64(r.Equal + r.Unequal + r.Unexplained)
		return 100 * per(r.Unexplained, all), nil, all > 0
	},
}
