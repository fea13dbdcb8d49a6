package portmap

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"slices"
	"sync"
	"time"

	"pong/internal/crash"
)

// Config is what a Mapper is to do.
type Config struct {
	Wants []Want

	// Own is the IPv4 address on which this machine listens. If invalid, it listens on all.
	Own netip.Addr

	// Note is the folder of the note by which a process after this one, if it was killed, removes the mappings. If
	// empty, there is none.
	Note string

	// Bind listens on another port for a Want, instead of its Inside, and reports whether it can. If nil, it cannot.
	Bind func(want int, port uint16) bool

	// Changed is called when the State has changed, by one goroutine. May be nil.
	Changed func(State)

	network network // of tests
}

// A network is where the router is.
type network struct {
	gateway func() (netip.Addr, bool)
	portPCP uint16
	search  []netip.AddrPort // of SSDP
	within  time.Duration    // how long an answer is waited for
}

// The times of a Mapper.
const (
	againAfter  = 10 * time.Minute // a router that opens no ports is asked again
	lostAfter   = 5 * time.Second  // likewise one that has lost what it had opened
	closeWithin = 3 * time.Second  // the router has to close the ports when the process ends
)

// A Mapper keeps ports open at the router until Close.
type Mapper struct {
	cfg   Config
	nonce nonce
	note  *note
	kept  []noted // of processes before this one, at other routers

	cancel context.CancelFunc
	ended  chan struct{}
	first  chan struct{} // closed with the first verdict

	mu    sync.Mutex // guards state
	state State
}

// Start asks the router of this network to open ports. It does not wait.
func Start(cfg Config) *Mapper {
	cfg.Wants = slices.Clone(cfg.Wants)
	ctx, cancel := context.WithCancel(context.Background())
	m := &Mapper{cfg: cfg, cancel: cancel, ended: make(chan struct{}), first: make(chan struct{})}
	_, _ = rand.Read(m.nonce[:]) // never fails: see crypto/rand
	m.state.Outside = make([]uint16, len(cfg.Wants))
	go crash.Guarded(func() {
		defer close(m.ended)
		m.run(ctx)
	})()
	return m
}

// State returns what is known of the ports.
func (m *Mapper) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state
}

// Answered is closed when the router has answered, or no answer is waited for any more.
func (m *Mapper) Answered() <-chan struct{} { return m.first }

// Close has the router close the ports, and waits for that, but not long.
func (m *Mapper) Close() {
	m.cancel()
	<-m.ended
}

func (m *Mapper) set(s State) {
	m.mu.Lock()
	before := m.state
	if s.Verdict == Asking && before.Verdict != Mapped {
		s.Verdict = before.Verdict // until there is another one
	}
	m.state = s
	m.mu.Unlock()
	changed := s.Verdict != before.Verdict || s.Protocol != before.Protocol || s.External != before.External ||
		s.Own != before.Own || !slices.Equal(s.Outside, before.Outside)
	if changed && m.cfg.Changed != nil {
		m.cfg.Changed(s)
	}
	if s.Verdict != Asking {
		select {
		case <-m.first:
		default:
			close(m.first)
		}
	}
}

