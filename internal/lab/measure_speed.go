package lab

import "math"

var ballSlowest = Measure{
	Name: "ball_speed_p1", Title: "ball speed on screen, p1", Unit: "of the true one", Step: 0.02,
	Definition: "How far the ball was drawn to fly from one frame to the next, mirrored at walls, divided by " +
		"how far the server's ball of the drawn tick flies in that time. Frames in which it turned at a " +
		"face are left out, because its speed changes there. The 1st percentile.",
	Noticed: noticedSpeed,
	Of: func(r *Recording) (float64, []float64, bool) {
		speeds := r.ballSpeeds()
		return quantile(speeds, 0.01), speeds, len(speeds) > 0
	},
}

var ballFastest = Measure{
	Name: "ball_speed_p99", Title: "ball speed on screen, p99", Unit: "of the true one",
	Definition: "The 99th percentile of the values of which ball_speed_p1 is the 1st percentile.",
	Noticed:    noticedSpeed,
	Of: func(r *Recording) (float64, []float64, bool) {
		speeds := r.ballSpeeds()
		return quantile(speeds, 0.99), nil, len(speeds) > 0
	},
}

var speedStep = Measure{
	Name: "speed_step", Title: "change of the ball's speed in a flight, p99", Unit: "of the true one", Step: 0.01,
	Definition: "By how much the values of which ball_speed_p1 is a percentile differ between two successive frames " +
		"of one flight. The 99th percentile.",
	Noticed: "Sudden changes of speed are seen far more easily than gradual ones (Schmerler, Perception 5, 1976). " +
		"Modulations of a speed are detected from a standard deviation of 17 % on, after the eye has taken " +
		"its mean over 100 to 140 ms (Werkhoven, Snippe and Toet, Vision Research 32, 1992).",
	Of: func(r *Recording) (float64, []float64, bool) {
		var steps []float64
		before, at := 0.0, [2]int{-1, -1} // seat and frame of the speed before
		r.eachBallSpeed(func(seat, frame int, speed float64) {
			if at == [2]int{seat, frame - 1} {
				steps = append(steps, math.Abs(speed-before))
			}
			before, at = speed, [2]int{seat, frame}
		})
		return quantile(steps, 0.99), steps, len(steps) > 0
	},
}

// ballSpeeds returns the speeds of the ball on both screens divided by the true ones.
func (r *Recording) ballSpeeds() (speeds []float64) {
	r.eachBallSpeed(func(_, _ int, speed float64) { speeds = append(speeds, speed) })
	return speeds
}

// eachBallSpeed calls each for every speed, with the seat and the frame. Between the frames before and after a turn at
// a face there is at least one without a speed.
func (r *Recording) eachBallSpeed(each func(seat, frame int, speed float64)) {
	for seat := range r.Sides {
		frames := r.Sides[seat].Frames
		for i := 1; i < len(frames); i++ {
			a, b := &frames[i-1], &frames[i]
			if !a.InPlay || !b.InPlay || !together(a, b) {
				continue
			}
			tick := uint32(a.Times.Ball)
			was, ok := r.at(tick)
			is, ok2 := r.at(tick + 2)
			if !ok || !ok2 || was.Ball.VX == 0 || was.Ball.VX != is.Ball.VX {
				continue
			}
			vx, vy := pixels(was.Ball.VX), pixels(was.Ball.VY)
			x, y := b.Ball.X-a.Ball.X, b.Ball.Y-a.Ball.Y
			if was.Ball.VY == -is.Ball.VY { // a wall in between: compute y from the distance across
				y = x * vy / vx
			}
			each(seat, i, math.Hypot(x, y)/math.Hypot(vx, vy))
		}
	}
}
