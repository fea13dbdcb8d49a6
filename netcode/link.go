package netcode

import "time"

// A Stamp is what every datagram carries so that both ends can measure the link without comparing clocks: the
// sender's time, the newest time it has heard from the other side, and for how long it has held that. All three are
// microseconds on the sender's own monotonic clock, wrapping after 71 minutes; the echo makes the trip back
// unchanged (the scheme of RFC 7323 time stamps and of RTCP's LSR and DLSR, RFC 3550 section 6.4.1).
type Stamp struct {
	TS, Echo, Hold uint32
}

// NoEcho as Hold says that nothing has been heard yet.
const NoEcho = ^uint32(0)

// A Link estimates what a network does to the datagrams between two ends, from one end's side: round trips, their
// variation, what is lost on the way in, and how late the late ones are. The zero value is ready.
type Link struct {
	Loss Loss // losses on the way in

	heard   bool
	offset  uint32        // of the clocks, as the first datagram had it: transit times are relative to it
	number  uint32        // of the newest datagram
	remote  uint32        // its TS
	at      time.Duration // when it arrived, after epoch
	transit time.Duration // how long it took, off by a constant

	epoch  time.Time // of our own stamps
	jitter float64   // milliseconds

	RTT  Window   // round trips in milliseconds, in order of arrival
	Tail Lateness // lateness on the way in
}

// Stamp returns the stamp to send now.
func (l *Link) Stamp(now time.Time) Stamp {
	own := l.since(now)
	s := Stamp{TS: micros(own), Hold: NoEcho}
	if hold := own - l.at; l.heard && hold < longestTrip {
		s.Echo, s.Hold = l.remote, micros(max(hold, 0))
	}
	return s
}

// Receive takes the stamp of an authentic datagram that arrived at now, with its packet number. Numbers never repeat:
// whoever authenticates refuses replays too.
func (l *Link) Receive(now time.Time, number uint32, s Stamp) {
	at := l.since(now)
	own := micros(at)
	if s.Hold != NoEcho {
		if rtt := own - s.Echo - s.Hold; rtt < uint32(longestTrip/time.Microsecond) {
			l.RTT.Add(float64(rtt) / 1000)
		}
	}
	if !l.heard {
		l.offset = own - s.TS // without it, transit times might lie where an int32 wraps
	}
	transit := time.Duration(int32(own-s.TS-l.offset)) * time.Microsecond
	l.Tail.Add(at, transit)
	l.Loss.Add(number)
	if l.heard && number == l.number+1 {
		d := float64((transit - l.transit).Abs()) / float64(time.Millisecond)
		l.jitter += (d - l.jitter) / 16
	}
	if !l.heard || number > l.number {
		l.heard, l.number, l.remote, l.at, l.transit = true, number, s.TS, at, transit
	}
}

// since returns how long ago our own stamps began, which is with the first of either direction.
func (l *Link) since(now time.Time) time.Duration {
	if l.epoch.IsZero() {
		l.epoch = now
	}
	return now.Sub(l.epoch)
}

// Prefetch reads what the next Receive will need, and changes nothing. It returns something made of it, so that no compiler
// leaves it out. It is for those with thousands of links: see [sealed.Session.Prefetch].
func (l *Link) Prefetch() uint32 {
	return l.number + l.Loss.prefetch() + l.RTT.prefetch() + l.Tail.prefetch()
}

// Samples returns how many round trips have been measured.
func (l *Link) Samples() int { return l.RTT.n }

// Heard returns when the newest datagram arrived; zero if none has.
func (l *Link) Heard() time.Time {
	if !l.heard {
		return time.Time{}
	}
	return l.epoch.Add(l.at)
}

// Latency is the mean of the last 20 round trips in milliseconds: the number on the screen.
func (l *Link) Latency() float64 { return l.RTT.Mean(shown) }

// Jitter is the mean difference between successive ones of the last 20 round trips, in milliseconds.
func (l *Link) Jitter() float64 { return l.RTT.Successive(shown) }

// RFC3550Jitter is the interarrival jitter of RFC 3550 section 6.4.1, in milliseconds, one way, over neighbours that
// arrive in order.
func (l *Link) RFC3550Jitter() float64 { return l.jitter }

// shown is how many samples the numbers on the screen cover: a second of a server that sends 20 times a second.
const shown = 20

// longestTrip is beyond what any network takes: a longer round trip, or one that ends before it began (it wraps, and is
// even longer), comes from a broken or lying clock.
const longestTrip = time.Minute

func micros(d time.Duration) uint32 { return uint32(d.Microseconds()) }
