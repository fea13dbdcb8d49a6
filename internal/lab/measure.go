package lab

// A Measure is one figure of a recording, defined once for all variants. Definition explains it to the reader of a
// result; the code is in a file that is named after the measure.
type Measure struct {
	Name       string // in --json and in tests
	Title      string
	Unit       string
	Definition string

	// Noticed says from where on people notice the figure, and the source. If empty, nothing is known.
	Noticed string

	// WithError shows the standard error of the mean over the seeds beside it, for shares that vary much from seed to
	// seed.
	WithError bool

	// Step is the width of the classes in which its samples are counted for charts. If zero, there are no samples, as
	// the figure is a count or a share.
	Step float64

	// Of returns the figure and the samples on which it is based, if there are any. ok is false if there is nothing to
	// measure, such as a contact or an outage.
	Of func(r *Recording) (figure float64, samples []float64, ok bool)
}

// Measures returns all measures, in the order of the tables.
func Measures() []Measure {
	all := []Measure{
		keyToScreen, corrections, correctionPath, correctionSize, verdicts, contradictions, offsetError,
		opponentJumps, opponentJumpsShown, ballJumps, ballJumpsShown, ballReversals, ballSlowest, ballFastest,
		speedStep, ballStill, clockOff, clockOffMost, missed, missedRaw, lead, timesApart, timesApartMost,
		opponentAge, rttError, recovery, settling, overshoot, bytesUp, bytesDown, unequal, unexplained, contactRate,
		hitShare,
	}
	return append(append(append(all, farShares[:]...), opponentAgeGap), seatMeasures()...)
}
