package netcode

import "time"

// An InputLateness measures by how much later the inputs of a client arrive than over the path at its fastest, without
// losses. An input is late because its datagram was under way for longer than the fastest recent one, or because the
// datagrams before were lost and it had to wait for one that arrived. A percentile of the datagrams alone ([Lateness])
// would leave out the second.
//
// It takes the two apart: Tail is how late inputs are, and Add returns what was due to the network, so that the rest of
// a margin shows the clock of the client alone. A clock that is steered by that rest does not follow each late
// datagram, and a change of the path moves it once: the margin falls and the lateness rises by the same.
//
// Set Period in a zero InputLateness.
type InputLateness struct {
	Period time.Duration // of a tick

	floor  floor    // of the transit time, in ticks
	least  float64  // what floor was at the newest datagram
	number uint32   // the newest packet number
	any    bool     // a datagram has arrived
	late   Quantile // of lateUnit
}

// The constants of an InputLateness.
const (
	lateNewest = 1024 // inputs: 17 s at 60 a second
	lateAbove  = 2    // of them may be later than Tail: it is their 99.8th percentile
	lateUnit   = 8    // to a tick: a class is 2 ms at 60 Hz
	longest    = 15   // ticks for which an input waits for a datagram; no margin covers longer waits
	newPath    = 1    // ticks by which the fastest transit time rises if the path is another
)

// Add takes the arrival and the packet number of a datagram with inputs, and how many of its newest inputs have arrived
// for the first time. It returns by how many ticks the margin of its newest input would have been greater over the path
// at its fastest. The result is less if the datagram has inputs of several ticks although none before it is missing:
// then the client made them together, and the oldest of them counts. The result is no more than a Pacer covers, so that
// one whose path has become slower by more than that is found to be far off.
//
// Inputs after an outage do not count as late, because no margin covers it.
func (l *InputLateness) Add(a Arrival, number uint32, fresh int) (late float64) {
	if l.late.Newest == 0 {
		l.late.Newest, l.late.Above = lateNewest, lateAbove
	}
	transit := ticks(a.Transit, l.Period)
	least := l.floor.add(a.At, transit)
	if l.any && least-l.least >= newPath {
		l.late.Lower(int((least - l.least) * lateUnit))
	}
	l.least = least
	late = transit - least
	lost := 0
	if !l.any || number > l.number {
		if l.any {
			lost = int(number - l.number - 1)
		}
		l.number, l.any = number, true
		fresh = max(fresh, 1) // a datagram without inputs shows how late one would have been
	}
	each := (fresh + lost) / (lost + 1) // inputs that were new in a datagram when it was sent
	if fresh <= longest && lost < longest {
		for i := range fresh {
			l.late.Add(int((late + float64(i-i%each)) * lateUnit))
		}
	}
	return min(late, mostLead) - float64(max(each-1, 0))
}

// Tail returns the lateness that 998 of 1000 inputs do not exceed, among the newest 1024.
func (l *InputLateness) Tail() time.Duration {
	return time.Duration(l.late.Value()+1) * l.Period / lateUnit
}
