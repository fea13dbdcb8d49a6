package game

// An angle is measured from the horizontal in 256ths of a degree, from 0 to 90 degrees. Directions are signs, applied
// afterwards.
type angle int32

const degree angle = 256

// The angles at which a paddle sends the ball. A flat ball would fly between two resting paddles forever, so there is
// none.
const (
	flattest = 1 * degree
	steepest = 60 * degree // at the very edge of the paddle
)

// aim returns the angle at which a ball leaves a paddle that it hit at that offset from the middle: proportional to
// it, and steepest where the two only just touch.
func aim(offset Fixed) angle {
	const edge = (PaddleHeight + BallSize) / 2
	return max(angle(offset)*steepest/angle(edge), flattest)
}

// polar returns the components of a speed along x and along y, both positive. It rounds down, so the result is not
// faster than speed.
func polar(speed Fixed, a angle) (x, y Fixed) {
	return speed * sine(90*degree-a) / sineOne, speed * sine(a) / sineOne
}

// sineOne is the sine of 90 degrees in sines.
const sineOne Fixed = 1 << 14

// sine returns the sine of a times sineOne, interpolated between whole degrees. With steps of a degree the ball could
// fly in a cycle between resting paddles.
func sine(a angle) Fixed {
	i, rest := a/degree, a%degree
	low, high := Fixed(sines[i]), Fixed(sines[i+1])
	return low + (high-low)*Fixed(rest)/Fixed(degree)
}

// sines is sin(i degrees) * sineOne, rounded down so that polar is never too fast, with one entry past 90 degrees for
// the interpolation.
var sines = [92]int16{
	0, 285, 571, 857, 1142, 1427, 1712, 1996, 2280, 2563,
	2845, 3126, 3406, 3685, 3963, 4240, 4516, 4790, 5062, 5334,
	5603, 5871, 6137, 6401, 6663, 6924, 7182, 7438, 7691, 7943,
	8192, 8438, 8682, 8923, 9161, 9397, 9630, 9860, 10086, 10310,
	10531, 10748, 10963, 11173, 11381, 11585, 11785, 11982, 12175, 12365,
	12550, 12732, 12910, 13084, 13254, 13420, 13582, 13740, 13894, 14043,
	14188, 14329, 14466, 14598, 14725, 14848, 14967, 15081, 15190, 15295,
	15395, 15491, 15582, 15668, 15749, 15825, 15897, 15964, 16025, 16082,
	16135, 16182, 16224, 16261, 16294, 16321, 16344, 16361, 16374, 16381,
	16384, 16381,
}
