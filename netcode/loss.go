package netcode

// lossGrace is by how many packet numbers a datagram may be overtaken and still count as reordered, not lost.
const lossGrace = 32

// A Loss counts the datagrams of one direction that never came, by the gaps in their packet numbers. The newest 32
// are not judged yet: they may be on their way. The zero value is ready.
type Loss struct {
	words    [lossWords]lossWord // by packet number modulo lossBits
	first    uint32
	newest   uint32
	missing  int // how many missing bits the words have
	received int
	lost     int // judged and missing
	run      int // of them in a row, just now
	burst    int // the longest run
}

// A lossWord says of 64 packet numbers in a row which came, and which have been judged and were missing.
type lossWord struct{ came, missing uint64 }

const (
	lossWords = 8
	lossBits  = 64 * lossWords
)

// Add takes the number of an authentic datagram. The numbers of one direction count up from anywhere and do not
// repeat; what came before the first one heard is not counted.
func (l *Loss) Add(number uint32) {
	if l.received == 0 {
		l.first, l.newest = number, number
	}
	l.received++
	if l.newest > number && l.newest-number >= lossGrace {
		return // judged already
	}
	if number > l.newest && number-l.newest > lossGrace+lossBits {
		l.advance(l.newest + lossGrace) // those that did come before the gap
		l.skip(number - l.newest - lossBits)
	}
	l.advance(number)
	w, bit := l.at(number)
	w.came |= bit
}

// advance makes number the newest, unless a newer one is.
func (l *Loss) advance(number uint32) {
	for l.newest < number {
		l.newest++
		l.judge(l.newest - lossGrace)
		w, bit := l.at(l.newest)
		w.came &^= bit
	}
}

// skip counts n packet numbers as lost without walking through them: one datagram after an outage, or from a peer
// that chooses its numbers at will, must not cost millions of steps. None of the newest lossGrace may have come.
func (l *Loss) skip(n uint32) {
	l.newest += n
	l.lost += int(n)
	l.run += int(n)
	l.burst = max(l.burst, l.run)
	for i := range l.words {
		l.words[i].came = 0
	}
}

// judge decides about the packet number n, which can no longer come.
func (l *Loss) judge(n uint32) {
	if n > l.newest || n < l.first {
		return // before the first one, or below 0
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

// at returns the word of packet number n, and the bit in it.
func (l *Loss) at(n uint32) (*lossWord, uint64) { return &l.words[n/64%lossWords], 1 << (n % 64) }

// Lost returns how many datagrams have been lost since the start.
func (l *Loss) Lost() int { return l.lost }

// Received returns how many have been received.
func (l *Loss) Received() int { return l.received }

// Burst returns the longest run of lost datagrams.
func (l *Loss) Burst() int { return l.burst }

// Share returns the share of the newest 512 datagrams (or of all, if fewer) that was lost, from 0 to 1.
func (l *Loss) Share() float64 {
	judged := min(int(l.newest-l.first)-lossGrace+1, lossBits)
	if judged <= 0 {
		return 0
	}
	return float64(l.missing) / float64(judged)
}
