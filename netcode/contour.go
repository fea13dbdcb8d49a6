package netcode

// A Contour says at which time a thing is drawn that passes between two others: the local perception filter (Sharkey,
// Ryan and Roberts, "A Local Perception Filter for Distributed Virtual Environments", VRAIS 1998; Smed, Niinisalo and
// Hakonen, "Realizing the bullet time effect in multiplayer games with local perception filters", 2005).
//
// What I control is drawn in my predicted present, what others control in their confirmed past: each is certain at its
// own time. A thing that goes from one to the other, a ball, is drawn at my time where it meets me, at theirs where it
// meets them, and slides from one time to the other on the way, so that both contacts are seen at the tick at which the
// server decides them. The price is that it seems slower while it comes and faster while it goes.
//
// The axis is whatever the game has between its players, in any unit.
type Contour struct {
	Mine, Theirs float64 // where on the axis my time holds, and where theirs does

	// Flat is the share of the way next to each end on which the time does not slide yet. If zero, it slides all the
	// way: the straight line.
	Flat float64
}

// Weight returns how much of my time counts at x: 1 at Mine and beyond, 0 at Theirs and beyond.
func (c Contour) Weight(x float64) float64 {
	w := (x - c.Theirs) / (c.Mine - c.Theirs)
	if c.Flat > 0 {
		w = (w - c.Flat) / (1 - 2*c.Flat)
	}
	return min(max(w, 0), 1)
}

// Time returns the time at which a thing at x is drawn, between mine and theirs.
func (c Contour) Time(mine, theirs, x float64) float64 { return theirs + (mine-theirs)*c.Weight(x) }

// contourSteps is how often Draw halves its interval: to a 64th of a tick from 64 ticks, and finer from less.
const contourSteps = 12

// Draw returns the smallest time from last on at which the thing is where the contour wants it at that time: t >=
// Time(mine, theirs, at(t)). at gives its place on the axis at a time between theirs and mine. Never going back below
// last keeps the thing from running backwards when the clocks turn; last above mine gives mine.
func (c Contour) Draw(last, mine, theirs float64, at func(t float64) float64) float64 {
	lo, hi := max(last, theirs), mine
	if lo >= hi {
		return min(lo, max(mine, last))
	}
	if lo >= c.Time(mine, theirs, at(lo)) {
		return lo
	}
	for range contourSteps {
		t := (lo + hi) / 2
		if t >= c.Time(mine, theirs, at(t)) {
			hi = t
		} else {
			lo = t
		}
	}
	return hi
}
