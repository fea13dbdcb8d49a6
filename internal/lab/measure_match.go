package lab

var fairness = Measure{
	Name: "far_share", Title: "points won by the player who is far away", Unit: "%",
	Definition: "The share of all points that the player at the right won, on a profile that gives the two " +
		"players different links and the same bot.",
	Of: func(r *Recording) (float64, []float64, bool) {
		if !r.Cell.Profile.Identical {
			return 0, nil, false
		}
		points := [2]int{}
		for i := 1; i < len(r.Truth); i++ {
			for seat := range points {
				points[seat] += int(r.Truth[i].Score[seat] - r.Truth[i-1].Score[seat])
			}
		}
		all := points[0] + points[1]
		return 100 * per(points[1], float64(all)), nil, all > 0
	},
}

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
	Of: func(r *Recording) (float64, []float64, bool) {
		hits, all := 0, r.contacts()
		for _, c := range all {
			if c.hit {
				hits++
			}
		}
		return 100 * per(hits, float64(len(all))), nil, len(all) > 0
	},
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
