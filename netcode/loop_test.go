package netcode

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

const (
	ms     = time.Millisecond
	period = time.Second / 60
)

// A loop is a client with its Pacer, a server and the two directions of a network between them, in virtual time. The
// server measures margins as a real one does; the tests check the client's true lead, which neither end can see.
type loop struct {
	t        testing.TB
	up, down way
	blind    bool                        // the client assumes that corrections show at once: no in-flight term
	drift    float64                     // how much faster the client's clock is
	stalls   func(at time.Duration) bool // the client gets no frames

	at      time.Duration // the server's time
	pacer   Pacer
	log     InputLog[Tick]
	buffer  InputBuffer[Tick]
	ends    [2]estimates // of the client and of the server
	numbers [2]uint32
	late    InputLateness
	slower  [2]float64 // how late the newest datagram was, in ticks: as the client and as the server knows
	margin  InputReport
	head    Tick
	ways    [2][]parcel
	samples []sample
}

// A way is one direction of the network: the delay of a datagram that is sent at a time, and whether it is lost.
type way func(at time.Duration) (delay time.Duration, lost bool)

func steady(d time.Duration) way {
	return func(time.Duration) (time.Duration, bool) { return d, false }
}

// between returns a way with another delay from one time to another.
func (w way) between(from, to, d time.Duration) way {
	return func(at time.Duration) (time.Duration, bool) {
		if from <= at && at < to {
			return d, false
		}
		return w(at)
	}
}

// cut returns a way that loses everything from one time to another.
func (w way) cut(from, to time.Duration) way {
	return func(at time.Duration) (time.Duration, bool) {
		d, lost := w(at)
		return d, lost || from <= at && at < to
	}
}

// rough returns a way with jitter and losses.
func (w way) rough(seed uint64, jitter time.Duration, loss float64) way {
	r := rand.New(rand.NewPCG(seed, 0))
	return func(at time.Duration) (time.Duration, bool) {
		d, lost := w(at)
		return d + time.Duration(r.NormFloat64()*float64(jitter)), lost || r.Float64() < loss
	}
}

type parcel struct {
	arrives time.Duration
	number  uint32
	stamp   Stamp
	newest  Tick // up: of the inputs. down: of the state
	runs    []Run[Tick]
	acked   Tick
	margin  InputReport
	slower  float64
}

// A sample is the truth at a time: how early an input that is decided now would arrive, and how early it should over
// the path as it is.
type sample struct {
	at             time.Duration
	margin, wanted float64
	missed, jumps  int
}

func newLoop(t testing.TB, up, down time.Duration) *loop {
	return &loop{
		t: t, up: steady(up), down: steady(down), pacer: Pacer{Period: period}, late: InputLateness{Period: period},
		stalls: func(time.Duration) bool { return false },
	}
}

// frameCost is the part of the lead that passes before a datagram is sent: the input of tick t leaves in the first
// frame of tick t+1, up to a frame after that tick begins.
const frameCost = 1.5

// used returns when the server uses the input of tick t.
func used(t Tick) time.Duration { return time.Duration(t) * period }

// clientTime returns the time of the client's clock, which is hours off and drifts.
func (l *loop) clientTime() time.Time {
	return epoch.Add(5*time.Hour + time.Duration(float64(l.at)*(1+l.drift)))
}

func (l *loop) serverTime() time.Time { return epoch.Add(l.at) }

// run lets time pass in steps of half a millisecond. Frames come every 16 ms and a little irregularly.
func (l *loop) run(until time.Duration) *loop {
	for ; l.at < until; l.at += ms / 2 {
		for _, p := range l.due(0) {
			l.atServer(p)
		}
		for !(used(l.buffer.Next()) > l.at) {
			if _, source := l.buffer.Take(); source != Exact {
				l.margin.Late = true
			}
			if l.buffer.Next()%3 == 0 {
				l.numbers[1]++
				l.margin.Tail = l.late.Tail()
				l.send(1, parcel{
					number: l.numbers[1], stamp: l.ends[1].echo.Stamp(l.serverTime()), newest: l.buffer.Next(),
					acked: l.buffer.Acked(), margin: l.margin, slower: l.slower[1],
				})
				l.margin = InputReport{}
			}
		}
		for _, p := range l.due(1) {
			l.atClient(p)
		}
		if l.at%(16*ms) == 0 && !l.stalls(l.at) {
			l.frame()
		}
	}
	return l
}

