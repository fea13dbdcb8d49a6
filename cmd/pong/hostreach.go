package main

import (
	"context"
	"net"
	"strconv"
	"sync"

	"pong/internal/crash"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/portmap"
)

// The values of --map-ports.
const (
	routerYes = "yes"
	routerNo  = "no"
	routerAsk = "ask" // the person is asked first
)

// noRouter is why no router can be asked.
const noRouter = "with --advertise the ports are open already, and with --listen on this machine alone nobody comes " +
	"from outside: leave one of them out"

// A hostReach is what is known of where the link of a hosted match works: what the router says, and what another server
// says. The router is asked first, because the other server finds the ports closed before.
type hostReach struct {
	host   *host
	server *hostedServer
	hosted *front.Hosted
	check  *reachCheck // nil if no other server is asked
	when   chan dial.Ports

	ctx  context.Context
	stop context.CancelFunc
	work sync.WaitGroup

	mu     sync.Mutex // guards router
	router *router    // nil if it is not asked, or not yet
	ended  bool
}

func newHostReach(h *host, s *hostedServer, hosted *front.Hosted) *hostReach {
	r := &hostReach{host: h, server: s, hosted: hosted, when: make(chan dial.Ports, 1)}
	r.ctx, r.stop = context.WithCancel(context.Background())
	if h.checkAt != "" {
		r.check = newReachCheck(hosted, s.outside(h))
	}
	hosted.Reach = r.reach
	return r
}

// take takes a datagram of no session, which may be that of a check.
func (r *hostReach) take(datagram []byte) {
	if r.check != nil {
		r.check.take(datagram)
	}
}

// start asks the other server, and the router if the person has wanted that before.
func (r *hostReach) start() {
	if r.check != nil {
		r.work.Go(crash.Guarded(func() { r.check.run(r.ctx, r.host.checkAt, r.when) }))
	}
	if r.server.router != nil {
		r.mu.Lock()
		r.router = r.server.router
		r.mu.Unlock()
		r.server.router.follow(r.changed)
		return
	}
	if r.host.mapPorts == routerAsk {
		r.hosted.AskRouter = r.askRouter
	}
	r.checkAt(r.server.outside(r.host))
}

// checkAt has the other server try ports, when the check before is done.
func (r *hostReach) checkAt(at dial.Ports) {
	select {
	case <-r.when:
	default:
	}
	select {
	case r.when <- at:
	default: // another one was quicker
	}
}

// askRouter asks the router to pass the ports on, because the person has agreed. The server runs, so it has to be with
// the ports that it has; those of the next one can be others.
func (r *hostReach) askRouter() {
	r.host.agreed.Store(true)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.router != nil || r.ended {
		return
	}
	wants := wantedPorts(portOf(r.server.control.Addr()), r.server.sockets, true)
	r.router = askRouter(r.host.router, r.host.listen, r.server.dir, wants, nil)
	r.router.follow(r.changed)
}

// changed has the other server try again what the router has changed.
func (r *hostReach) changed(s portmap.State) {
	if r.check == nil {
		return
	}
	switch s.Verdict {
	case portmap.Mapped:
		at := dial.Ports{Control: int(s.Outside[0]), Game: int(s.Outside[1])}
		r.check.begin(at) // the answer of a check before says nothing any more
		r.checkAt(at)
	case portmap.Shared, portmap.Taken, portmap.Closed:
		if !r.check.hasBegun() { // it may be open by other means
			r.checkAt(r.server.outside(r.host))
		}
	}
}

// reach returns where the link works, and the link with the address outside.
func (r *hostReach) reach() (front.Reach, string) {
	r.mu.Lock()
	router := r.router
	r.mu.Unlock()
	checked, link := front.ReachUnchecked, ""
	if r.check != nil {
		checked, link = r.check.reach()
	}
	if router == nil || checked == front.ReachOpen {
		return checked, link
	}
	s := router.mapper.State()
	switch s.Verdict {
	case portmap.Mapped:
		outside := net.JoinHostPort(s.External.String(), strconv.Itoa(int(s.Outside[0])))
		if link = withFirst(r.hosted.Link, outside); checked == front.ReachUnchecked || checked == front.ReachFailed {
			checked = front.ReachMapped
		}
		return checked, link
	case portmap.Shared:
		return front.ReachShared, ""
	case portmap.Taken:
		return front.ReachTaken, ""
	case portmap.Closed:
		return front.ReachClosed, ""
	}
	return front.ReachAsking, ""
}

// end has the router close the ports, and ends the check.
func (r *hostReach) end() {
	r.mu.Lock()
	r.ended = true
	router := r.router
	r.mu.Unlock()
	r.stop()
	router.close()
	r.work.Wait()
}
