package portmap

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

var (
	public  = netip.MustParseAddr("203.0.113.7")
	behind  = netip.MustParseAddr("100.64.3.4")
	own     = netip.MustParseAddr("192.168.1.20")
	started = time.Unix(1_000_000, 0)
)

// standardWants are those of a server.
func standardWants() []Want {
	return []Want{
		{Inside: 5555}, {UDP: true, Inside: 5556, Same: true}, {UDP: true, Inside: 5555, Same: true, Optional: true},
	}
}

// A madeUpRouter answers asks. It has one table for all protocols, as most routers do.
type madeUpRouter struct {
	external netip.Addr
	speaks   []Protocol           // others get no answer
	fails    map[Protocol]failure // of openPort
	bound    time.Time            // when the router started, for the epoch
	lease    time.Duration
	others   map[mapping]bool // by UDP and port outside: those of other machines
	table    map[mapping]Protocol
	grants   map[uint16]uint16 // another port outside than was asked for
	log      []ask
	deaf     bool
	unbound  bool // this machine cannot listen on another port
	foreign  map[mapping]bool
}

func newMadeUpRouter(speaks ...Protocol) *madeUpRouter {
	return &madeUpRouter{
		external: public, speaks: speaks, bound: started.Add(-time.Hour), lease: time.Hour,
		table: map[mapping]Protocol{}, others: map[mapping]bool{}, foreign: map[mapping]bool{},
	}
}

func outsideOf(m mapping) mapping { return mapping{udp: m.udp, outside: m.outside} }

func (r *madeUpRouter) answer(now time.Time, a ask) answer {
	r.log = append(r.log, a)
	if a.op == bindPort {
		if r.unbound {
			return answer{failure: refused}
		}
		return answer{}
	}
	if r.deaf || !slices.Contains(r.speaks, a.by) {
		return answer{failure: noAnswer}
	}
	result := answer{external: r.external}
	if a.by != UPnP {
		result.epoch, result.hasEpoch = uint32(now.Sub(r.bound)/time.Second), true
	}
	if a.by == PCP && a.op != openPort {
		result.external = netip.Addr{}
	}
	switch a.op {
	case poll:
		for _, m := range a.mappings {
			if _, there := r.table[m]; !there && a.by == UPnP {
				result.failure = lost
			}
		}
	case openPort:
		m := a.mapping
		if f := r.fails[a.by]; f != ok {
			return answer{failure: f, epoch: result.epoch, hasEpoch: result.hasEpoch}
		}
		if other, is := r.grants[m.outside]; is {
			m.outside = other
		}
		if r.others[outsideOf(m)] {
			if a.by == UPnP {
				return answer{failure: conflict}
			}
			for r.others[outsideOf(m)] {
				m.outside++
			}
		}
		r.table[m] = a.by
		result.outside, result.lease = m.outside, r.lease
		result.foreign = r.foreign[outsideOf(m)]
	case closePort:
		if a.by == NATPMP { // by the port inside
			for m := range r.table {
				if m.udp == a.mapping.udp && m.inside == a.mapping.inside {
					delete(r.table, m)
				}
			}
		}
		delete(r.table, a.mapping)
	}
	return result
}

// drive answers all asks.
func (r *madeUpRouter) drive(now time.Time, m *machine, asks []ask) {
	for len(asks) > 0 {
		next := m.take(now, asks[0], r.answer(now, asks[0]))
		asks = append(asks[1:], next...)
	}
}

func (r *madeUpRouter) start() *machine {
	m := newMachine(standardWants(), own, func() uint16 { return 50000 })
	r.drive(started, m, m.begin())
	return m
}

func (r *madeUpRouter) want(t *testing.T, what string, mappings ...mapping) {
	t.Helper()
	if len(r.table) != len(mappings) {
		t.Errorf("%s: the router has %v, want %v", what, r.table, mappings)
	}
	for _, m := range mappings {
		if _, there := r.table[m]; !there {
			t.Errorf("%s: the router has %v, want %v", what, r.table, mappings)
		}
	}
}

