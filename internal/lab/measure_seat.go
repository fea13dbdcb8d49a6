package lab

// A seatFigure is the figure of some seats of a recording, and its samples.
type seatFigure func(r *Recording, seats ...int) (figure float64, samples []float64, ok bool)

// ofBoth returns the figure of both seats together.
func ofBoth(of seatFigure) func(*Recording) (float64, []float64, bool) {
	return func(r *Recording) (float64, []float64, bool) { return of(r, 0, 1) }
}

// distanceNames are the seats of a profile that gives the players different links, by seat.
var distanceNames = [2]string{"near", "far"}

// bySeat returns a measure of both seats again, for the near and for the far player.
func bySeat(m Measure, of seatFigure) (both [2]Measure) {
	for seat, name := range distanceNames {
		both[seat] = Measure{
			Name: m.Name + "_" + name, Title: m.Title + ": " + name + " player", Unit: m.Unit,
			Definition: "The part of " + m.Name + " that belongs to the player who is " + name + ", on a profile " +
				"that gives the two players different links.",
			Of: func(r *Recording) (float64, []float64, bool) {
				if !r.Cell.Profile.Identical {
					return 0, nil, false
				}
				figure, _, ok := of(r, seat)
				return figure, nil, ok
			},
		}
	}
	return both
}

// seatMeasures returns the measures by seat.
func seatMeasures() (all []Measure) {
	for _, of := range []struct {
		Measure
		seatFigure
	}{
		{timesApart, timesApartOf}, {opponentAge, opponentAgeOf}, {hitShare, hitShareOf},
		{opponentJumpsShown, opponentJumpsShownOf}, {ballStill, ballStillOf}, {clockOff, clockOffOf},
	} {
		both := bySeat(of.Measure, of.seatFigure)
		all = append(all, both[:]...)
	}
	return all
}
