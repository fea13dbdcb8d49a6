package lab

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pong/internal/game"
	"pong/netcode/netsim"
)

// A Profile is a network between two players and their server, and what happens to it while they play.
type Profile struct {
	Name, Title string
	Up, Down    [2]netsim.Profile // by seat
	RTT         time.Duration     // of seat 0 at the start, without jitter
	SlowRTT     time.Duration     // after an Act of the kind Slow

	// Acts happen in each period of Cycle; if Cycle is zero, never.
	Cycle time.Duration
	Acts  []Act

	Skew      [2]time.Duration // how far each player's clock is ahead
	Drift     [2]float64       // how much faster each player's clock runs
	Identical bool             // both seats always have the same bot
	Longer    int              // by which factor matches are longer. If zero, 1.
	MoreSeeds int              // by which factor there are more seeds. If zero, 1.
	InTime    bool             // losses and stalls happen in time and not packet by packet
}

// An Act is something that happens to a player's link or process at a time.
type Act struct {
	At   time.Duration // since the start of the cycle; in a Recording, of the world
	Seat int
	Kind ActKind
}

// An ActKind says what an Act does.
type ActKind uint8

// The kinds.
const (
	Cut    ActKind = iota // the link loses everything in both directions
	Heal                  // the link is as it was
	Slow                  // the round trip becomes SlowRTT
	Freeze                // the player's process stands still
	Thaw                  // the process goes on
)

const ms = time.Millisecond

// way returns one direction of a link with half the round trip.
func way(rtt, jitter time.Duration, loss, burst float64) netsim.Profile {
	return netsim.Profile{Delay: rtt / 2, Jitter: jitter, Loss: loss, Burst: burst}
}

// even returns a profile with the same link in both directions for both players. One of their clocks is 5 s ahead, on
// which nothing may depend.
func even(name, title string, w netsim.Profile) Profile {
	both := [2]netsim.Profile{w, w}
	return Profile{Name: name, Title: title, Up: both, Down: both, RTT: 2 * w.Delay,
		Skew: [2]time.Duration{0, 5 * time.Second}}
}

// The links of several profiles.
var (
	lanWay  = way(1*ms, 200*time.Microsecond, 0, 0)
	goodWay = way(30*ms, 2*ms, 0.005, 1.5)
	wifiWay = netsim.Profile{Delay: 30 * ms, Jitter: 4 * ms, Loss: 0.02, Burst: 2.5, Spike: 0.08, SpikeDelay: 80 * ms}
	longWay = way(250*ms, 10*ms, 0.05, 2)
)

// outage returns a profile in which the players' links are cut in turn.
func outage(name, title string, w netsim.Profile, long time.Duration) Profile {
	p := even(name, title, w)
	p.Cycle = 40 * time.Second
	for seat, at := range []time.Duration{10 * time.Second, 30 * time.Second} {
		p.Acts = append(p.Acts, Act{at, seat, Cut}, Act{at + long, seat, Heal})
	}
	return p
}

// Profiles returns all profiles, in order. L8 is four profiles, one for each link and length.
func Profiles() []Profile {
	return []Profile{
		even("L0", "LAN", lanWay),
		even("L1", "good", goodWay),
		even("L2", "lossy", way(50*ms, 4*ms, 0.05, 2)),
		even("L3", "Wi-Fi", wifiWay),
		even("L4", "far", way(100*ms, 6*ms, 0.05, 2)),
		even("L5", "bad", way(100*ms, 6*ms, 0.2, 2.5)),
		even("L6", "intercontinental", longWay),
		even("L7", "awful", way(250*ms, 10*ms, 0.2, 2.5)),
		outage("L8.1", "Wi-Fi, gone for 1 s", wifiWay, time.Second),
		outage("L8.2", "Wi-Fi, gone for 5 s", wifiWay, 5*time.Second),
		outage("L8.3", "intercontinental, gone for 1 s", longWay, time.Second),
		outage("L8.4", "intercontinental, gone for 5 s", longWay, 5*time.Second),
		asymmetric(),
		step("L10", 40*ms, 140*ms),
		even("L11", "64 kbit/s", netsim.Profile{Delay: 15 * ms, Jitter: 2 * ms, Rate: 64000, Queue: 300 * ms}),
		even("L12", "reordered and doubled",
			netsim.Profile{Delay: 15 * ms, Jitter: 2 * ms, Reorder: 0.05, Duplicate: 0.05}),
		stalls(),
		unlike(),
		narrow(),
	}
}

// asymmetric returns a profile that is slow up and fast down.
func asymmetric() Profile {
	p := even("L9", "140 ms up, 10 ms down", way(280*ms, 2*ms, 0, 0))
	for seat := range p.Down {
		p.Down[seat].Delay = 10 * ms
	}
	p.RTT = 150 * ms
	return p
}

