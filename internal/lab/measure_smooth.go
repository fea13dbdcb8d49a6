package lab

var ballJumpsShown = Measure{
	Name: "ball_jumps_shown", Title: "ball jumps over 10 px after smoothing", Unit: "per min",
	Definition: "The same as ball_jumps, of the ball as the screen shows it: corrections are faded out, which turns " +
		"a jump into a fast slide.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n, minutes := 0, 0.0
		for i := range r.Sides {
			minutes += r.Sides[i].minutes()
			r.Sides[i].ballSteps(shown, func(jump float64, _ bool) {
				if jump > ballJump {
					n++
				}
			})
		}
		return per(n, minutes), nil, minutes > 0
	},
}

var opponentJumpsShown = Measure{
	Name: "opponent_jumps_shown", Title: "opponent's paddle too fast after smoothing", Unit: "per min", Step: 5,
	Definition: "The same as opponent_jumps, of the paddle as the screen shows it. A correction that is faded out " +
		"over several frames counts in each in which the paddle is faster than a key can move it.",
	Of: ofBoth(opponentJumpsShownOf),
}

// opponentJumpsShownOf returns how often the opponent's paddle is too fast on the screens of seats.
func opponentJumpsShownOf(r *Recording, seats ...int) (float64, []float64, bool) {
	var jumps []float64
	minutes := 0.0
	for _, seat := range seats {
		minutes += r.Sides[seat].minutes()
		jumps = append(jumps, r.Sides[seat].paddleJumps(1-seat, shown)...)
	}
	return per(len(jumps), minutes), jumps, minutes > 0
}
