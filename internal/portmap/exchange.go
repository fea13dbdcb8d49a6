package portmap

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// portPCP is the port of PCP and NAT-PMP at a router.
const portPCP = 5351

// sendAfter are the times at which a request of PCP or NAT-PMP is sent.
var sendAfter = [...]time.Duration{0, 250 * time.Millisecond, 750 * time.Millisecond, 1500 * time.Millisecond}

// answerWithin is how long an answer is waited for. Routers in the same network answer within milliseconds or not at
// all, and UPnP devices within a second.
const answerWithin = 2500 * time.Millisecond

// mostPackets is how many packets are read for one request, so that a flood does not hold it up.
const mostPackets = 64

// exchange sends a request to a router and waits for the answer. A connected socket takes datagrams from there alone.
func exchange(ctx context.Context, own netip.Addr, to netip.AddrPort, within time.Duration, packet []byte,
	parse func(packet []byte) (answer, bool),
) answer {
	none := answer{failure: noAnswer}
	conn, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(own, 0)), net.UDPAddrFromAddrPort(to))
	if err != nil {
		return none
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })()
	start := time.Now()
	buffer := make([]byte, maxPCP+1)
	reads := 0
	for i, after := range sendAfter {
		if after > 0 && ctx.Err() != nil {
			return none
		}
		until := start.Add(within)
		if i+1 < len(sendAfter) {
			until = start.Add(sendAfter[i+1])
		}
		_ = conn.SetReadDeadline(until)
		if ctx.Err() != nil {
			return none
		}
		if _, err := conn.Write(packet); err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
			return none
		}
		for ; reads < mostPackets; reads++ {
			n, err := conn.Read(buffer)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				break
			}
			if err != nil { // such as that nothing listens there
				return none
			}
			if r, belongs := parse(buffer[:n]); belongs {
				return r
			}
		}
	}
	return none
}
