package lab

var ballStill = Measure{
	Name: "ball_still", Title: "ball stands still in play", Unit: "frames per min",
	Definition: "Frames in which the ball is in play and is drawn less than a pixel from where it was in the " +
		"frame before. The slowest ball flies six pixels a tick. A ball completely outside the field " +
		"is not drawn. Per minute of play. In a perfect picture a ball that turns in the middle of a tick " +
		"can be where it was, about every other minute.",
	Noticed: "Sudden changes of speed are seen far more easily than gradual ones (Schmerler, Perception 5, 1976). A " +
		"single frame is shorter than the 100 to 140 ms over which the eye takes the mean of a speed " +
		"(Werkhoven, Snippe and Toet, Vision Research 32, 1992).",
	Of: ofBoth(ballStillOf),
}

// ballStillOf returns how often the ball stands still on the screens of seats.
func ballStillOf(r *Recording, seats ...int) (float64, []float64, bool) {
	n, minutes := 0, 0.0
	for _, seat := range seats {
		s := &r.Sides[seat]
		minutes += s.minutes()
		for i := 1; i < len(s.Frames); i++ {
			a, b := &s.Frames[i-1], &s.Frames[i]
			if a.InPlay && b.InPlay && together(a, b) && !outside(b.Ball) && apart(a.Ball, b.Ball) < imperceptible {
				n++
			}
		}
	}
	return per(n, minutes), nil, minutes > 0
}
