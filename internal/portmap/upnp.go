package portmap

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/huin/goupnp/soap"
	"golang.org/x/net/ipv4"

	"pong/internal/crash"
)

// multicastSSDP is where devices are searched for. Some routers answer only there, others only at their own address,
// for example because the wireless network drops multicast.
var multicastSSDP = netip.MustParseAddrPort("239.255.255.250:1900")

const portSSDP = 1900

// searchAfter are the times at which devices are searched for.
var searchAfter = [...]time.Duration{0, 300 * time.Millisecond, 900 * time.Millisecond}

// A upnpRouter speaks UPnP-IGD with a router.
type upnpRouter struct {
	own     netip.Addr
	target  netip.Addr // to which mappings lead: own, or an address that this machine has had before
	gateway netip.Addr
	search  []netip.AddrPort // where devices are searched for
	within  time.Duration    // of a search and of a request
	client  http.Client

	mu      sync.Mutex // guards what follows
	service service    // that opens ports; empty until it is found
}

func newUPnP(own, gateway netip.Addr, search []netip.AddrPort, within time.Duration) *upnpRouter {
	r := &upnpRouter{own: own, target: own, gateway: gateway, search: search, within: within}
	dialer := net.Dialer{Timeout: within, LocalAddr: net.TCPAddrFromAddrPort(netip.AddrPortFrom(own, 0))}
	r.client = http.Client{
		Timeout: within,
		Transport: bounded{&http.Transport{
			DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 16 << 10,
			DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
				at, err := netip.ParseAddrPort(address)
				if err != nil || at.Addr().Unmap() != gateway {
					return nil, errElsewhere
				}
				return dialer.DialContext(ctx, "tcp4", address)
			},
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errElsewhere },
	}
	return r
}

// errElsewhere is the error of an address that is not at the gateway.
var errElsewhere = errors.New("the router names an address that is not its own")

// bounded bounds the length of what is read of a response.
type bounded struct{ *http.Transport }

func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.Transport.RoundTrip(request)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, maxDescription), response.Body}
	}
	return response, err
}

// do answers an ask.
func (r *upnpRouter) do(ctx context.Context, a ask) answer {
	switch a.op {
	case probe:
		return r.find(ctx)
	case poll:
		return r.poll(ctx, a.mappings)
	case openPort:
		return r.open(ctx, a.mapping)
	}
	return r.close(ctx, a.mapping)
}

// find searches for the router, and asks it for its external address.
func (r *upnpRouter) find(ctx context.Context) answer {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tried := map[string]bool{}
	best := answer{failure: noAnswer}
	for at := range r.searching(ctx) {
		if tried[at.String()] || len(tried) == mostServices {
			continue
		}
		tried[at.String()] = true
		for _, s := range r.describe(ctx, at) {
			found := r.ask(ctx, s)
			if found.failure != noAnswer {
				r.mu.Lock()
				r.service = s
				r.mu.Unlock()
				best = found
			}
			if found.failure == ok && isPublic(found.external) {
				return found
			}
		}
	}
	return best
}

// searching returns the addresses of descriptions that are found. It is closed some time after the last search, or when
// ctx is done.
func (r *upnpRouter) searching(ctx context.Context) <-chan *url.URL {
	found := make(chan *url.URL)
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(r.own, 0)))
	if err != nil {
		close(found)
		return found
	}
	multicast := ipv4.NewPacketConn(conn)
	if i := interfaceOf(r.own); i != nil {
		_ = multicast.SetMulticastInterface(i)
	}
	_ = multicast.SetMulticastTTL(2)
	stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })
	go crash.Guarded(func() {
		defer close(found)
		defer conn.Close()
		defer stop()
		start := time.Now()
		buffer := make([]byte, maxSSDP+1)
		reads := 0
		for i := range searchAfter {
			until := start.Add(r.within)
			if i+1 < len(searchAfter) {
				until = start.Add(searchAfter[i+1])
			}
			_ = conn.SetReadDeadline(until)
			if ctx.Err() != nil {
				return
			}
			for _, to := range r.search {
				for _, kind := range searched {
					_, _ = conn.WriteToUDPAddrPort(appendSearch(to, kind), to)
				}
			}
			for ; reads < mostPackets; reads++ {
				n, from, err := conn.ReadFromUDPAddrPort(buffer)
				if errors.Is(err, os.ErrDeadlineExceeded) {
					break
				}
				if err != nil || from.Addr().Unmap() != r.gateway {
					continue
				}
				if at, ok := parseFound(buffer[:n], r.gateway); ok {
					select {
					case found <- at:
					case <-ctx.Done():
						return
					}
				}
			}
		}
	})()
	return found
}

// interfaceOf returns the interface of this machine that has an address, or nil.
func interfaceOf(own netip.Addr) *net.Interface {
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr() == own {
				return &i
			}
		}
	}
	return nil
}

