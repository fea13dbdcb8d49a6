package netcode

import (
	"testing"
	"time"
)

// An uplink is the way of datagrams up, with a queue in front of a hop of limited speed.
type uplink struct {
	rate   float64       // bits per second; 0 is no limit
	longer time.Duration // of the delay behind the queue
	loss   int           // every so many datagrams one is lost behind the queue; 0 is none

	busy   time.Duration // when the hop will have sent everything
	recent []bool        // the newest 512 datagrams: lost or not
}

const (
	inputBits = 90 * 8 // an INPUT with its headers
	tickTime  = time.Second / 60
	queueFor  = 300 * time.Millisecond
)

// send returns how long a datagram is on its way, and false if it is lost.
func (u *uplink) send(now time.Duration) (up time.Duration, arrives bool) {
	arrives = u.loss == 0 || len(u.recent)%u.loss != 0
	if u.rate > 0 {
		u.busy = max(u.busy, now)
		if u.busy-now > queueFor {
			arrives = false
		} else {
			u.busy += time.Duration(inputBits / u.rate * float64(time.Second))
		}
		up = u.busy - now
	}
	u.recent = append(u.recent, !arrives)
	return up + u.longer + 20*time.Millisecond, arrives
}

// share returns the share of the newest datagrams that were lost.
func (u *uplink) share(n int) float64 {
	recent := u.recent[max(0, len(u.recent)-n):]
	lost := 0
	for _, l := range recent {
		if l {
			lost++
		}
	}
	return float64(lost) / float64(max(1, len(recent)))
}

// play sends for a time, and reports a datagram of every third tick that arrives, with the loss of the newest 512.
func (u *uplink) play(r *SendRate, from, length time.Duration) (seen map[Tick]time.Duration) {
	seen = make(map[Tick]time.Duration)
	next := Tick(0)
	for i := range Tick(length / tickTime) {
		now := from + time.Duration(i)*tickTime
		seen[r.Every()] += tickTime
		if i < next {
			continue
		}
		next = i + r.Every()
		if up, arrives := u.send(now); arrives && len(u.recent)%3 == 0 {
			r.Add(now, up, u.share(512))
		}
	}
	return seen
}

// TestSendRate_FollowsTheUplink plays over uplinks of several speeds, which have no limit for the first seconds, as
// when a client only sends PINGs. The rate settles where the uplink carries it.
func TestSendRate_FollowsTheUplink(t *testing.T) {
	for _, test := range []struct {
		rate float64
		want Tick    // the rate for most of the time
		most float64 // the loss of the last 512 datagrams
	}{
		{0, 1, 0}, {64_000, 1, 0}, {44_000, 1, 0}, {32_000, 2, 0.02}, {24_000, 2, 0.02}, {16_000, 3, 0.05},
	} {
		var r SendRate
		u := &uplink{}
		u.play(&r, 0, 5*time.Second)
		u.rate = test.rate
		u.play(&r, 5*time.Second, 10*time.Second)
		seen := u.play(&r, 15*time.Second, 5*time.Minute)
		if seen[test.want] < 4*time.Minute {
			t.Errorf("with %v bits per second, ticks between datagrams were held for %v, want %d for most of 5 min",
				test.rate, seen, test.want)
		}
		if got := u.share(512); got > test.most {
			t.Errorf("with %v bits per second, %.3f of the datagrams are lost in the end, want at most %v",
				test.rate, got, test.most)
		}
	}
}

// TestSendRate_ComesBack limits the uplink for a minute. The rate is normal again after it.
func TestSendRate_ComesBack(t *testing.T) {
	for _, rate := range []float64{32_000, 16_000} {
		var r SendRate
		u := &uplink{}
		u.play(&r, 0, 5*time.Second)
		u.rate = rate
		u.play(&r, 5*time.Second, time.Minute)
		if r.Every() == 1 {
			t.Errorf("with %v bits per second the rate is normal after a minute", rate)
		}
		u.rate = 0
		u.play(&r, 65*time.Second, 2*time.Minute)
		if r.Every() != 1 {
			t.Errorf("2 min after a limit of %v bits per second a datagram leaves every %d ticks, want 1", rate,
				r.Every())
		}
	}
}

// TestSendRate_IgnoresWhatIsNoQueue has loss without a longer delay, a longer delay without loss, and both from another
// route, which no lower rate can mend.
func TestSendRate_IgnoresWhatIsNoQueue(t *testing.T) {
	for _, test := range []struct {
		name   string
		loss   int
		longer time.Duration
		least  time.Duration // at the normal rate, of 5 minutes
	}{
		{"20 % loss", 5, 0, 5 * time.Minute},
		{"100 ms longer", 0, 100 * time.Millisecond, 5 * time.Minute},
		{"10 % loss and 100 ms longer", 10, 100 * time.Millisecond, 4 * time.Minute},
	} {
		var r SendRate
		u := &uplink{loss: test.loss}
		u.play(&r, 0, 5*time.Second)
		u.longer = test.longer
		seen := u.play(&r, 5*time.Second, 5*time.Minute)
		if seen[1] < test.least-time.Second {
			t.Errorf("%s: ticks between datagrams were held for %v, want 1 for at least %v", test.name, seen,
				test.least)
		}
	}
}
