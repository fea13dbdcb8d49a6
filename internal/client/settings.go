package client

import "fmt"

// A View is a way of drawing what is not known yet.
type View uint8

// The views.
const (
	ViewFilter  View = iota // each thing at its own time, the ball sliding from one time to the other: netcode.Contour
	ViewPredict             // everything in the predicted present, as in rollback
	ViewInterp              // the own paddle in the predicted present, the rest in the confirmed past
	views

	// ViewOriginal draws and sends like the program that this one replaces: see Original. It shows what the others are
	// for, so Next leaves it out.
	ViewOriginal = views
)

// ParseView returns the view of a name. The empty name is the filter.
func ParseView(name string) (View, error) {
	for v := range views + 1 {
		if name == v.String() {
			return v, nil
		}
	}
	if name == "" {
		return ViewFilter, nil
	}
	return 0, fmt.Errorf("unknown view %q: choose filter, predict, interp or original", name)
}

// String returns the name of the view.
func (v View) String() string {
	if v > views {
		return "unknown"
	}
	return [...]string{"filter", "predict", "interp", "original"}[v]
}

// Next returns the view after this one, and the first after the last or the original.
func (v View) Next() View {
	if v++; v < views {
		return v
	}
	return ViewFilter
}

// Settings switch the techniques of a client, one by one and at any time, to show and to measure what each is for. The
// zero value has all of them on but Repeat, which is how the game is meant to be played.
type Settings struct {
	View View

	NoPrediction     bool // the own paddle is drawn in the past like the rest: a key shows a round trip later
	NoReconciliation bool // a STATE is taken for the present, so the inputs after its tick are lost
	NoRedundancy     bool // a datagram has the newest input only
	NoTiming         bool // the clock of the present is never adjusted
	NoCalm           bool // the timing follows the least margin, and so each late datagram
	NoAhead          bool // the opponent's inputs for ticks to come are ignored
	NoInFlight       bool // the timing ignores that its last corrections have not taken effect yet
	NoSmoothing      bool // corrections are drawn at once
	NoExactness      bool // STATEs are taken as if they were rounded to pixels
	NoHasten         bool // a key waits for the next tick, even if that is in the next frame
	NoApart          bool // the filter's two times are apart by a rule of thumb, not by what was measured
	NoTeaching       bool // late news does not bring the two times further apart
	NoPlan           bool // how far apart they are is chased in each frame, not planned for a flight
	NoWait           bool // a contact at the opponent's face is drawn before it is decided
	NoExactPath      bool // the ball is drawn on the straight line between two ticks, also where it turns

	Repeat bool // an INPUT with a new key is sent once more where datagrams are lost: see repeat.go
}