func (l *loop) send(w int, p parcel) {
	delay, lost := [2]way{l.up, l.down}[w](l.at)
	if lost {
		return
	}
	p.arrives = l.at + delay
	if n := len(l.ways[w]); n > 0 { // the order is kept
		p.arrives = max(p.arrives, l.ways[w][n-1].arrives)
	}
	l.ways[w] = append(l.ways[w], p)
}

func (l *loop) due(w int) (due []parcel) {
	rest := l.ways[w][:0:0]
	for _, p := range l.ways[w] {
		if p.arrives <= l.at {
			due = append(due, p)
		} else {
			rest = append(rest, p)
		}
	}
	l.ways[w] = rest
	return due
}

func (l *loop) atServer(p parcel) {
	a := l.ends[1].receive(l.serverTime(), p.number, p.stamp)
	fresh, newest := 0, 0.0
	l.buffer.PutRuns(p.newest, p.runs, func(t Tick, _ Fate) {
		if fresh++; fresh == 1 {
			newest = float64(used(t)-l.at) / float64(period)
		}
	})
	l.slower[1] = l.late.Add(a, p.number, fresh)
	if base := newest + l.slower[1]; fresh > 0 && (!l.margin.Valid || base < l.margin.Min) {
		l.margin.Min, l.margin.Valid = base, true
	}
}

func (l *loop) atClient(p parcel) {
	now := l.clientTime()
	client := &l.ends[0]
	client.receive(now, p.number, p.stamp)
	if client.echo.Samples() == 0 {
		return
	}
	rtt := client.echo.RTT()
	if !l.pacer.Started() {
		l.pacer.Start(now, p.newest, rtt, client.lateness.P95())
		l.head = p.newest
	}
	l.log.Ack(p.acked)
	l.slower[0] = p.slower
	flight := rtt + 3*period
	if l.blind {
		flight = 0
	}
	l.pacer.Report(now, p.margin, flight)
}

func (l *loop) frame() {
	now := l.clientTime()
	if l.pacer.Started() {
		present, _ := l.pacer.Advance(now)
		for ; l.head < present; l.head++ {
			l.log.Put(l.head, l.head)
		}
		up, _ := l.up(l.at)
		l.samples = append(l.samples, sample{
			at: l.at, margin: l.pacer.Present() - float64(l.at+up)/float64(period) - frameCost,
			wanted: l.pacer.Wanted() - l.slower[0], missed: l.buffer.Counts().Missed, jumps: l.pacer.Jumps(),
		})
	}
	l.numbers[0]++
	l.send(0, parcel{
		number: l.numbers[0], stamp: l.ends[0].echo.Stamp(now), newest: l.log.Newest(),
		runs: l.log.AppendRuns(make([]Run[Tick], 0, 64), 63),
	})
}

// settled returns how long after from the margin took to stay within a tick of the wanted one.
func (l *loop) settled(from, to time.Duration) time.Duration {
	settled := from
	for _, s := range l.samples {
		if s.at >= from && s.at < to && math.Abs(s.margin-s.wanted) > 1 {
			settled = s.at
		}
	}
	return settled - from
}

// overshoot returns by how much the margin went beyond the wanted one after reaching it.
func (l *loop) overshoot(from, to time.Duration) float64 {
	side, most := 0.0, 0.0
	for _, s := range l.samples {
		if s.at < from || s.at >= to {
			continue
		}
		err := s.margin - s.wanted
		if side == 0 {
			side = math.Copysign(1, err)
		}
		most = max(most, -err*side)
	}
	return most
}

// missed returns how many ticks were played without the client's input in a span of time.
func (l *loop) missed(from, to time.Duration) int {
	first, last := -1, 0
	for _, s := range l.samples {
		if s.at < from || s.at >= to {
			continue
		}
		if first < 0 {
			first = s.missed
		}
		last = s.missed
	}
	return last - first
}

func (l *loop) wantSettled(from, within, to time.Duration) *loop {
	l.t.Helper()
	if got := l.settled(from, to); got > within {
		l.t.Errorf("after %v the margin needed %v to settle, want at most %v", from, got, within)
	}
	return l
}

func (l *loop) wantJumps(n int) *loop {
	l.t.Helper()
	if l.pacer.Jumps() != n {
		l.t.Errorf("the clock jumped %d times, want %d", l.pacer.Jumps(), n)
	}
	return l
}

func (l *loop) wantMissed(from, to time.Duration, most int) *loop {
	l.t.Helper()
	if n := l.missed(from, to); n > most {
		l.t.Errorf("from %v to %v %d ticks were played without their input, want at most %d", from, to, n, most)
	}
	return l
}
