package lab

// A Measure is one figure of a recording, defined once for all variants. Definition explains it to the reader of a
// result; the code is in a file that is named after the measure.
type Measure struct {
	Name       string // in --json and in tests
	Title      string
	Unit       string
	Definition string

	// Step is the width of the classes in which its samples are counted for charts. If zero, there are no samples, as
	// the figure is a count or a share.
	Step float64

	// Of returns the figure and the samples on which it is based, if there are any. ok is false if there is nothing to
	// measure, such as a contact or an outage.
	Of func(r *Recording) (figure float64, samples []float64, ok bool)
}

// Measures returns all measures, in the order of the tables.
func Measures() []Measure {
	return []Measure{
		keyToScreen, corrections, correctionSize, ballJumps, ballReversals, contradictions, verdicts, offsetError,
		opponentJumps, ballSlowest, ballFastest, missed, lead, rttError,
		recovery, settling, overshoot, bytesUp, bytesDown, fairness, unequal, unexplained, contactRate, hitShare,
	}
}