// The mappings of standardWants.
var (
	mappedTCP   = mapping{false, 5555, 5555}
	mappedGame  = mapping{true, 5556, 5556}
	mappedHTTP3 = mapping{true, 5555, 5555}
)

// TestMachine_OpensByEachProtocol and closes what it has opened.
func TestMachine_OpensByEachProtocol(t *testing.T) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		r := newMadeUpRouter(p)
		m := r.start()
		s := m.snapshot()
		all := slices.Equal(s.Outside, []uint16{5555, 5556, 5555})
		if s.Verdict != Mapped || s.Protocol != p || s.External != public || !all {
			t.Errorf("%v: %+v, want all ports open", p, s)
		}
		r.want(t, p.String(), mappedTCP, mappedGame, mappedHTTP3)
		if made := m.made(); len(made) != 3 {
			t.Errorf("%v: the note has %v, want three mappings", p, made)
		}
		r.drive(started, m, m.release(started))
		if r.want(t, p.String()+", released"); !m.over || len(m.made()) > 0 {
			t.Errorf("%v: after the release it is over: %v, with %v left", p, m.over, m.made())
		}
	}
}

// TestMachine_OneProtocolOpens although the router speaks all: a second one would share the table, and its release
// would remove what the first has opened.
func TestMachine_OneProtocolOpens(t *testing.T) {
	r := newMadeUpRouter(PCP, NATPMP, UPnP)
	m := r.start()
	for _, a := range r.log {
		if a.op != probe && a.by != PCP {
			t.Errorf("%v is asked for %v, want it only of PCP", a.by, a.op)
		}
	}
	if s := m.snapshot(); s.Verdict != Mapped || s.Protocol != PCP {
		t.Errorf("got %+v, want the ports open by PCP", s)
	}
	r.want(t, "of one protocol", mappedTCP, mappedGame, mappedHTTP3)
}

// TestMachine_NextProtocolAfterOneThatFails: what the first has opened is closed before.
func TestMachine_NextProtocolAfterOneThatFails(t *testing.T) {
	for _, why := range []failure{refused, conflict, noPublic, noAnswer} {
		r := newMadeUpRouter(PCP, UPnP)
		r.fails = map[Protocol]failure{PCP: why}
		m := r.start()
		if s := m.snapshot(); s.Verdict != Mapped || s.Protocol != UPnP {
			t.Errorf("after the failure %d of PCP: %+v, want the ports open by UPnP", why, s)
		}
		game := m.wants[1].Inside // of a machine that listens elsewhere after a conflict
		r.want(t, "by UPnP", mappedTCP, mapping{true, game, game}, mappedHTTP3)
	}
}

// TestMachine_OtherNumberForAShard: players are told one number, so this machine listens on the one that is granted.
// The control port can have another number.
func TestMachine_OtherNumberForAShard(t *testing.T) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		r := newMadeUpRouter(p)
		theirs := []mapping{{udp: true, outside: 5556}, {outside: 5555}, {udp: true, outside: 5555}}
		for _, m := range theirs {
			r.others[m] = true
		}
		m := r.start()
		s := m.snapshot()
		control, game, http3 := s.Outside[0], s.Outside[1], s.Outside[2]
		if s.Verdict != Mapped || control == 5555 || control == 0 || game != m.wants[1].Inside || http3 != 0 {
			t.Errorf("%v: %+v with %+v, want another control port, the same number for the shard, and no HTTP/3", p, s,
				m.wants)
		}
		r.want(t, "beside another machine's", mapping{false, 5555, control}, mapping{true, game, game})
		r.drive(started, m, m.release(started))
		if r.want(t, "released"); len(r.others) != len(theirs) {
			t.Errorf("%v: the mappings of the other machine are %v, want %v", p, r.others, theirs)
		}
		for _, a := range r.log {
			if a.op == closePort && slices.Contains(theirs, outsideOf(a.mapping)) {
				t.Errorf("%v: the mapping %v of another machine is removed", p, a.mapping)
			}
		}
	}
}

