package netsim

import (
	"slices"
	"time"
)

const (
	overtakersMost = 3
	heldAtMost     = 100 * time.Millisecond
)

// A heldPacket is out of order. It arrives just behind the last of the next few packets, or at packet.at if they do
// not come in time.
//
// Because packets are counted and no delay is added, Profile.Reorder is the share of packets that are really
// overtaken, at any sending rate and jitter.
type heldPacket struct {
	packet
	overtakers int // still to come
	overtaken  bool
}

func (l *Link) hold(p packet) {
	p.at += heldAtMost
	l.held = append(l.held, heldPacket{packet: p, overtakers: 1 + int(l.dice.below(rollOvertakers, overtakersMost))})
}

// overtake counts a packet that arrives at the given time for each held packet that it overtakes, and releases those
// that have been overtaken often enough.
func (l *Link) overtake(at time.Duration) {
	for i := 0; i < len(l.held); {
		h := &l.held[i]
		if h.at < at {
			i++ // it arrives before
			continue
		}
		if !h.overtaken {
			h.overtaken = true
			l.stats.Reordered++
		}
		h.overtakers--
		if h.overtakers > 0 {
			i++
			continue
		}
		p := l.release(i)
		p.at = at
		l.queue.push(p)
	}
}

func (l *Link) release(i int) packet {
	p := l.held[i].packet
	l.held = slices.Delete(l.held, i, i+1)
	return p
}

// inOrder is what earliest returns instead of the index of a held packet.
const inOrder = -1

// earliest finds the packet that arrives next: a held one by its index, or the first one in order. If two arrive at
// the same time, the one in order is first, because it overtakes the other.
func (l *Link) earliest() (held int, at time.Duration, ok bool) {
	held = inOrder
	if l.queue.len() > 0 {
		at, ok = l.queue.first().at, true
	}
	for i := range l.held {
		if !ok || l.held[i].at < at {
			held, at, ok = i, l.held[i].at, true
		}
	}
	return held, at, ok
}
