package lab

import "pong/internal/client"

var timesApart = Measure{
	Name: "apart", Title: "own time less the opponent's (D)", Unit: "ticks", Step: 0.5,
	Definition: "By how many ticks the time at which the own paddle is drawn is later than the one at which the " +
		"opponent's is drawn. The mean over all frames of play. A player has that much less time to react " +
		"to the opponent than in the same room.",
	Noticed: noticedFairness,
	Of:      ofBoth(timesApartOf),
}

var timesApartMost = Measure{
	Name: "apart_p99", Title: "the same, p99", Unit: "ticks",
	Definition: "The 99th percentile of the values of which apart is the mean.",
	Of: func(r *Recording) (float64, []float64, bool) {
		_, all, ok := timesApartOf(r, 0, 1)
		return quantile(all, 0.99), nil, ok
	},
}

// noticedFairness is what is known of differences between two players.
const noticedFairness = "The difference between the two players counts: in a game with force feedback, one " +
	"of more than 30 to 40 ms was felt to be unfair (Ishibashi and Kaneoka, ICME 2005)."

// timesApartOf returns the mean of how far the times of seats are apart, and all values.
func timesApartOf(r *Recording, seats ...int) (float64, []float64, bool) {
	var all []float64
	for _, seat := range seats {
		for i := range r.Sides[seat].Frames {
			if f := &r.Sides[seat].Frames[i]; f.Stage == client.StagePlaying {
				all = append(all, f.Times.Own-f.Times.Remote)
			}
		}
	}
	return mean(all), all, len(all) > 0
}

var opponentAge = Measure{
	Name: "opponent_age", Title: "the opponent's picture to mine", Unit: "ms", Step: 10,
	Definition: "How old the opponent's paddle is: the time from the first frame in which the opponent saw the " +
		"own paddle as of that tick, or a later one, to the frame in which the player sees it. The mean " +
		"over all frames of play. A prediction can be younger than 0.",
	Noticed: "Players of a platform game did not notice a constant delay of up to 300 ms of their own character, but " +
		"noticed one that varied around 200 ms (Normoyle, Guerrero and Jörg, SAP 2014). " + noticedFairness,
	Of: ofBoth(opponentAgeOf),
}

var opponentAgeGap = Measure{
	Name: "opponent_age_gap", Title: "the same, near less far", Unit: "ms",
	Definition: "The difference between the means of the two players, on a profile that gives them different " +
		"links. Its absolute value.",
	Noticed: noticedFairness,
	Of: func(r *Recording) (float64, []float64, bool) {
		near, _, ok := opponentAgeOf(r, 0)
		far, _, ok2 := opponentAgeOf(r, 1)
		return max(near-far, far-near), nil, ok && ok2 && r.Cell.Profile.Identical
	},
}

// opponentAgeOf returns the mean age of the opponent's paddle on the screens of seats, and all ages.
func opponentAgeOf(r *Recording, seats ...int) (float64, []float64, bool) {
	var ages []float64
	for _, seat := range seats {
		theirs, i := r.Sides[1-seat].Frames, 0
		for j := range r.Sides[seat].Frames {
			f := &r.Sides[seat].Frames[j]
			for i < len(theirs) && theirs[i].Times.Own < f.Times.Remote {
				i++
			}
			if f.Stage == client.StagePlaying && i > 0 && i < len(theirs) { // before that it is not known
				ages = append(ages, (f.At-theirs[i].At).Seconds()*1000)
			}
		}
	}
	return mean(ages), ages, len(ages) > 0
}