func (m *Mapper) run(ctx context.Context) {
	m.note, m.kept = openNote(m.cfg.Note)
	defer m.note.close()
	for ctx.Err() == nil {
		wait := againAfter
		if m.round(ctx) {
			wait = lostAfter
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// A round is what is done with one router.
type round struct {
	*Mapper
	own, gateway netip.Addr
	upnp         *upnpRouter
	machine      *machine
	answers      chan answered
	asking       int
}

type answered struct {
	ask
	answer
}

// round asks the router of this network, and keeps the ports open as long as it can. It returns true if they were open.
func (m *Mapper) round(ctx context.Context) (wasOpen bool) {
	gateway, found := m.gateway()
	own := m.cfg.Own
	if found && !own.IsValid() {
		own, found = ownTowards(gateway)
	}
	if !found {
		m.set(State{Verdict: Closed, Outside: make([]uint16, len(m.cfg.Wants))})
		return false
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	r := &round{
		Mapper: m, own: own, gateway: gateway, upnp: newUPnP(own, gateway, m.searchAt(gateway), m.within()),
		answers: make(chan answered), machine: newMachine(m.cfg.Wants, own, randomPort),
	}
	m.set(r.machine.snapshot())
	r.removeKept(working)
	return r.loop(ctx, working)
}

func (m *Mapper) gateway() (netip.Addr, bool) {
	if m.cfg.network.gateway != nil {
		return m.cfg.network.gateway()
	}
	return defaultGateway()
}

// searchAt returns where UPnP devices are searched for.
func (m *Mapper) searchAt(gateway netip.Addr) []netip.AddrPort {
	if m.cfg.network.search != nil {
		return m.cfg.network.search
	}
	return []netip.AddrPort{multicastSSDP, netip.AddrPortFrom(gateway, portSSDP)}
}

// within returns how long an answer is waited for.
func (m *Mapper) within() time.Duration {
	if m.cfg.network.within != 0 {
		return m.cfg.network.within
	}
	return answerWithin
}

// randomPort returns a port of the range that systems and routers give to no service.
func randomPort() uint16 {
	var b [2]byte
	_, _ = rand.Read(b[:])
	return 49152 + binary.BigEndian.Uint16(b[:])%16384
}

// loop runs the machine until it is over, or the network is another one. Once ctx is done it closes the ports, for as
// long as closeWithin.
func (r *round) loop(ctx, working context.Context) (wasOpen bool) {
	r.start(working, r.machine.begin())
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	ended, late := ctx.Done(), (<-chan time.Time)(nil)
	for !r.machine.over {
		now := time.Now()
		timer.Reset(time.Hour)
		if due := r.machine.due(); !due.IsZero() {
			timer.Reset(max(0, due.Sub(now)))
		}
		select {
		case a := <-r.answers:
			r.asking--
			r.start(working, r.machine.take(time.Now(), a.ask, a.answer))
		case <-timer.C:
			if gateway, found := r.gatewayNow(); found && gateway != r.gateway {
				r.kept = append(r.kept, r.made()...) // for a process that comes back to this network
				return true
			}
			r.start(working, r.machine.tick(time.Now()))
		case <-ended:
			ended, late = nil, time.After(max(closeWithin, r.within()))
			r.start(working, r.machine.release(time.Now()))
		case <-late:
			r.write()
			return true
		}
		s := r.machine.snapshot()
		wasOpen = wasOpen || s.Verdict == Mapped
		if wasOpen && r.machine.over && ctx.Err() == nil && s.Verdict != Shared {
			s.Verdict = Asking // the next round asks at once
		}
		if ctx.Err() == nil {
			r.set(s)
		}
		r.write()
	}
	return wasOpen
}

// gatewayNow returns the router of the network that this machine is in now.
func (r *round) gatewayNow() (netip.Addr, bool) { return r.Mapper.gateway() }

// start asks what the machine wants. The note has the mappings before they are asked for.
func (r *round) start(ctx context.Context, asks []ask) {
	r.write()
	for _, a := range asks {
		r.asking++
		go crash.Guarded(func() {
			result := answered{a, r.do(ctx, a)}
			select {
			case r.answers <- result:
			case <-ctx.Done():
			}
		})()
	}
}

// do asks the router, or has the program listen on another port.
func (r *round) do(ctx context.Context, a ask) answer {
	if a.op == bindPort {
		if r.cfg.Bind == nil || !r.cfg.Bind(a.want, a.mapping.inside) {
			return answer{failure: refused}
		}
		return answer{}
	}
	switch a.by {
	case PCP:
		return r.pcp(ctx, r.own, a, r.nonce)
	case NATPMP:
		return exchange(ctx, r.own, r.toPCP(), r.within(), appendNATPMP(a), func(packet []byte) (answer, bool) {
			return parseNATPMP(packet, a)
		})
	}
	return r.upnp.do(ctx, a)
}

func (r *round) pcp(ctx context.Context, own netip.Addr, a ask, n nonce) answer {
	return exchange(ctx, own, r.toPCP(), r.within(), appendPCP(a, own, n), func(packet []byte) (answer, bool) {
		return parsePCP(packet, a, n)
	})
}

// toPCP returns where the router answers PCP and NAT-PMP.
func (r *round) toPCP() netip.AddrPort {
	if port := r.cfg.network.portPCP; port != 0 {
		return netip.AddrPortFrom(r.gateway, port)
	}
	return netip.AddrPortFrom(r.gateway, portPCP)
}

// made returns the mappings of this process for the note.
func (r *round) made() (all []noted) {
	for _, m := range r.machine.made() {
		n := noted{
			Protocol: m.by.String(), Gateway: r.gateway, Own: r.own,
			UDP: m.udp, Inside: m.inside, Outside: m.outside,
		}
		switch m.by {
		case PCP:
			n.Nonce = hex.EncodeToString(r.nonce[:])
		case UPnP:
			s := r.upnp.current()
			n.Service, n.Control = s.Type, s.Control
		}
		all = append(all, n)
	}
	return all
}

func (r *round) write() { r.note.write(append(slices.Clone(r.kept), r.made()...)) }

// removeKept removes what processes before this one have left at this router.
func (r *round) removeKept(ctx context.Context) {
	var work sync.WaitGroup
	var mu sync.Mutex // guards still
	var still []noted
	for _, n := range r.kept {
		work.Go(crash.Guarded(func() {
			if n.Gateway != r.gateway || r.remove(ctx, n).failure == noAnswer {
				mu.Lock()
				defer mu.Unlock()
				still = append(still, n)
			}
		}))
	}
	work.Wait()
	r.kept = still[max(0, len(still)-mostKept):]
}

// mostKept is how many mappings at other routers are kept in the note.
const mostKept = 64

func (r *round) remove(ctx context.Context, n noted) answer {
	a := ask{by: n.protocol(), op: closePort, mapping: mapping{n.UDP, n.Inside, n.Outside}}
	switch a.by {
	case PCP:
		if n.Own != r.own {
			return answer{} // it was of another address, and the router would refuse
		}
		return r.pcp(ctx, n.Own, a, n.nonce())
	case UPnP:
		old := newUPnP(r.own, r.gateway, r.searchAt(r.gateway), r.within())
		old.service, old.target = service{n.Service, n.Control}, n.Own
		result := old.do(ctx, a)
		if result.failure == noAnswer && old.find(ctx).failure == ok { // it may serve at another port now
			result = old.do(ctx, a)
		}
		return result
	}
	if n.Own != r.own {
		return answer{}
	}
	return r.do(ctx, a)
}
