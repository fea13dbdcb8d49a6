package admin

import (
	"time"

	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/wire"
)

// A Meter turns what a server counts into rates for its operator: it compares each snapshot with the one before. It is
// used by one goroutine at a time.
type Meter struct {
	start  time.Time
	at     time.Time     // of the last snapshot
	cpu    time.Duration // used by the process until then
	before shard.Stats   // of the last snapshot
	denied int           // connections until then
}

// NewMeter returns a Meter of a server that starts now, in a process that has used so much CPU time.
func NewMeter(now time.Time, cpu time.Duration) *Meter { return &Meter{start: now, at: now, cpu: cpu} }

// An Activity is what a server does at a moment. Rates and Lateness are averages since the snapshot before.
type Activity struct {
	Matches, Players int
	Ready            int // matches with both players online that have not begun
	Uptime           time.Duration
	CPU              float64       // share of one core; negative if it is not known
	Lateness         time.Duration // of ticks, 99th percentile
	In, Out          int           // datagrams a second
	Dropped          int           // datagrams a second that were received and not accepted
	Denied           int           // connections a second from addresses that are not admitted
	Skipped          int           // STATEs a second that were not sent because a shard was overloaded
}

// Read returns the activity that a snapshot shows. CPU is the time that the process has used by now; 0 if it is not
// known.
func (m *Meter) Read(now time.Time, cpu time.Duration, snap *server.Snapshot) Activity {
	sum := snap.Sum()
	c, before := &sum.Counts, &m.before.Counts
	seconds := max(now.Sub(m.at).Seconds(), 0.001) // two snapshots may be taken at the same time
	rate := func(now, before int) int { return int(float64(now-before)/seconds + 0.5) }
	lateness := sum.Lateness.Since(&m.before.Lateness)
	a := Activity{
		Matches: c.Matches, Players: c.Players, Ready: sum.Ready, Uptime: now.Sub(m.start), CPU: -1,
		Lateness: time.Duration(lateness.Quantile(0.99, shard.DurationBounds()) * float64(time.Second)),
		In:       rate(c.Datagrams, before.Datagrams),
		Out:      rate(c.Sent, before.Sent),
		Dropped:  rate(c.Datagrams-c.Accepted, before.Datagrams-before.Accepted),
		Denied:   rate(snap.Refused[wire.CodeDenied], m.denied),
		Skipped:  rate(c.Skipped, before.Skipped),
	}
	if cpu > 0 {
		a.CPU = (cpu - m.cpu).Seconds() / seconds
	}
	m.before, m.at, m.cpu, m.denied = sum, now, cpu, snap.Refused[wire.CodeDenied]
	return a
}

// StateOf says in a word how far a match is.
func StateOf(r *shard.Row) string {
	switch {
	case r.Paused:
		return "paused"
	case r.Over:
		return "over"
	case r.Begun:
		return "playing"
	case r.Ready:
		return "ready"
	}
	return "waiting"
}
