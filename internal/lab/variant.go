package lab

import (
	"fmt"
	"strings"

	"pong/internal/client"
)

// A Variant is what a cell compares: one of the client's three views, or the control.
type Variant uint8

// The variants, in the order of the columns.
const (
	Filter   Variant = iota // the local perception filter
	Predict                 // everything in the predicted present
	Interp                  // the textbook: all but the own paddle in the past
	Original                // the control: draws like the program that this one replaces: client.Original
)

var variantNames = [...]string{"filter", "predict", "interp", "original"}

// String returns the name of a variant.
func (v Variant) String() string { return variantNames[v] }

// mode is the client's view. Under the control it does not matter.
func (v Variant) mode() client.View {
	return [...]client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp, client.ViewPredict}[v]
}

// shadow is the settings of a client's shadow that draws as the variant.
func (v Variant) shadow() client.Settings {
	if v == Original {
		return client.Settings{View: client.ViewOriginal}
	}
	return client.Settings{View: v.mode()}
}

// ParseVariants returns the variants that a comma-separated list names.
func ParseVariants(list string) (found []Variant, err error) {
	for name := range strings.SplitSeq(list, ",") {
		v := Variant(0)
		for ; int(v) < len(variantNames) && variantNames[v] != name; v++ {
		}
		if int(v) == len(variantNames) {
			return nil, fmt.Errorf("unknown view %q: choose some of %s", name, strings.Join(variantNames[:], ", "))
		}
		found = append(found, v)
	}
	return found, nil
}