// TestMachine_TriesFewNumbers for a shard, and leaves nothing at the router if none is granted.
func TestMachine_TriesFewNumbers(t *testing.T) {
	for name, change := range map[string]func(*madeUpRouter){
		"a router that always grants another port": func(r *madeUpRouter) {
			r.grants = map[uint16]uint16{}
			for port := uint16(5556); port < 6000; port++ {
				r.grants[port] = port + 1
			}
		},
		"a machine that cannot listen on another port": func(r *madeUpRouter) {
			r.others[mapping{udp: true, outside: 5556}], r.unbound = true, true
		},
	} {
		r := newMadeUpRouter(NATPMP)
		change(r)
		m := r.start()
		binds := 0
		for _, a := range r.log {
			if a.op == bindPort {
				binds++
			}
		}
		if s := m.snapshot(); s.Verdict != Taken || !m.over || binds > mostTries || binds == 0 {
			t.Errorf("%s: %+v after %d other ports, want Taken after 1 to %d", name, s, binds, mostTries)
		}
		r.want(t, name)
	}
}

// TestMachine_RouterWithoutAPublicAddress is called that, whatever the protocol says.
func TestMachine_RouterWithoutAPublicAddress(t *testing.T) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		for _, ip := range []string{"100.64.3.4", "192.168.0.2", "10.1.2.3", "172.16.9.9", "192.0.0.2"} {
			r := newMadeUpRouter(p)
			r.external = netip.MustParseAddr(ip)
			m := r.start()
			if s := m.snapshot(); s.Verdict != Shared || s.External != r.external {
				t.Errorf("%v with the address %s: %+v, want Shared", p, ip, s)
			}
			r.want(t, "behind "+ip)
		}
		r := newMadeUpRouter(p)
		r.fails = map[Protocol]failure{p: noPublic}
		if p == PCP { // which has no other way to name its address
			if s := r.start().snapshot(); s.Verdict != Shared {
				t.Errorf("%v that says so: %+v, want Shared", p, s)
			}
		}
		if s := newMadeUpRouter().start().snapshot(); s.Verdict != Closed {
			t.Errorf("without any answer: %+v, want Closed", s)
		}
	}
}

// TestMachine_RenewsAtHalf of the lease that was granted, and ends when the lease has ended without an answer.
func TestMachine_RenewsAtHalf(t *testing.T) {
	r := newMadeUpRouter(NATPMP)
	r.lease = 20 * time.Minute
	m := r.start()
	now, renewals := started, []time.Duration{}
	for now.Sub(started) < time.Hour {
		now = m.due()
		r.log = nil
		r.drive(now, m, m.tick(now))
		if slices.ContainsFunc(r.log, func(a ask) bool { return a.op == openPort }) {
			renewals = append(renewals, now.Sub(started))
		}
	}
	want := []time.Duration{10, 20, 30, 40, 50, 60}
	for i := range want {
		want[i] *= time.Minute
	}
	if !slices.Equal(renewals, want) {
		t.Errorf("renewed after %v, want %v", renewals, want)
	}
	r.deaf = true
	for i := 0; !m.over && i < 100; i++ {
		now = m.due()
		r.drive(now, m, m.tick(now))
	}
	if after := now.Sub(started); !m.over || after < 80*time.Minute || after > 82*time.Minute {
		t.Errorf("a router that has gone is given up after %v: %v; want 20 minutes after the last renewal", after,
			m.over)
	}
}

