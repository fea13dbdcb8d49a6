package lab

// A Measure is one figure of a recording, defined once and for every view alike. What it means is in Definition, which
// is shown to whoever reads a result; what it does is in the file that is named after it.
type Measure struct {
	Name       string // in --json and in tests
	Title      string
	Unit       string
	Definition string

	// Step is the width of the classes in which its samples are counted for charts. If zero, there are no samples: it is
	// a count, or a share.
	Step float64

	// Of returns the figure, and the samples that it is made of if there are any. ok is false where there is nothing to
	// measure: no contact, no outage.
	Of func(r *Recording) (figure float64, samples []float64, ok bool)
}

// Measures returns all of them, in the order of the table.
func Measures() []Measure {
	return []Measure{
		keyToScreen, corrections, correctionSize, ballJumps, ballReversals, contradictions, verdicts, offsetError,
		opponentJumps, ballSlowest, ballFastest, missed, lead, rttError,
		recovery, settling, overshoot, bytesUp, bytesDown, fairness, unequal, unexplained, contactRate, hitShare,
	}
}
