package netcode

// lossGrace is by how many packet numbers a datagram may be overtaken and still count as reordered, not lost.
const lossGrace = 32

// A Loss counts the datagrams of one direction that never came, by the gaps in their packet numbers. The newest 32
// are not judged yet: they may be on their way. The zero value is ready.
type Loss struct {
	first    uint32
	newest   uint32
	seen     [lossWords]uint64 // came, by packet number modulo lossBits
	recent   [lossWords]uint64 // judged and missing, likewise
	missing  int               // how many recent has
	received int
	lost     int // judged and missing
	run      int // of them in a row, just now
	burst    int // the longest run
}

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
	setBit(&l.seen, number)
}

func (l *Loss) prefetch() uint32 {
	word := l.newest / 64 % lossWords
	return uint32(l.lost) + uint32(l.seen[word]) + uint32(l.recent[word])
}

// advance makes number the newest, unless a newer one is.
func (l *Loss) advance(number uint32) {
	for l.newest < number {
		l.newest++
		l.judge(l.newest - lossGrace)
		clearBit(&l.seen, l.newest)
	}
}

// skip counts n packet numbers as lost without walking through them: one datagram after an outage, or from a peer
// that chooses its numbers at will, must not cost millions of steps. None of the newest lossGrace may have come.
func (l *Loss) skip(n uint32) {
	l.newest += n
	l.lost += int(n)
	l.run += int(n)
	l.burst = max(l.burst, l.run)
	clear(l.seen[:])
}

// judge decides about the packet number n, which can no longer come.
func (l *Loss) judge(n uint32) {
	if n > l.newest || n < l.first {
		return // before the first one, or below 0
	}
	l.missing -= int(bit(&l.recent, n))
	clearBit(&l.recent, n)
	if bit(&l.seen, n) == 1 {
		l.run = 0
		return
	}
	l.lost++
	l.missing++
	l.run++
	l.burst = max(l.burst, l.run)
	setBit(&l.recent, n)
}

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

func bit(b *[lossWords]uint64, n uint32) uint64 { return b[n/64%lossWords] >> (n % 64) & 1 }
func setBit(b *[lossWords]uint64, n uint32)     { b[n/64%lossWords] |= 1 << (n % 64) }
func clearBit(b *[lossWords]uint64, n uint32)   { b[n/64%lossWords] &^= 1 << (n % 64) }
