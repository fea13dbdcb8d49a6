package netcode

// An Apart measures by how many ticks the time at which others are drawn must be behind a client's own time, so that
// what is drawn of them is known. Two things go into it. One is how old the news is when it arrives, which 98 of 100
// STATEs do not exceed; until the next one is sent nothing happens that was not foreseen. The other is what late news
// has taught: an input of another player that was drawn otherwise before it was known adds to it, and each that was not
// foreseen and came in time takes a little away. So losses, reordering and a rule by which the server sends need no
// model here.
//
// The zero value is ready.
type Apart struct {
	age    Window  // ticks
	taught float64 // ticks
}

// The constants of an Apart.
const (
	apartShare  = 0.98  // of the news are no older
	apartMargin = 1.5   // ticks
	taughtLate  = 0.85  // ticks that an input drawn otherwise adds
	taughtTime  = 0.002 // ticks that one in time takes away: in balance 1 in 425 is late
	taughtMost  = 10    // ticks
)

// Arrive takes how old news is that has arrived: the own time, less the newest tick for which the inputs of others are
// known now.
func (a *Apart) Arrive(age float64) { a.age.Add(age) }

// Learn takes an input of another player that was not foreseen; late reports whether it had been drawn otherwise.
func (a *Apart) Learn(late bool) {
	if late {
		a.taught = min(a.taught+taughtLate, taughtMost)
	} else {
		a.taught = max(a.taught-taughtTime, 0)
	}
}

// Ticks returns by how much the time of others must be behind.
func (a *Apart) Ticks() float64 { return a.age.high(apartShare) + apartMargin + a.taught }

// Taught returns how much of that late news has taught.
func (a *Apart) Taught() float64 { return a.taught }
