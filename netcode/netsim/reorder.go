package netsim

import (
	"slices"
	"time"
)

const (
	overtakersMost = 3
	heldAtMost     = 100 * time.Millisecond
)

// A heldPacket is out of the order. It arrives together with the last of the next few packets, just
// behind it, or at packet.at when so many do not come in time.
//
// Counting packets instead of adding a delay makes Profile.Reorder the share of packets that really
// are overtaken, whatever the rate of sending and the jitter.
type heldPacket struct {
	packet
	overtakers int // still to come
	overtaken  bool
}

func (l *Link) hold(p packet) {
	p.at += heldAtMost
	l.held = append(l.held, heldPacket{packet: p, overtakers: 1 + int(l.dice.below(rollOvertakers, overtakersMost))})
}

// overtake tells the held packets that a later one arrives at the given time, and releases those
// that have waited for it.
func (l *Link) overtake(at time.Duration) {
	for i := 0; i < len(l.held); {
		h := &l.held[i]
		if h.at < at {
			i++ // it is there before
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

// inOrder is what earliest returns in place of the index of a held packet.
const inOrder = -1

// earliest finds the packet that arrives next: a held one by its index, or the first one in order.
// Of two that arrive together the one in order is first, as it is the one that overtakes.
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
