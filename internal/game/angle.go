package game

// angle is an angle from the horizontal in 256ths of a degree, from 0 to 90
// degrees. Directions are signs, put on afterwards.
type angle int32

const degree angle = 256

// What a hit makes of the ball's path. A flat ball would fly between two
// resting paddles for ever, so there is none.
const (
	flattest = 1 * degree
	steepest = 60 * degree // at the very edge of the paddle
)

// aim is the angle at which a ball leaves a paddle that it hit so far from the
// middle: proportional, and steepest where the two only just touch.
func aim(offset Fixed) angle {
	const edge = (PaddleHeight + BallSize) / 2
	return max(angle(offset)*steepest/angle(edge), flattest)
}

// polar returns the parts of a speed along x and along y, both positive.
// Rounding towards 0 keeps the result from being faster than speed.
func polar(speed Fixed, a angle) (x, y Fixed) {
	return speed * sine(90*degree-a) / sineOne, speed * sine(a) / sineOne
}

// sineOne is the sine of 90 degrees in sines.
const sineOne Fixed = 1 << 14

// sine is the sine of a times sineOne, interpolated between whole degrees:
// steps of a degree would let resting paddles catch the ball in a cycle.
func sine(a angle) Fixed {
	i, rest := a/degree, a%degree
	low, high := Fixed(sines[i]), Fixed(sines[i+1])
	return low + (high-low)*Fixed(rest)/Fixed(degree)
}

// sines is round(sin(i degrees) * sineOne), with one entry past 90 degrees for
// the interpolation to look at.
var sines = [92]int16{
	0, 286, 572, 857, 1143, 1428, 1713, 1997, 2280, 2563,
	2845, 3126, 3406, 3686, 3964, 4240, 4516, 4790, 5063, 5334,
	5604, 5872, 6138, 6402, 6664, 6924, 7182, 7438, 7692, 7943,
	8192, 8438, 8682, 8923, 9162, 9397, 9630, 9860, 10087, 10311,
	10531, 10749, 10963, 11174, 11381, 11585, 11786, 11982, 12176, 12365,
	12551, 12733, 12911, 13085, 13255, 13421, 13583, 13741, 13894, 14044,
	14189, 14330, 14466, 14598, 14726, 14849, 14968, 15082, 15191, 15296,
	15396, 15491, 15582, 15668, 15749, 15826, 15897, 15964, 16026, 16083,
	16135, 16182, 16225, 16262, 16294, 16322, 16344, 16362, 16374, 16382,
	16384, 16382,
}
