package netcode

// HoldInput is for how many ticks an InputBuffer repeats the last input of a player whose next one is missing:
// 150 ms. A key that was held is most likely still held; a player who is gone does not run away with the paddle.
const HoldInput = 9

// Source says where the input of a tick came from.
type Source uint8

// The sources of an input.
const (
	Exact   Source = iota // it had arrived
	Held                  // it was missing, and the last one was repeated
	Missing               // it was missing for longer than HoldInput: the zero input
)

// An InputBuffer is where a server keeps what one player has sent until its tick comes. Inputs are used at the tick
// they were made for and once: a burst moves nothing faster, a late or repeated one moves nothing. The zero value is
// ready; Reset sets the tick it starts at.
type InputBuffer[I comparable] struct {
	next   Tick // the next tick to be used
	acked  Tick // every input up to here has arrived or is past its tick; next-1 or more, except at tick 0
	newest Tick // the newest tick that has arrived
	holes  int  // how many ticks are missed
	held   int  // ticks since the newest input that was used
	last   I    // which was this
	counts InputCounts
	places [History]place[I] // by tick modulo History
}

// A place is for the input of one tick.
type place[I comparable] struct {
	input   I
	present bool // it has arrived and is to be used
	missed  bool // its tick, which is below next, was played without it
}

// InputCounts says what became of the inputs of a player.
type InputCounts struct {
	Fresh  int // arrived in time, for the first time
	Again  int // arrived before: redundancy or a repeat
	Late   int // arrived for the first time after their tick had been played
	Early  int // History ticks or more ahead: refused
	Missed int // ticks that were played without the input that was made for them
}

// Reset empties the buffer, but keeps the counts; next is the next tick to be played.
func (b *InputBuffer[I]) Reset(next Tick) {
	before := max(next, 1) - 1
	*b = InputBuffer[I]{next: next, acked: before, newest: before, counts: b.counts}
}

// Fate says what became of an input that arrived.
type Fate uint8

// The fates of an input.
const (
	Fresh    Fate = iota // in time, for the first time
	Again                // known, or of a tick that was played with it
	TooLate              // for the first time, but its tick has been played without it
	TooEarly             // History ticks or more ahead: refused
	Fates                // how many there are
)

// Put takes the input of tick t and says what becomes of it. Only a Fresh one will be played.
func (b *InputBuffer[I]) Put(t Tick, input I) Fate {
	at := &b.places[slot(t)]
	switch {
	case t < b.next && b.next-t <= History && at.missed:
		at.missed = false
		b.holes--
		b.counts.Late++
		return TooLate
	case t < b.next:
		b.counts.Again++
		return Again
	case t-b.next >= History:
		b.counts.Early++
		return TooEarly
	case at.present:
		b.counts.Again++
		return Again
	}
	at.input, at.present = input, true
	b.newest = max(b.newest, t)
	b.counts.Fresh++
	b.acknowledge()
	return Fresh
}

// PutRuns takes the inputs of one datagram, newest first: the first is that of tick newest, and each other one is that
// of the tick before. Inputs of ticks before tick 0 are ignored. It calls arrived for every input that is not Again,
// newest first; a server uses that to measure how early inputs arrive. arrived may be nil.
//
// Most inputs of a datagram were in the one before, so PutRuns stops at the first below which nothing can be new.
func (b *InputBuffer[I]) PutRuns(newest Tick, runs []Run[I], arrived func(t Tick, fate Fate)) {
	t := newest
	for i, run := range runs {
		for n := run.N; n > 0; n-- {
			if t <= b.acked && b.holes == 0 && b.next > 0 {
				for _, older := range runs[i+1:] {
					n += older.N
				}
				b.counts.Again += min(n, int(t)+1)
				return
			}
			if fate := b.Put(t, run.Input); fate != Again && arrived != nil {
				arrived(t, fate)
			}
			if t == 0 {
				return
			}
			t--
		}
	}
}

// acknowledge moves acked up to the first gap.
func (b *InputBuffer[I]) acknowledge() {
	for b.acked < b.newest && b.places[slot(b.acked+1)].present {
		b.acked++
	}
}

// Take returns the input to play at the next tick and where it came from, and moves on by one tick.
func (b *InputBuffer[I]) Take() (input I, source Source) {
	at := &b.places[slot(b.next)]
	if at.missed {
		b.holes--
	}
	if at.missed = !at.present; at.missed {
		b.holes++
	}
	switch {
	case at.present:
		b.last, b.held = at.input, 0
		input, source = b.last, Exact
		at.present = false
	case b.held < HoldInput:
		b.held++
		b.counts.Missed++
		input, source = b.last, Held
	default:
		b.counts.Missed++
		source = Missing
	}
	b.acked = max(b.acked, b.next)
	b.next++
	b.acknowledge()
	return input, source
}

// Next returns the next tick to be played.
func (b *InputBuffer[I]) Next() Tick { return b.next }

// Acked returns the tick up to which a client need not send its inputs any more: they have arrived, or their ticks have
// been played. Tick 0 counts as acknowledged from the start; nobody knows of a game in time to play its first tick.
func (b *InputBuffer[I]) Acked() Tick { return b.acked }

// Newest returns the newest tick for which an input has arrived.
func (b *InputBuffer[I]) Newest() Tick { return b.newest }

// Counts returns what became of the inputs so far.
func (b *InputBuffer[I]) Counts() InputCounts { return b.counts }