// describe returns the services of a device.
func (r *upnpRouter) describe(ctx context.Context, at *url.URL) []service {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil
	}
	response, err := r.client.Do(request)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil
	}
	return parseDescription(text, at, r.gateway)
}

// perform performs an action of the service.
func (r *upnpRouter) perform(ctx context.Context, s service, action string, in, out any) error {
	at, err := url.Parse(s.Control)
	if err != nil || s.Control == "" {
		return errElsewhere
	}
	if _, ok := atGateway(s.Control, r.gateway); !ok {
		return errElsewhere
	}
	client := soap.NewSOAPClient(*at)
	client.HTTPClient = r.client
	return client.PerformActionCtx(ctx, s.Type, action, in, out)
}

func (r *upnpRouter) current() service {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.service
}

// ask asks a service for the external address.
func (r *upnpRouter) ask(ctx context.Context, s service) answer {
	var out struct{ NewExternalIPAddress string }
	if err := r.perform(ctx, s, "GetExternalIPAddress", nil, &out); err != nil {
		return answer{failure: failureOf(err)}
	}
	ip, err := netip.ParseAddr(out.NewExternalIPAddress)
	if err != nil {
		return answer{failure: noPublic} // routers that are not connected answer nothing
	}
	return answer{external: ip.Unmap()}
}

// poll asks whether mappings are still there. A router that was restarted may serve at another port.
func (r *upnpRouter) poll(ctx context.Context, mappings []mapping) answer {
	result := r.ask(ctx, r.current())
	if result.failure == noAnswer {
		if result = r.find(ctx); result.failure == noAnswer {
			return result
		}
	}
	for _, m := range mappings {
		if _, err := r.entry(ctx, m); faultCode(err) == upnpNoSuchEntry {
			result.failure = lost
		}
	}
	return result
}

// entry returns the mapping that the router has for a port outside.
func (r *upnpRouter) entry(ctx context.Context, m mapping) (e entry, err error) {
	in := struct{ NewRemoteHost, NewExternalPort, NewProtocol string }{
		"", strconv.Itoa(int(m.outside)), protocolName(m.udp),
	}
	err = r.perform(ctx, r.current(), "GetSpecificPortMappingEntry", &in, &e)
	return e, err
}

// leadsHere reports whether a mapping of the router leads to a port of the target.
func (r *upnpRouter) leadsHere(e entry, m mapping) bool {
	ip, err := netip.ParseAddr(e.NewInternalClient)
	return err == nil && ip.Unmap() == r.target && e.NewInternalPort == strconv.Itoa(int(m.inside))
}

// open asks for a port. A mapping to another machine is left alone, also by routers that would replace it.
func (r *upnpRouter) open(ctx context.Context, m mapping) answer {
	e, err := r.entry(ctx, m)
	switch {
	case err == nil && !r.leadsHere(e, m):
		return answer{failure: conflict}
	case err == nil && e.NewPortMappingDescription != ourDescription:
		return answer{outside: m.outside, foreign: true}
	case err != nil && faultCode(err) == 0:
		return answer{failure: noAnswer}
	}
	in := struct {
		NewRemoteHost, NewExternalPort, NewProtocol, NewInternalPort, NewInternalClient, NewEnabled,
		NewPortMappingDescription, NewLeaseDuration string
	}{
		"", strconv.Itoa(int(m.outside)), protocolName(m.udp), strconv.Itoa(int(m.inside)), r.own.String(), "1",
		ourDescription, strconv.Itoa(int(lease / time.Second)),
	}
	granted := lease
	err = r.perform(ctx, r.current(), "AddPortMapping", &in, nil)
	if faultCode(err) == upnpOnlyPermanent {
		in.NewLeaseDuration, granted = "0", 0
		err = r.perform(ctx, r.current(), "AddPortMapping", &in, nil)
	}
	if err != nil {
		return answer{failure: failureOf(err)}
	}
	return answer{outside: m.outside, lease: granted}
}

// close closes a port, if it is one that this program has opened for this machine. Some routers cannot tell: they have
// just opened it for this machine.
func (r *upnpRouter) close(ctx context.Context, m mapping) answer {
	e, err := r.entry(ctx, m)
	switch code := faultCode(err); {
	case err == nil && (!r.leadsHere(e, m) || e.NewPortMappingDescription != ourDescription),
		code == upnpNoSuchEntry:
		return answer{}
	case err == nil, code == upnpInvalidAction, code == upnpNotImplemented:
	case code == 0:
		return answer{failure: noAnswer}
	default:
		return answer{failure: refused}
	}
	in := struct{ NewRemoteHost, NewExternalPort, NewProtocol string }{
		"", strconv.Itoa(int(m.outside)), protocolName(m.udp),
	}
	return answer{failure: failureOf(r.perform(ctx, r.current(), "DeletePortMapping", &in, nil))}
}