// TestMachine_RestartedRouterIsAskedAgain: by the epoch with PCP and NAT-PMP, by the table with UPnP. A new address is
// taken.
func TestMachine_RestartedRouterIsAskedAgain(t *testing.T) {
	for _, p := range []Protocol{PCP, NATPMP, UPnP} {
		r := newMadeUpRouter(p)
		m := r.start()
		clear(r.table)
		now := m.due()
		r.bound, r.external = now.Add(-10*time.Second), netip.MustParseAddr("198.51.100.9")
		r.drive(now, m, m.tick(now))
		if s := m.snapshot(); s.Verdict != Mapped || s.External != r.external || now.Sub(started) > 2*time.Minute {
			t.Errorf("%v: %v after the start %+v, want the new address", p, now.Sub(started), s)
		}
		r.want(t, p.String()+" after a restart", mappedTCP, mappedGame, mappedHTTP3)
	}
}

// TestMachine_RouterThatBecomesShared closes what was open.
func TestMachine_RouterThatBecomesShared(t *testing.T) {
	r := newMadeUpRouter(NATPMP)
	m := r.start()
	r.external = behind
	now := m.due()
	r.drive(now, m, m.tick(now))
	if s := m.snapshot(); s.Verdict != Shared || !m.over {
		t.Errorf("got %+v, want Shared", s)
	}
	r.want(t, "shared")
}

// TestMachine_StaticMappingStays: the person has set it up at the router, so it is used and not removed.
func TestMachine_StaticMappingStays(t *testing.T) {
	r := newMadeUpRouter(UPnP)
	r.foreign[mapping{outside: 5555}] = true
	m := r.start()
	if s := m.snapshot(); s.Verdict != Mapped || len(m.made()) != 2 {
		t.Errorf("got %+v with the note %v, want the other two in the note", s, m.made())
	}
	r.drive(started, m, m.release(started))
	r.want(t, "after the release", mappedTCP)
}

// TestMachine_LeaseWithoutEnd is not renewed, but the router is asked whether it is still there.
func TestMachine_LeaseWithoutEnd(t *testing.T) {
	r := newMadeUpRouter(UPnP)
	r.lease = 0
	m := r.start()
	now := started
	r.log = nil
	for range 120 {
		now = m.due()
		r.drive(now, m, m.tick(now))
	}
	for _, a := range r.log {
		if a.op != poll {
			t.Fatalf("%v is asked within %v, want only polls", a, now.Sub(started))
		}
	}
}

// TestMachine_ReleaseWhileAsking closes what is opened meanwhile, and keeps in the note what had no answer.
func TestMachine_ReleaseWhileAsking(t *testing.T) {
	r := newMadeUpRouter(PCP)
	m := newMachine(standardWants(), own, nil)
	asks := m.begin()
	asks = append(m.take(started, asks[0], r.answer(started, asks[0])), asks[1:]...)
	if more := m.release(started); len(more) > 0 || m.over {
		t.Fatalf("a release while three ports are asked for asks %v, over: %v", more, m.over)
	}
	r.drive(started, m, asks)
	if r.want(t, "released while asking"); !m.over {
		t.Error("it is not over")
	}
	m = r.start()
	r.deaf = true
	r.drive(started, m, m.release(started))
	if left := m.made(); !m.over || len(left) != 3 {
		t.Errorf("after a release without answers the note has %v, over: %v; want three mappings", left, m.over)
	}
}

func TestEpochClock_FindsRestarts(t *testing.T) {
	for _, test := range []struct {
		ours   time.Duration
		theirs int64
		lost   bool
	}{
		{0, 0, false}, {time.Hour, 3600, false}, {time.Hour, 3500, false}, {time.Hour, 3700, false},
		{time.Hour, 3000, true}, {time.Hour, 4000, true}, {time.Hour, -900, true}, {time.Second, -1, false},
		{time.Minute, 5, true},
	} {
		var c epochClock
		c.take(started, 1000)
		if got := c.take(started.Add(test.ours), uint32(1000+test.theirs)); got != test.lost {
			t.Errorf("%v later the epoch has grown by %d s: lost is %v, want %v", test.ours, test.theirs, got,
				test.lost)
		}
	}
}
