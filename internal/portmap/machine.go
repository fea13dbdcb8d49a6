package portmap

import (
	"net/netip"
	"slices"
	"time"
)

// A machine decides what a router is asked and when. It is given the answers and the time, and asks by values.
//
//	probing --first answer--> opening --all open--> open --lost, or another port--> over
//	   |                      |     ^                |  '--renewed at half, on a new epoch or address
//	   |                      '-----'                |
//	   '--no answers          next protocol          '--release--> over
//
// All protocols are asked at once what they know of the router, which changes nothing there. The ports are then opened
// by one protocol at a time, in the order of the answers: most routers have one table of mappings for all protocols, so
// that to remove those of a second protocol would remove those of the first.
type machine struct {
	wants  []Want
	random func() uint16 // a port to try instead of one that belongs to another machine

	state    State
	over     bool       // nothing more is asked
	probing  int        // asks whose answer is missing
	answered []Protocol // candidates, which have answered and have not been tried
	external [UPnP + 1]netip.Addr
	shared   bool // a protocol has said so
	taken    bool // likewise

	asking  int // asks of the current protocol, or of release, whose answer is missing
	ports   []port
	epoch   epochClock
	failed  bool   // the current protocol cannot open all
	left    []made // what could not be closed, because there was no answer
	renewed bool   // what is asked now was open before
	leaving bool
	pollAt  time.Time
	polling bool
}

// A made is a mapping that this program has made, or may have.
type made struct {
	by Protocol
	mapping
}

// A port is a Want at the router that is asked now.
type port struct {
	mapping
	open    bool // or it may be, because there was no answer
	foreign bool // it was open before, and stays
	dropped bool // it is optional, and cannot be opened
	tries   int
	renewAt time.Time // zero if the lease is without end
	until   time.Time // the end of the lease; zero likewise
}

const (
	pollEvery = time.Minute // how often a router is asked whether it still has the mappings
	mostTries = 5           // of other numbers for a port
)

func newMachine(wants []Want, own netip.Addr, random func() uint16) *machine {
	return &machine{
		wants: slices.Clone(wants), random: random, state: State{Own: own, Outside: make([]uint16, len(wants))},
	}
}

// begin asks all protocols.
func (m *machine) begin() (asks []ask) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		asks = append(asks, ask{by: p, op: probe})
	}
	m.probing = len(asks)
	return asks
}

// made returns the mappings that this machine has made, or is about to make.
func (m *machine) made() []made {
	all := slices.Clone(m.left)
	for _, p := range m.ports {
		if p.mapping != (mapping{}) && !p.foreign && (p.open || !p.dropped) {
			all = append(all, made{m.state.Protocol, p.mapping})
		}
	}
	return all
}

// take takes the answer to an ask, and returns what is asked next.
func (m *machine) take(now time.Time, a ask, r answer) []ask {
	if r.hasEpoch && a.by == m.state.Protocol && m.epoch.take(now, r.epoch) && m.state.Verdict == Mapped {
		m.renewNow(now) // it has lost all
	}
	switch a.op {
	case probe:
		return m.takeProbe(a, r)
	case poll:
		m.takePoll(now, r)
		return m.tick(now)
	case closePort:
		return m.takeClosed(now, a, r)
	case bindPort:
		return m.takeBound(now, a, r)
	}
	return m.takeOpened(now, a, r)
}

// takeProbe takes the first answer of a protocol.
func (m *machine) takeProbe(a ask, r answer) []ask {
	m.probing--
	switch {
	case m.over:
		return nil
	case r.failure == noPublic, r.failure == ok && r.external.IsValid() && !isPublic(r.external):
		m.share(r.external)
	case r.failure == ok:
		m.answered = append(m.answered, a.by)
		m.external[a.by] = r.external
	}
	return m.next()
}

// share notes that the router has no public address.
func (m *machine) share(external netip.Addr) {
	if m.shared = true; external.IsValid() && !external.IsUnspecified() {
		m.state.External = external
	}
}

