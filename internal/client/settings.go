package client

import "fmt"

// A View is one of the ways of drawing what is not known yet.
type View uint8

// The views.
const (
	ViewFilter  View = iota // each at its own time, what goes between sliding from one to the other: see Contour
	ViewPredict             // everything in the predicted present: rollback
	ViewInterp              // what is one's own predicted, the rest in the confirmed past: interpolation
	views
)

// ParseView returns the view of a name; no name is the filter.
func ParseView(name string) (View, error) {
	for v := range views {
		if name == v.String() {
			return v, nil
		}
	}
	if name == "" {
		return ViewFilter, nil
	}
	return 0, fmt.Errorf("unknown view %q: choose filter, predict or interp", name)
}

// String returns the name of a view.
func (v View) String() string { return [...]string{"filter", "predict", "interp"}[v] }

// Next returns the view that a key switches to.
func (v View) Next() View { return (v + 1) % views }

// Settings switch the techniques of a client one by one, at any time, to show and to measure what each of them is for. The
// zero value has all of them on, which is how a game is meant to be played.
type Settings struct {
	View View // how to draw

	NoPrediction     bool // what is one's own is drawn in the confirmed past like the rest: a key shows a round trip later
	NoReconciliation bool // a state is taken for the present: as if it acknowledged no input, the newest ones are forgotten
	NoRedundancy     bool // a datagram carries the newest input only
	NoTiming         bool // the clock runs on as it was started, whatever the server says about margins
	NoInFlight       bool // the timing loop does not count the corrections whose effect is still on its way
	NoSmoothing      bool // corrections are drawn at once
	NoExactness      bool // states are taken as if they came in rounded numbers, not in those that the server computes with
}
