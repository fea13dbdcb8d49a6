package lab

import "math"

var ballSlowest = Measure{
	Name: "ball_speed_p1", Title: "ball speed on screen, p1", Unit: "of the true one", Step: 0.02,
	Definition: "How far the ball was drawn to fly from one frame to the next, mirrored at walls, divided by " +
		"how far the server's ball of the drawn tick flies in that time. Frames in which it turned at a " +
		"face are left out, because its speed changes there. The 1st percentile.",
	Of: func(r *Recording) (float64, []float64, bool) {
		speeds := r.ballSpeeds()
		return quantile(speeds, 0.01), speeds, len(speeds) > 0
	},
}

var ballFastest = Measure{
	Name: "ball_speed_p99", Title: "ball speed on screen, p99", Unit: "of the true one",
	Definition: "The 99th percentile of the values of which ball_speed_p1 is the 1st percentile.",
	Of: func(r *Recording) (float64, []float64, bool) {
		speeds := r.ballSpeeds()
		return quantile(speeds, 0.99), nil, len(speeds) > 0
	},
}

// ballSpeeds returns the speeds of the ball on both screens divided by the true ones.
func (r *Recording) ballSpeeds() (speeds []float64) {
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
			speeds = append(speeds, math.Hypot(x, y)/math.Hypot(vx, vy))
		}
	}
	return speeds
}
