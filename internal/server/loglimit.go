package server

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pong/internal/shard"
	"pong/netcode/sealed"
)

// The limits on lines of the log. Strangers can cause any number of events, and players who keep the rules almost as
// many, such as by changing their port again and again: with a line for each they would fill a disk.
const (
	linesPerKind      = rate.Limit(10) // a second, of each kind
	linesPerKindBurst = 200
	pointsPerSecond   = rate.Limit(50) // the same for points and games, of which a server with many matches has more
	linesOfOne        = 10             // of each kind about one session, match or address prefix
	linesOfOneEvery   = time.Minute    // ... in this time
	refusedLine       = shard.Kinds    // the kind of lines about refusals, beside those of reports
)

// A lineKey says what a line is about: a kind, and a session, a match or an address prefix.
type lineKey struct {
	kind shard.Kind
	of   string
}

// logLimits decide which lines of the log are left out, and count these.
type logLimits struct {
	kinds [refusedLine + 1]*rate.Limiter

	mu      sync.Mutex      // guards what follows
	since   time.Time       // when recent was empty
	recent  map[lineKey]int // of lines that were allowed, so the limits of kinds bound it
	omitted int             // since the last take
}

func newLogLimits() *logLimits {
	l := &logLimits{recent: make(map[lineKey]int)}
	for kind := range l.kinds {
		l.kinds[kind] = rate.NewLimiter(linesPerKind, linesPerKindBurst)
	}
	for _, kind := range []shard.Kind{shard.Ready, shard.Started, shard.Scored, shard.Over} {
		l.kinds[kind].SetLimit(pointsPerSecond)
	}
	return l
}

// allow reports whether a line about something may be logged at now.
func (l *logLimits) allow(now time.Time, kind shard.Kind, of string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.since) > linesOfOneEvery {
		l.since = now
		clear(l.recent)
	}
	key := lineKey{kind, of}
	if l.recent[key] >= linesOfOne || !l.kinds[kind].AllowN(now, 1) {
		l.omitted++
		return false
	}
	l.recent[key]++
	return true
}

// take returns how many lines were left out since the last call.
func (l *logLimits) take() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.omitted
	l.omitted = 0
	return n
}

// subject returns what the lines of a report are counted by.
func subject(r shard.Report) string {
	if r.Session == (sealed.ID{}) {
		return r.Match
	}
	return string(r.Session[:])
}
