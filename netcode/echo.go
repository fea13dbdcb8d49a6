package netcode

import "time"

// A Stamp travels in every datagram, so that both ends can measure round trips without comparing their clocks. Its
// fields are microseconds: TS and Echo wrap after 71 minutes.
type Stamp struct {
	TS   uint32 // the sender's clock when it sent the datagram
	Echo uint32 // the newest TS that it has received from the other end
	Hold uint32 // how long ago it received that; NoEcho if it has received nothing, or nothing for a minute
}

// NoEcho in Stamp.Hold says that the stamp echoes nothing.
const NoEcho = ^uint32(0)

// An Echo makes the stamps of one end and measures round trips from the stamps of the other end. A round trip is the
// time since this end sent the echoed stamp, less the time for which the other end held it: only differences of one
// clock count (RFC 7323 time stamps, and LSR and DLSR of RTCP in RFC 3550 section 6.4.1, work this way). It measures
// a transit time too, which is off by a constant, because it lies between two clocks.
//
// An Echo is 136 bytes, and a server has one for each player. The zero value is ready.
type Echo struct {
	epoch  time.Time     // what this end's stamps count from: the first call of Stamp or Receive
	at     time.Duration // when the newest datagram arrived, after epoch
	number uint32        // of the newest datagram; datagrams may overtake each other
	remote uint32        // its TS
	offset uint32        // difference of the two clocks as the first datagram had it; transit times are relative to it
	any    bool          // a datagram has been received
	trips  uint          // round trips ever measured
	recent [echoTrips]uint32
}

// echoTrips is how many round trips an Echo keeps: a second of a server that sends 20 times a second.
const echoTrips = 20

// longestTrip is beyond what any network takes. A longer round trip comes from a broken clock or from a peer that
// lies; so does one that ends before it begins, which wraps to an even longer one.
const longestTrip = time.Minute

// An Arrival is what the stamp of one datagram says about its way.
type Arrival struct {
	At      time.Duration // when it arrived, since the first call of a method of the Echo
	Transit time.Duration // how long it was under way, less the transit time of the first datagram
	RTT     time.Duration // the round trip that it completed, if HasRTT
	HasRTT  bool
}

// Stamp returns the stamp of a datagram that is sent now.
func (e *Echo) Stamp(now time.Time) Stamp {
	own := e.since(now)
	s := Stamp{TS: micros(own), Hold: NoEcho}
	if hold := own - e.at; e.any && hold < longestTrip {
		s.Echo, s.Hold = e.remote, micros(max(hold, 0))
	}
	return s
}

// Receive takes the packet number and the stamp of an authentic datagram that arrived at now. The caller must have
// refused replays: a number comes once.
func (e *Echo) Receive(now time.Time, number uint32, s Stamp) Arrival {
	at := e.since(now)
	own := micros(at)
	if !e.any {
		e.offset = own - s.TS // without it, transit times might lie where an int32 wraps
	}
	a := Arrival{At: at, Transit: time.Duration(int32(own-s.TS-e.offset)) * time.Microsecond}
	if s.Hold != NoEcho {
		if rtt := own - s.Echo - s.Hold; rtt < uint32(longestTrip/time.Microsecond) {
			e.recent[e.trips%echoTrips] = rtt
			e.trips++
			a.RTT, a.HasRTT = time.Duration(rtt)*time.Microsecond, true
		}
	}
	if !e.any || number > e.number {
		e.any, e.number, e.remote, e.at = true, number, s.TS, at
	}
	return a
}

func (e *Echo) since(now time.Time) time.Duration {
	if e.epoch.IsZero() {
		e.epoch = now
	}
	return now.Sub(e.epoch)
}

// Samples returns how many round trips have been measured.
func (e *Echo) Samples() int { return int(e.trips) }

// RTT returns the mean of the newest 20 round trips; 0 before the first.
func (e *Echo) RTT() time.Duration {
	n := e.kept()
	if n == 0 {
		return 0
	}
	sum := time.Duration(0)
	for i := range n {
		sum += e.trip(i)
	}
	return sum / time.Duration(n)
}

// Least returns the shortest of the newest 20 round trips; 0 before the first.
func (e *Echo) Least() time.Duration {
	n := e.kept()
	if n == 0 {
		return 0
	}
	least := e.recent[0]
	for _, trip := range e.recent[1:n] {
		least = min(least, trip)
	}
	return time.Duration(least) * time.Microsecond
}

// Newest returns the newest round trip; 0 before the first.
func (e *Echo) Newest() time.Duration {
	if e.trips == 0 {
		return 0
	}
	return e.trip(0)
}

// Jitter returns the mean difference between one round trip and the next among the newest 20; 0 before the second.
func (e *Echo) Jitter() time.Duration {
	n := e.kept()
	if n < 2 {
		return 0
	}
	sum := time.Duration(0)
	for i := range n - 1 {
		sum += (e.trip(i) - e.trip(i+1)).Abs()
	}
	return sum / time.Duration(n-1)
}

// Received returns when the datagram with the greatest packet number arrived; the zero time if none has.
func (e *Echo) Received() time.Time {
	if !e.any {
		return time.Time{}
	}
	return e.epoch.Add(e.at)
}

// Number returns the greatest packet number received; 0 if there is none.
func (e *Echo) Number() uint32 { return e.number }

func (e *Echo) kept() uint { return min(e.trips, echoTrips) }

// trip returns the round trip before the newest i.
func (e *Echo) trip(i uint) time.Duration {
	return time.Duration(e.recent[(e.trips-1-i)%echoTrips]) * time.Microsecond
}

func micros(d time.Duration) uint32 { return uint32(d.Microseconds()) }
