package netcode

// A Run is the same input on N consecutive ticks. Inputs travel as runs because they change seldom.
type Run[I comparable] struct {
	Input I
	N     int
}

// An InputLog keeps the inputs that the server has not acknowledged yet. Every datagram of the client carries all of
// them, so a lost one costs nothing (redundancy, as with Quake III's usercmds and in GGPO). It keeps the newest History
// ticks. The zero value is ready.
type InputLog[I comparable] struct {
	inputs [History]I
	newest Tick // the newest tick in the log
	count  int  // how many ticks up to newest are not acknowledged
}

// Put appends the input of tick t. If t does not follow the newest tick, because the client's clock has jumped, the log
// starts again with t.
func (l *InputLog[I]) Put(t Tick, input I) {
	if t != l.newest+1 {
		l.count = 0
	}
	l.inputs[slot(t)] = input
	l.newest = t
	l.count = min(l.count+1, History)
}

// Ack drops the ticks up to and including t.
func (l *InputLog[I]) Ack(t Tick) {
	if t >= l.newest {
		l.count = 0
		return
	}
	l.count = int(min(Tick(l.count), l.newest-t))
}

// Newest returns the newest tick in the log.
func (l *InputLog[I]) Newest() Tick { return l.newest }

// Unacknowledged returns how many ticks are in the log.
func (l *InputLog[I]) Unacknowledged() int { return l.count }

// AppendRuns appends the unacknowledged inputs to dst as runs of at most longest ticks, newest first. It appends as
// many runs as dst has capacity for. The oldest inputs are left out, which have been sent most often.
func (l *InputLog[I]) AppendRuns(dst []Run[I], longest int) []Run[I] {
	first := len(dst)
	for i := range l.count {
		input := l.inputs[slot(l.newest-Tick(i))]
		if n := len(dst); n > first && dst[n-1].Input == input && dst[n-1].N < longest {
			dst[n-1].N++
			continue
		}
		if len(dst) == cap(dst) {
			break
		}
		dst = append(dst, Run[I]{input, 1})
	}
	return dst
}
