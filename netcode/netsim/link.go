// Package netsim is a bad network you can switch on.
//
// A game that is tried only on one desk works only there. Package netsim simulates the other networks - Wi-Fi that
// stalls, links across an ocean, phones in trains - from a description and a seed, so that a test can repeat faults
// that come and go in real life.
//
// A [Profile] describes one direction: delay, jitter, spikes, loss in bursts, reordering, duplicates, corruption, a
// bottleneck with its queue, and outages. The zero Profile is a perfect link. Each direction has a Profile of its own.
//
// The simulated link comes in three forms; use the first one that does the job.
//
//   - [Link] is one direction, stepped by hand in virtual time. It has no goroutine, no lock and no clock: the caller
//     passes the time. Ten minutes of play pass in a fraction of a second, and the same seed and the same calls give
//     the same bytes at the same nanosecond on every machine.
//   - [Pipe] gives two connected [PacketConn]s, for code that wants a net.PacketConn and for tests
//     in a testing/synctest bubble, where time is virtual as well.
//   - [Relay] stands between real programs with real sockets, which need no change.
//
// # The path of a packet
//
// Each packet passes the same stages in the same order, and [Stats] counts a dropped packet under one reason only:
//
//	Send -> outage? -> bottleneck and its queue -> lost? -> damaged? -> delay, jitter, spike -> held back? -> Receive
//	                                                    \-> a second copy? -> delay, jitter ------------/
//
// A link keeps packets in order, as nearly every real path does: a packet that would overtake the one before it,
// because of jitter or a spike, arrives together with that one instead. Only Profile.Reorder changes the order.
// (Linux's netem differs: there jitter alone reorders.)
//
// # Losses packet by packet or in time
//
// Losses in bursts are those of Gilbert ("Capacity of a Burst-Noise Channel", 1960) and Elliott ("Estimates of Error
// Rates for Codes on Burst-Noise Channels", 1963): a line that is good and bad in turn. Without Profile.Pace the state
// changes from packet to packet. A program that sends more packets then meets shorter bursts, and could mend a bad
// network by sending everything twice. With a Pace the state changes in time, and stalls begin at random moments.
//
// # Seeds
//
// Every decision has its own stream of random numbers, indexed by the packet's number, or with a Pace by that of the
// spell or stall. So the same packets are lost when jitter or duplicates are switched on, and two runs that differ in
// one setting differ only in its effect.
package netsim

import "time"

// bytesInFlight bounds the memory of a link: a packet that does not fit is a queue drop.
const bytesInFlight = 4 << 20

// A Link is one direction of a bad network in virtual time. Send puts packets in, Receive takes out those that are
// due, and Next returns when the next one is. A Link starts no goroutine and reads no clock; the times passed to it
// must not run backwards. It is not safe for concurrent use.
//
// It holds at most about 4 MiB in flight, headers included.
type Link struct {
	profile Profile
	dice    dice
	loss    gilbert // if losses happen packet by packet
	spells  spells  // if they happen in time
	stalls  stalls

	started bool
	start   time.Time     // of the first Send; the times below count from it
	busy    time.Duration // when the bottleneck will have sent everything
	last    time.Duration // arrival of the newest packet in order
	bytes   int           // in flight, with headers

	queue fifo         // in order of arrival
	held  []heldPacket // out of order: each waits to be overtaken

	free  [][]byte // buffers to be reused
	lent  []byte   // the buffer that the last Receive returned
	stats Stats
}

// NewLink returns a link with the given profile. Links with the same profile and seed that get the same calls do the
// same. NewLink does not call [Profile.Validate]; numbers that Validate refuses do no harm but have no meaning.
func NewLink(p Profile, seed uint64) *Link {
	l := &Link{dice: newDice(seed)}
	l.Set(p)
	return l
}

// Set changes the profile. Packets in flight keep their arrival times, and later ones stay behind them: if the delay
// falls, they arrive together with the last of the old ones.
func (l *Link) Set(p Profile) {
	l.profile = p
	l.loss.set(p.Loss, p.Burst)
	l.spells.set(p.Loss, p.Burst, p.Pace)
	l.stalls.set(p.Spike, p.SpikeDelay, p.Pace)
}

// Send puts a packet in at the time now. It copies the bytes.
func (l *Link) Send(now time.Time, data []byte) {
	t := l.since(now)
	l.stats.Sent++
	l.dice.next()
	lost := l.loses(t) // for every packet, so that losses depend on nothing else

	if l.inOutage(t) {
		l.stats.OutageDrops++
		return
	}
	out, ok := l.bottleneck(t, len(data))
	if !ok {
		l.stats.QueueDrops++
		return
	}
	if lost {
		l.stats.Lost++
		return
	}
	original := l.pack(t, max(l.last, out+l.transit(rollJitter)+l.spike(out)), data)
	l.damage(original.data)
	if l.dice.chance(rollReorder, l.profile.Reorder) {
		l.hold(original)
	} else {
		l.deliver(original)
		l.overtake(original.at)
	}
	if l.dice.chance(rollDuplicate, l.profile.Duplicate) {
		l.stats.Duplicated++
		l.deliver(l.pack(t, max(l.last, out+l.transit(rollCopyJitter)), data))
	}
}

// Receive returns the next packet that is due at or before now, and the time of its arrival. Call it until ok is
// false; packets come out in order of arrival. The bytes are valid until the next call of Receive.
func (l *Link) Receive(now time.Time) (data []byte, at time.Time, ok bool) {
	if l.lent != nil {
		l.free, l.lent = append(l.free, l.lent), nil
	}
	i, due, ok := l.earliest()
	if !ok || due > now.Sub(l.start) {
		return nil, time.Time{}, false
	}
	var p packet
	if i == inOrder {
		p = l.queue.pop()
	} else {
		p = l.release(i)
	}
	l.lent = p.data
	l.bytes -= len(p.data) + headerBytes
	l.stats.deliver(p.at - p.sent)
	return p.data, l.start.Add(p.at), true
}

// Next returns when the next packet arrives; ok is false if none is in flight. A later Send can make that time earlier
// only if Profile.Reorder is in use.
func (l *Link) Next() (at time.Time, ok bool) {
	_, due, ok := l.earliest()
	if !ok {
		return time.Time{}, false
	}
	return l.start.Add(due), true
}

// Stats returns the counts so far.
func (l *Link) Stats() Stats {
	s := l.stats
	s.InFlight = l.queue.len() + len(l.held)
	return s
}

func (l *Link) since(now time.Time) time.Duration {
	if !l.started {
		l.started, l.start = true, now
	}
	return now.Sub(l.start)
}

func (l *Link) pack(sent, at time.Duration, data []byte) packet {
	var buffer []byte
	if n := len(l.free); n > 0 {
		buffer, l.free = l.free[n-1], l.free[:n-1]
	}
	l.bytes += len(data) + headerBytes
	return packet{sent: sent, at: at, data: append(buffer[:0], data...)}
}

// deliver puts a packet behind all others that are in order.
func (l *Link) deliver(p packet) {
	l.last = p.at
	l.queue.push(p)
}