// step returns a profile whose delay rises and falls again.
func step(name string, fast, slow time.Duration) Profile {
	p := even(name, fmt.Sprintf("%v, %v, %v", fast, slow, fast), way(fast, 2*ms, 0, 0))
	p.SlowRTT = slow
	p.Cycle = 40 * time.Second
	for seat := range 2 {
		p.Acts = append(p.Acts, Act{10 * time.Second, seat, Slow}, Act{30 * time.Second, seat, Heal})
	}
	return p
}

// stalls returns a profile with good links to processes that stand still now and then and whose clocks drift apart.
func stalls() Profile {
	p := even("L13", "stalls of 250 ms and 1 s, drift 200 ppm", goodWay)
	p.Drift = [2]float64{200e-6, -200e-6}
	p.Cycle = 40 * time.Second
	for i, long := range []time.Duration{250 * ms, 250 * ms, time.Second, time.Second} {
		at := time.Duration(5+10*i) * time.Second
		p.Acts = append(p.Acts, Act{at, i % 2, Freeze}, Act{at + long, i % 2, Thaw})
	}
	return p
}

// unlike returns a profile with one player on a LAN and the other across an ocean.
func unlike() Profile {
	p := even("L14", "LAN against intercontinental", lanWay)
	p.Up[1], p.Down[1] = longWay, longWay
	p.Identical = true
	p.Longer, p.MoreSeeds = 3, 3 // each manner plays a third of the time, for a share of points within 1 or 2 %
	return p
}

// narrow returns a profile whose ways up carry less than 60 INPUTs a second need.
func narrow() Profile {
	p := even("L15", "32 kbit/s up", netsim.Profile{Delay: 15 * ms, Jitter: 2 * ms})
	for seat := range p.Up {
		p.Up[seat].Rate, p.Up[seat].Queue = 32000, 300*ms
	}
	p.RTT = 30 * ms
	return p
}

// A LossModel says how losses and stalls happen.
type LossModel uint8

// The loss models.
const (
	ByPacket   LossModel = iota // packet by packet: a client that sends more meets shorter bursts
	ByTime                      // in time: see netsim.Profile.Pace
	BothModels                  // packet by packet, and those with losses or stalls again in time
)

// ParseLossModel returns the loss model with a name.
func ParseLossModel(name string) (LossModel, error) {
	for model, known := range []string{ByPacket: "packet", ByTime: "time", BothModels: "both"} {
		if name == known {
			return LossModel(model), nil
		}
	}
	return 0, fmt.Errorf("unknown loss model %q: must be packet, time or both", name)
}

// apply returns the profiles under a loss model. Those without losses and stalls are the same under each.
func (m LossModel) apply(profiles []Profile) (all []Profile) {
	if m != ByTime {
		all = append(all, profiles...)
	}
	for _, p := range profiles {
		in, ok := p.inTime()
		if ok && m != ByPacket || m == ByTime {
			all = append(all, in)
		}
	}
	return all
}

// inTimeMark ends the names of profiles whose losses and stalls happen in time.
const inTimeMark = "t"

// inTime returns the profile with losses and stalls in time, such that 60 INPUTs and 20 STATEs a second meet the same
// ones on average as packet by packet. It returns the profile itself and false if it has neither losses nor stalls.
func (p Profile) inTime() (Profile, bool) {
	any := false
	for seat := range p.Up {
		for _, way := range []struct {
			*netsim.Profile
			pace time.Duration
		}{{&p.Up[seat], inputEvery}, {&p.Down[seat], stateEvery}} {
			if way.Loss > 0 || way.Spike > 0 {
				way.Pace, any = way.pace, true
			}
		}
	}
	if any {
		p.Name, p.InTime = p.Name+inTimeMark, true
	}
	return p, any
}

// The paces of losses in time: 60 INPUTs and 20 STATEs a second.
const (
	inputEvery = time.Second / game.TickRate
	stateEvery = 3 * inputEvery
)

// ParseProfiles returns the profiles that a comma-separated list names; "all" names all. A name also stands for all
// profiles whose names begin with it and a point.
func ParseProfiles(list string) (found []Profile, err error) {
	all := Profiles()
	if list == "all" {
		return all, nil
	}
	for name := range strings.SplitSeq(list, ",") {
		n := len(found)
		for _, p := range all {
			if p.Name == name || strings.HasPrefix(p.Name, name+".") {
				found = append(found, p)
			}
		}
		if len(found) == n {
			return nil, fmt.Errorf("unknown profile %q: choose all, or some of %s", name, names(all))
		}
	}
	return found, nil
}

func names(all []Profile) string {
	list := make([]string, len(all))
	for i, p := range all {
		list[i] = p.Name
	}
	return strings.Join(list, ", ")
}

// acts returns the Acts before end, in order.
func (p *Profile) acts(end time.Duration) (list []Act) {
	if p.Cycle == 0 {
		return nil
	}
	for from := time.Duration(0); from < end; from += p.Cycle {
		for _, a := range p.Acts {
			if a.At += from; a.At < end {
				list = append(list, a)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Act) int { return int(a.At - b.At) })
	return list
}