// next has the next protocol open the ports, unless one is at it. If there is none, that is the end.
func (m *machine) next() (asks []ask) {
	if m.state.Protocol != None || m.over {
		return nil
	}
	if len(m.answered) == 0 || m.leaving {
		if m.probing == 0 || m.leaving {
			m.end()
		}
		return nil
	}
	m.state.Protocol, m.answered = m.answered[0], m.answered[1:]
	m.ports, m.failed, m.epoch = make([]port, len(m.wants)), false, epochClock{}
	for i, w := range m.wants {
		m.ports[i].mapping = mapping{w.UDP, w.Inside, w.Inside}
		asks = append(asks, m.open(i))
	}
	m.asking = len(asks)
	return asks
}

// end ends the machine without open ports.
func (m *machine) end() {
	m.over = true
	m.state.Protocol, m.state.Verdict = None, Closed
	if m.taken {
		m.state.Verdict = Taken
	}
	if m.shared && !slices.ContainsFunc(m.external[:], isPublic) {
		m.state.Verdict = Shared // and not only one protocol without resources
	}
	clear(m.state.Outside)
}

func (m *machine) open(i int) ask {
	return ask{by: m.state.Protocol, op: openPort, want: i, mapping: m.ports[i].mapping}
}

func (m *machine) close(i int) ask {
	return ask{by: m.state.Protocol, op: closePort, want: i, mapping: m.ports[i].mapping}
}

// takeOpened takes the answer to the request for a port.
func (m *machine) takeOpened(now time.Time, a ask, r answer) []ask {
	m.asking--
	p, w := &m.ports[a.want], m.wants[a.want]
	if r.external.IsValid() {
		m.external[a.by] = r.external
	}
	switch {
	case r.failure == ok:
		p.open, p.foreign, p.outside = true, r.foreign, r.outside
		p.renewAt, p.until = time.Time{}, time.Time{}
		if r.lease > 0 {
			p.renewAt, p.until = now.Add(r.lease/2), now.Add(r.lease)
		}
		if r.external.IsValid() && !isPublic(r.external) {
			m.share(r.external)
			m.failed = true
		} else if w.Same && r.outside != p.inside || m.renewed && r.outside != a.mapping.outside {
			m.asking++ // another number is of no use: takeClosed goes on
			return []ask{m.close(a.want)}
		}
	case r.failure == conflict && p.tries < mostTries && !m.renewed && !m.leaving && !w.Optional:
		return m.another(a.want, m.random())
	case r.failure == noAnswer && m.renewed && (p.until.IsZero() || now.Before(p.until)):
		p.renewAt = now.Add(pollEvery) // the mapping is still there, and the router may come back
	default:
		p.open = r.failure == noAnswer // it may have been opened all the same
		if p.dropped = w.Optional; !w.Optional {
			m.fail(r.failure)
		}
	}
	return m.settle(now)
}

// fail notes why the current protocol cannot open the ports.
func (m *machine) fail(why failure) {
	m.failed = true
	switch why {
	case noPublic:
		m.share(netip.Addr{})
	case conflict:
		m.taken = true
	}
}

// another asks for a port by another number.
func (m *machine) another(i int, number uint16) []ask {
	p := &m.ports[i]
	p.tries++
	m.asking++
	p.open, p.outside = false, number
	if m.wants[i].Same {
		return []ask{{op: bindPort, want: i, mapping: mapping{p.udp, number, number}}}
	}
	return []ask{m.open(i)}
}

// takeClosed goes on after a port was closed: by another number if one was wanted, or with the end.
func (m *machine) takeClosed(now time.Time, a ask, r answer) []ask {
	m.asking--
	p := &m.ports[a.want]
	if r.failure == noAnswer {
		m.left = append(m.left, made{a.by, a.mapping})
	}
	granted := p.outside
	p.open = false
	switch {
	case m.leaving || m.failed || p.dropped:
		p.mapping = mapping{}
	case m.wants[a.want].Optional:
		p.dropped = true
	case m.renewed || p.tries == mostTries:
		p.mapping, m.failed, m.taken = mapping{}, true, true
	default:
		return m.another(a.want, granted)
	}
	return m.settle(now)
}

// takeBound goes on when this machine listens on another port.
func (m *machine) takeBound(now time.Time, a ask, r answer) []ask {
	if m.asking--; r.failure == ok && !m.leaving {
		m.ports[a.want].mapping, m.wants[a.want].Inside = a.mapping, a.mapping.inside
		m.asking++
		return []ask{m.open(a.want)}
	}
	m.ports[a.want].mapping, m.failed, m.taken = mapping{}, true, true
	return m.settle(now)
}

