package netcode

// lossGrace is the number of packet numbers by which a datagram may be overtaken and still count as reordered, not
// lost.
const lossGrace = 32

// A Loss counts the lost datagrams of one direction by the gaps in their packet numbers. The newest 32 numbers are
// not judged yet: their datagrams may still arrive. The zero value is ready.
type Loss struct {
	words    [lossWords]lossWord // by packet number modulo lossBits
	first    uint32
	newest   uint32
	missing  int // number of missing bits that are set in words
	received int
	lost     int // numbers judged to be lost
	run      int // of them in a row, up to the newest judged one
	burst    int // the longest run
}

// A lossWord has a bit in each field for 64 packet numbers in a row: came if the datagram has arrived, missing if it
// was judged to be lost.
type lossWord struct{ came, missing uint64 }

const (
	lossWords = 8
	lossBits  = 64 * lossWords
)

// Add takes the packet number of an authentic datagram. The numbers of one direction count up from any number and do
// not repeat. Numbers before the first received one do not count as lost.
func (l *Loss) Add(number uint32) {
	if l.received == 0 {
		l.first, l.newest = number, number
	}
	l.received++
	if l.newest > number && l.newest-number >= lossGrace {
		return // it was judged already
	}
	if number > l.newest && number-l.newest > lossGrace+lossBits {
		l.advance(l.newest + lossGrace) // judges those before the gap
		l.skip(number - l.newest - lossBits)
	}
	l.advance(number)
	w, bit := l.at(number)
	w.came |= bit
}

// advance makes number the newest, if it is newer.
func (l *Loss) advance(number uint32) {
	for l.newest < number {
		l.newest++
		l.judge(l.newest - lossGrace)
		w, bit := l.at(l.newest)
		w.came &^= bit
	}
}

// skip counts n packet numbers as lost in one step: a datagram after an outage, or from a peer that chooses its
// numbers, must not cost millions of steps. None of the newest lossGrace numbers may have arrived.
func (l *Loss) skip(n uint32) {
	l.newest += n
	l.lost += int(n)
	l.run += int(n)
	l.burst = max(l.burst, l.run)
	for i := range l.words {
		l.words[i].came = 0
	}
}

// judge decides about packet number n, whose datagram can no longer arrive.
func (l *Loss) judge(n uint32) {
	if n > l.newest || n < l.first {
		return // before the first number, or below 0
	}
	w, bit := l.at(n)
	if w.missing&bit != 0 {
		w.missing &^= bit
		l.missing--
	}
	if w.came&bit != 0 {
		l.run = 0
		return
	}
	w.missing |= bit
	l.missing++
	l.lost++
	l.run++
	l.burst = max(l.burst, l.run)
}

// at returns the word of packet number n and its bit.
func (l *Loss) at(n uint32) (*lossWord, uint64) { return &l.words[n/64%lossWords], 1 << (n % 64) }

// Lost returns the number of lost datagrams since the start.
func (l *Loss) Lost() int { return l.lost }

// Received returns the number of received datagrams since the start.
func (l *Loss) Received() int { return l.received }

// Burst returns the largest number of datagrams lost in a row.
func (l *Loss) Burst() int { return l.burst }

// Share returns the share of the newest 512 judged datagrams that was lost, from 0 to 1; of all, if there are fewer.
func (l *Loss) Share() float64 {
	judged := min(int(l.newest-l.first)-lossGrace+1, lossBits)
	if judged <= 0 {
		return 0
	}
	return float64(l.missing) / float64(judged)
}
