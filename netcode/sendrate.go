package netcode

import "time"

// A SendRate decides how often a client sends its inputs. Each datagram repeats all inputs that are not acknowledged,
// so a lower rate loses none of them. It helps where the client's own datagrams fill the queue in front of a slow
// uplink: each then waits behind the others, and those that find the queue full are lost. Fewer of them arrive sooner.
//
// A queue shows in the least delay of a second, as in CoDel (RFC 8289 section 3): jitter and spikes leave some
// datagrams that have not waited. A longer delay without loss may be another route, and changes nothing. Whether the
// queue is the client's own shows once the rate is lower: the delay falls. If it does not, the rate is normal again.
// After a while without a queue the rate rises by a step; if that brings the queue back, the next attempt comes later.
//
//	1 tick <--queue and loss--> 2 ticks <--queue, 30 s without--> 3 ticks
//	  ^                                                              |
//	  '----------- the delay has not fallen: not our queue ----------'
//
// The zero value is ready, and sends after every tick.
type SendRate struct {
	more  Tick  // ticks between two datagrams, beyond 1
	floor floor // of the delay on the way up, in milliseconds

	second time.Duration // when the second that is being measured began
	queue  float64       // the least delay above the floor in it
	any    bool          // it has one

	since  time.Duration // the last change of the rate
	raised bool          // that was to a higher rate, which is on trial
	before float64       // the queue before the rate was lowered
	wait   time.Duration // without a queue, until the rate rises
	resume time.Duration // not lowered before, because that did not help
	pause  time.Duration // how long that is
}

// The constants of a SendRate.
const (
	slowestRate = 3    // ticks between two datagrams, at most
	standing    = 50.0 // milliseconds of a queue that stands
	queueLoss   = 0.04
	settleFor   = 3 * time.Second // until a lower rate has shortened the queue
	shortened   = 0.75            // the share of the queue that may be left then
	firstWait   = 30 * time.Second
	firstPause  = time.Minute
	longestWait = 5 * time.Minute
	slower      = 6 // the clock of the floor, which then remembers a minute instead of ten seconds
)

// Every returns how many ticks apart to send: 1, 2 or 3.
func (r *SendRate) Every() Tick { return r.more + 1 }

// Add takes what a datagram from the server shows: when it arrived, since any fixed moment; how long the client's
// datagram that it echoes was on its way, plus any constant, which is RTT less Transit of an [Arrival]; and the share
// of the client's newest datagrams that were lost.
func (r *SendRate) Add(now, up time.Duration, loss float64) {
	ms := float64(up) / float64(time.Millisecond)
	above := ms - r.floor.add(now/slower, ms)
	if !r.any || above < r.queue {
		r.queue, r.any = above, true
	}
	if now-r.second >= r.window() {
		r.decide(now, r.queue > standing, loss > queueLoss)
		r.second, r.any = now, false
	}
}

// window returns for how long the least delay is measured: for less on trial, so that a queue does not grow long.
func (r *SendRate) window() time.Duration {
	if r.raised {
		return time.Second / 4
	}
	return time.Second
}

// decide changes the rate if that is due after a second with or without a queue.
func (r *SendRate) decide(now time.Duration, queue, loss bool) {
	held := now - r.since
	switch {
	case r.raised && queue: // the higher rate has brought it back
		r.wait = min(2*r.wait, longestWait)
		r.lower(now)
	case r.raised && held >= firstWait:
		r.raised = false
	case r.raised:
	case r.more == 0:
		if queue && loss && now >= r.resume {
			r.before, r.wait = r.queue, firstWait
			r.lower(now)
		}
	case queue && held < settleFor:
	case queue && r.more+1 < slowestRate:
		r.lower(now)
	case queue && r.queue > shortened*r.before: // it is not our own
		r.pause = min(max(2*r.pause, firstPause), longestWait)
		r.more, r.since, r.resume = 0, now, now+r.pause
	case !queue && held >= r.wait:
		r.more--
		r.since, r.raised = now, true
	}
}

func (r *SendRate) lower(now time.Duration) {
	r.more, r.since, r.raised = min(r.more+1, slowestRate-1), now, false
}
