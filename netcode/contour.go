package netcode

// A Contour chooses the time at which a thing is drawn that passes between two others: the local perception filter
// (Sharkey, Ryan and Roberts, "A Local Perception Filter for Distributed Virtual Environments", VRAIS 1998; Smed,
// Niinisalo and Hakonen, "Realizing the bullet time effect in multiplayer games with local perception filters",
// 2005).
//
// A client draws the player's own things in the predicted present and those of others in the confirmed past: each is
// certain at its own time. A ball that flies from one to the other is drawn at the player's time where it meets the
// player, at the others' time where it meets them, and in between on the way. So both contacts are seen at the tick
// at which the server decides them. The price is that the ball seems faster while it approaches the player and slower
// while it leaves.
//
// Places are numbers on the axis that the game has between its players, in any unit. Times are ticks.
type Contour struct {
	Mine, Theirs float64 // the places at which my time and their time hold

	// Flat is the share of the way next to each end on which the time does not change yet. If zero, it changes all
	// the way, along a straight line.
	Flat float64
}

// Weight returns the share of my time at x: 1 at Mine and beyond, 0 at Theirs and beyond.
func (c Contour) Weight(x float64) float64 {
	w := (x - c.Theirs) / (c.Mine - c.Theirs)
	if c.Flat > 0 {
		w = (w - c.Flat) / (1 - 2*c.Flat)
	}
	return min(max(w, 0), 1)
}

// Time returns the time at which a thing at x is drawn, between the times mine and theirs.
func (c Contour) Time(mine, theirs, x float64) float64 { return theirs + (mine-theirs)*c.Weight(x) }

// contourSteps is how often Draw halves its interval: from 64 ticks to a 64th of a tick.
const contourSteps = 12

// Draw returns the time at which to draw a moving thing: the smallest t, not below last, with t >= Time(mine, theirs,
// at(t)). at returns the thing's place at a time between theirs and mine. last is the time at which it was drawn
// before; it keeps the thing from running backwards when the clocks change speed. If last is above mine, the result is
// last.
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
