package wire

import "fmt"

// Fairness is what a server does if one of two players is nearer to it than the other, as WELCOME names it.
type Fairness string

// The kinds of fairness.
const (
	FairnessShare Fairness = "share" // half of the difference, up to 6 ticks
	FairnessOff   Fairness = "off"   // nothing
	FairnessEqual Fairness = "equal" // the whole difference: both have the same time to react
)

// ParseFairness returns the fairness with a name.
func ParseFairness(name string) (Fairness, error) {
	switch f := Fairness(name); f {
	case FairnessShare, FairnessOff, FairnessEqual:
		return f, nil
	}
	return "", fmt.Errorf("unknown fairness %q: must be off, share or equal", name)
}
