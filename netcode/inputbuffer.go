package netcode

// HoldInput is the number of ticks for which an InputBuffer repeats the last input of a player if the next one is
// missing: 150 ms at 60 Hz. A key that was held is most likely still held, but a player whose connection is lost must
// not move on for long.
const HoldInput = 9

// A Source says where the input of a tick came from.
type Source uint8

// The sources of an input.
const (
	Exact   Source = iota // it had arrived
	Held                  // it was missing; the last one was repeated
	Missing               // inputs were missing for more than HoldInput ticks; the zero input was taken
)

// An InputBuffer keeps the inputs that one player has sent to the server until their ticks are played. An input is
// used once, at the tick for which it was made: a burst of inputs moves nothing faster, and a late or repeated one
// moves nothing. The zero value is ready and starts at tick 0; Reset starts it elsewhere.
type InputBuffer[I comparable] struct {
	next   Tick // the next tick to be played
	acked  Tick // every input up to here has arrived or is past its tick; next-1 or more, except at tick 0
	newest Tick // the newest tick whose input has arrived
	holes  int  // how many places are missed
	held   int  // ticks since an input was last used
	last   I    // the input that was last used
	counts InputCounts
	places [History]place[I] // by tick modulo History
}

// A place holds the input of one tick.
type place[I comparable] struct {
	input   I
	present bool // it has arrived and is not used yet
	missed  bool // its tick is below next and was played without it
}

// InputCounts counts the inputs of a player by their Fate, and the ticks without one.
type InputCounts struct {
	Fresh    int // arrived in time, for the first time
	Again    int // known already: sent again, or delivered twice
	TooLate  int // arrived for the first time after their tick had been played
	TooEarly int // refused: History ticks or more ahead
	Missed   int // ticks played without the input that was made for them
}

// Reset empties the buffer and keeps the counts; next is the next tick to be played.
func (b *InputBuffer[I]) Reset(next Tick) {
	before := max(next, 1) - 1
	*b = InputBuffer[I]{next: next, acked: before, newest: before, counts: b.counts}
}

// A Fate says what became of an input that arrived.
type Fate uint8

// The fates of an input.
const (
	Fresh    Fate = iota // in time, for the first time: it will be played
	Again                // known already, or of a tick that was played with it
	TooLate              // for the first time, but its tick has been played without it
	TooEarly             // refused: History ticks or more ahead
	Fates                // the number of fates
)

// Put takes the input of tick t and returns its fate. The first input of a tick counts; only a Fresh one is played.
func (b *InputBuffer[I]) Put(t Tick, input I) Fate {
	at := &b.places[slot(t)]
	switch {
	case t < b.next && b.next-t <= History && at.missed:
		at.missed = false
		b.holes--
		b.counts.TooLate++
		return TooLate
	case t < b.next:
		b.counts.Again++
		return Again
	case t-b.next >= History:
		b.counts.TooEarly++
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

// PutRuns takes the inputs of one datagram, newest first: the first is that of tick newest, and each other one is
// that of the tick before. Inputs of ticks before tick 0 are ignored. It calls arrived for every input that is not
// Again, newest first; a server uses that to measure how early inputs arrive. arrived may be nil.
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

// Take returns the input of the next tick and its source, and moves on by one tick. Call it once for every tick.
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

// Waiting copies to dst the inputs that wait to be played, from the next tick on, up to the first that has not arrived,
// and returns how many there are. With Put they can be given to the buffer of another server that goes on from the same
// tick.
func (b *InputBuffer[I]) Waiting(dst []I) int {
	for i := range dst {
		at := &b.places[slot(b.next+Tick(i))]
		if !at.present {
			return i
		}
		dst[i] = at.input
	}
	return len(dst)
}

// Next returns the next tick to be played.
func (b *InputBuffer[I]) Next() Tick { return b.next }

// Acked returns the tick up to which the client need not send its inputs again: they have arrived, or their ticks
// have been played. Tick 0 counts as acknowledged from the start, since no client can know of a game before its first
// tick.
func (b *InputBuffer[I]) Acked() Tick { return b.acked }

// Newest returns the newest tick for which an input has arrived.
func (b *InputBuffer[I]) Newest() Tick { return b.newest }

// Counts returns the counts since the buffer was made.
func (b *InputBuffer[I]) Counts() InputCounts { return b.counts }
