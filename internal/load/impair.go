package load

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pong/netcode/netsim"
)

// ParseImpair parses a network to simulate in each direction: "delay=20ms,jitter=5ms,loss=5%,burst=2,pace=50ms".
func ParseImpair(spec string) (p netsim.Profile, err error) {
	for part := range strings.SplitSeq(spec, ",") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "delay":
			p.Delay, err = time.ParseDuration(value)
		case "jitter":
			p.Jitter, err = time.ParseDuration(value)
		case "loss":
			p.Loss, err = share(value)
		case "reorder":
			p.Reorder, err = share(value)
		case "duplicate":
			p.Duplicate, err = share(value)
		case "pace":
			p.Pace, err = time.ParseDuration(value)
		case "burst":
			p.Burst, err = strconv.ParseFloat(value, 64)
		default:
			return p, fmt.Errorf("%q: must be delay=20ms, jitter=5ms, loss=5%%, burst=2, pace=50ms, "+
				"reorder=1%% or duplicate=1%%, separated by commas", part)
		}
		if err != nil {
			return p, fmt.Errorf("%s %q: must be like delay=20ms, jitter=5ms, loss=5%% or burst=2", name, value)
		}
	}
	return p, p.Validate()
}

func share(text string) (float64, error) {
	digits, percent := strings.CutSuffix(text, "%")
	x, err := strconv.ParseFloat(digits, 64)
	if percent {
		x /= 100
	}
	return x, err
}

// An impairment is a simulated bad network between the crowd and the transport. It has two links for each player, and
// finds those that have a datagram due with a timer wheel.
type impairment struct {
	epoch    time.Time
	up, down netsim.Profile
	links    []scheduledLink    // of player i: up at 2i, down at 2i+1
	slots    [slotCount][]int32 // the timer wheel: links by the slot in which they are due, modulo slotCount
	current  int                // slots that have passed

	send    func(i int, datagram []byte)
	deliver func(at time.Duration, datagram []byte)
}

// A scheduledLink is a simulated link, and its place on the timer wheel.
type scheduledLink struct {
	*netsim.Link
	last time.Duration // time of the last Send
	slot int           // in which it is due; 0: none. Entries of the link in other slots are out of date.
}

const (
	slotWidth = time.Millisecond
	slotCount = 4096 // a link with a datagram that takes longer than 4 s is visited early and scheduled again
)

// add creates the links of the next player.
func (m *impairment) add() {
	for _, p := range []netsim.Profile{m.up, m.down} {
		m.links = append(m.links, scheduledLink{Link: netsim.NewLink(p, uint64(len(m.links))+1)})
	}
}

func (m *impairment) sendUp(now time.Duration, i int, datagram []byte) { m.put(now, 2*i, datagram) }

func (m *impairment) deliverDown(at time.Duration, i int, datagram []byte) {
	m.put(at, 2*i+1, datagram)
}

func (m *impairment) put(at time.Duration, link int, datagram []byte) {
	l := &m.links[link]
	l.last = max(l.last, at) // a link's time must not go back
	l.Send(m.epoch.Add(l.last), datagram)
	m.schedule(link)
}

// schedule puts a link into the slot in which its next datagram is due.
func (m *impairment) schedule(link int) {
	l := &m.links[link]
	next, ok := l.Next()
	if !ok {
		return
	}
	at := int((next.Sub(m.epoch) + slotWidth - 1) / slotWidth)
	at = min(max(at, m.current+1), m.current+slotCount-1)
	if l.slot == 0 || at < l.slot {
		l.slot = at
		m.slots[at%slotCount] = append(m.slots[at%slotCount], int32(link))
	}
}

// advance delivers the datagrams that are due.
func (m *impairment) advance(now time.Duration) {
	for time.Duration(m.current+1)*slotWidth <= now {
		m.current++
		at := m.current % slotCount
		due := m.slots[at]
		m.slots[at] = due[len(due):]
		for _, link := range due {
			if l := &m.links[link]; l.slot == m.current {
				l.slot = 0
				m.pass(int(link))
				m.schedule(int(link))
			}
		}
		m.slots[at] = due[:0] // schedule never adds to the current slot
	}
}

// pass delivers the datagrams of a link that are due.
func (m *impairment) pass(link int) {
	for {
		data, at, ok := m.links[link].Receive(m.epoch.Add(time.Duration(m.current) * slotWidth))
		switch {
		case !ok:
			return
		case link%2 == 0:
			m.send(link/2, data)
		default:
			m.deliver(at.Sub(m.epoch), data)
		}
	}
}