// settle goes on when all answers of the current protocol are there.
func (m *machine) settle(now time.Time) (asks []ask) {
	if m.asking > 0 {
		return nil
	}
	if m.leaving || m.failed {
		if asks = m.releaseAll(); len(asks) > 0 {
			return asks
		}
		was := m.state.Verdict
		m.ports, m.state.Protocol = nil, None
		if m.leaving || was == Mapped { // a new machine starts from the beginning
			m.end()
			return nil
		}
		return m.next()
	}
	ip := m.external[m.state.Protocol]
	if !isPublic(ip) { // or none, which no protocol leaves out
		m.share(ip)
		m.failed = true
		return m.settle(now)
	}
	m.state.Verdict, m.state.External = Mapped, ip
	for i, p := range m.ports {
		m.state.Outside[i] = p.outside
		if !p.open || p.dropped {
			m.state.Outside[i] = 0
		}
	}
	m.pollAt = now.Add(pollEvery)
	return nil
}

// releaseAll closes the ports that this machine has made.
func (m *machine) releaseAll() (asks []ask) {
	for i, p := range m.ports {
		if p.open && !p.foreign {
			asks = append(asks, m.close(i))
		}
	}
	m.asking = len(asks)
	return asks
}

// renewNow has all ports asked for again.
func (m *machine) renewNow(now time.Time) {
	for i := range m.ports {
		if m.ports[i].open {
			m.ports[i].renewAt = now
		}
	}
}

// renewAt returns when the first port is to be asked for again; zero if none is.
func (m *machine) renewAt() (at time.Time) {
	for _, p := range m.ports {
		if p.open && !p.renewAt.IsZero() && (at.IsZero() || p.renewAt.Before(at)) {
			at = p.renewAt
		}
	}
	return at
}

// takePoll takes the answer of a router to whether it still has the mappings.
func (m *machine) takePoll(now time.Time, r answer) {
	m.polling, m.pollAt = false, now.Add(pollEvery)
	changed := r.failure == ok && r.external.IsValid() && r.external != m.state.External
	if r.failure == lost || changed {
		m.renewNow(now)
	}
	if changed {
		m.external[m.state.Protocol] = r.external
	}
}

// tick returns what is asked because of the time.
func (m *machine) tick(now time.Time) (asks []ask) {
	if m.over || m.leaving || m.state.Verdict != Mapped || m.asking > 0 {
		return nil
	}
	if ip := m.external[m.state.Protocol]; !isPublic(ip) {
		m.share(ip)
		m.failed = true
		return m.settle(now)
	}
	if at := m.renewAt(); !at.IsZero() && !now.Before(at) {
		m.renewed = true
		for i, p := range m.ports {
			if p.open {
				asks = append(asks, m.open(i))
			}
		}
		m.asking = len(asks)
		return asks
	}
	if !now.Before(m.pollAt) && !m.polling {
		m.polling = true
		a := ask{by: m.state.Protocol, op: poll}
		for _, p := range m.ports {
			if p.open && !p.dropped {
				a.mappings = append(a.mappings, p.mapping)
			}
		}
		return []ask{a}
	}
	return nil
}

// due returns when tick is to be called next; zero if it need not be.
func (m *machine) due() (at time.Time) {
	if m.over || m.leaving || m.state.Verdict != Mapped || m.asking > 0 {
		return at
	}
	if at = m.renewAt(); !m.polling && (at.IsZero() || m.pollAt.Before(at)) {
		at = m.pollAt
	}
	return at
}

// release closes everything that this machine has made. It is over when the answers are there.
func (m *machine) release(now time.Time) []ask {
	m.leaving = true
	if m.over || m.state.Protocol == None {
		m.end()
		return nil
	}
	return m.settle(now)
}

// snapshot returns the state for others.
func (m *machine) snapshot() State {
	s := m.state
	if s.Outside = slices.Clone(s.Outside); s.Verdict != Mapped {
		clear(s.Outside)
	}
	return s
}
