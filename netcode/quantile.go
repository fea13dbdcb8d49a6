package netcode

// A Quantile keeps a high quantile of the newest samples of a measured value. A sample costs a few steps, however many
// are kept: the samples are counted in classes, and the class of the quantile moves by as much as the quantile does.
//
// Samples are whole numbers in a unit of the caller, such as an eighth of a tick. All from class 255 on count as this
// class, and all below 0 as 0. Set Newest and Above in a zero Quantile.
type Quantile struct {
	Newest int // how many samples count, at most 1024
	Above  int // how many of them may lie above the quantile: 3 of 1024 for the 99.7th percentile

	added  int // samples ever
	class  int // of the quantile: the smallest above which lie no more samples than may
	above  int // samples in the classes above it
	counts [quantileClasses]uint16
	ring   [quantileMost]uint8 // classes of the samples, by their number modulo Newest
}

const (
	quantileMost    = 1024
	quantileClasses = 256
)

// Add adds a sample.
func (q *Quantile) Add(x int) {
	at := &q.ring[q.added%q.Newest]
	if q.added >= q.Newest {
		q.count(int(*at), -1)
	}
	*at = uint8(min(max(x, 0), quantileClasses-1))
	q.added++
	q.count(int(*at), 1)
	q.settle()
}

// count counts a sample in or out.
func (q *Quantile) count(class, by int) {
	q.counts[class] += uint16(by)
	if class > q.class {
		q.above += by
	}
}

// settle moves the quantile to its class.
func (q *Quantile) settle() {
	for most := q.Above * q.Len() / q.Newest; ; {
		switch {
		case q.above > most:
			q.class++
			q.above -= int(q.counts[q.class])
		case q.class > 0 && q.above+int(q.counts[q.class]) <= most:
			q.above += int(q.counts[q.class])
			q.class--
		default:
			return
		}
	}
}

// Lower takes by off every sample that is kept. It costs a step for each.
func (q *Quantile) Lower(by int) {
	q.counts, q.class, q.above = [quantileClasses]uint16{}, 0, 0
	for i := range q.ring[:q.Len()] {
		q.ring[i] = uint8(max(int(q.ring[i])-by, 0))
		q.count(int(q.ring[i]), 1)
	}
	q.settle()
}

// Len returns how many samples it keeps now.
func (q *Quantile) Len() int { return min(q.added, q.Newest) }

// Value returns the quantile; 0 if there is no sample.
func (q *Quantile) Value() int { return q.class }

// Reset forgets all samples.
func (q *Quantile) Reset() { *q = Quantile{Newest: q.Newest, Above: q.Above} }
