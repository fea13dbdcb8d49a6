package lab

import (
	"fmt"
	"strings"

	"pong/internal/client"
)

// View is a way of drawing: the client's three, and the control.
type View uint8

// The views, in the order of the columns.
const (
	Filter   View = iota // the local perception filter
	Predict              // everything in the predicted present
	Interp               // the textbook: all but the own paddle in the past
	Original             // as the program does that this one replaces; see original.go
)

var viewNames = [...]string{"filter", "predict", "interp", "original"}

// String returns the name of a view.
func (v View) String() string { return viewNames[v] }

// mode is the client's way of drawing. Under the control it does not matter.
func (v View) mode() client.View {
	return [...]client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp, client.ViewPredict}[v]
}

// ParseViews returns the views that a list names, with commas between.
func ParseViews(list string) (found []View, err error) {
	for name := range strings.SplitSeq(list, ",") {
		v := View(0)
		for ; int(v) < len(viewNames) && viewNames[v] != name; v++ {
		}
		if int(v) == len(viewNames) {
			return nil, fmt.Errorf("unknown view %q: choose some of %s", name, strings.Join(viewNames[:], ", "))
		}
		found = append(found, v)
	}
	return found, nil
}
