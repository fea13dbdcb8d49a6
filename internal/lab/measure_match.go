package lab

var fairness = Measure{
	Name: "far_share", Title: "points won by the player who is far away", Unit: "%",
	Definition: "Of all points, those of the player at the right, where the profile gives the two different links and the two bots are alike.",
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
	Definition: "How often a ball reaches a player's face at the server, per minute of play: what the figures per 100 contacts are made of.",
	Of: func(r *Recording) (float64, []float64, bool) {
		minutes := r.Sides[0].minutes() + r.Sides[1].minutes()
		return per(len(r.contacts()), minutes), nil, minutes > 0
	},
}

var hitShare = Measure{
	Name: "hits", Title: "of these, hit", Unit: "%",
	Definition: "How many of the balls that reach a face are hit there: how well the bots can play with what they are shown.",
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
	Definition: "Ticks that a client holds for confirmed, but not in the state, and with the hash, that the server had. Compared is every tick that the client can explain, as soon as it is confirmed.",
	Of: func(r *Recording) (float64, []float64, bool) {
		return float64(r.Unequal), nil, r.Equal+r.Unequal > 0
	},
}

var unexplained = Measure{
	Name: "unexplained", Title: "ticks never known", Unit: "%",
	Definition: "Ticks of which a client never knew the state, because more STATEs in a row were lost than their histories bridge.",
	Of: func(r *Recording) (float64, []float64, bool) {
		all := float64(r.Equal + r.Unequal + r.Unexplained)
		return 100 * per(r.Unexplained, all), nil, all > 0
	},
}
