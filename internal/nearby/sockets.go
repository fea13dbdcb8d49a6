package nearby

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/time/rate"

	"pong/internal/crash"
)

// group is the address of multicast DNS.
var group = netip.MustParseAddrPort("224.0.0.251:5353")

const (
	answersWithin = time.Second      // of a question
	joinEvery     = 10 * time.Second // how often a server looks for networks that are new
	answersPerSec = 20
)

// A link is an IPv4 network of this machine.
type link struct {
	iface  *net.Interface
	prefix netip.Prefix
}

// links returns the networks that have multicast, without the loopback interface.
func links() (all []link) {
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagMulticast == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			prefix, err := netip.ParsePrefix(a.String())
			if err == nil && prefix.Addr().Is4() {
				all = append(all, link{&i, prefix})
			}
		}
	}
	return all
}

// Ask asks all networks of this machine for games, and returns those that answer within a second. It is done sooner if
// ctx is.
func Ask(ctx context.Context) ([]Game, error) {
	var conns []*net.UDPConn
	var within []netip.Prefix
	for _, l := range links() {
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(l.prefix.Addr(), 0)))
		if err != nil {
			continue
		}
		_ = ipv4.NewPacketConn(conn).SetMulticastInterface(l.iface)
		conns, within = append(conns, conn), append(within, l.prefix)
	}
	return ask(ctx, conns, within, group)
}

// ask sends a question from each of some sockets, and closes them when the answers have come. An answer must come from
// the network of its socket (RFC 6762 section 11).
func ask(ctx context.Context, conns []*net.UDPConn, within []netip.Prefix, to netip.AddrPort) ([]Game, error) {
	var id [2]byte
	_, _ = rand.Read(id[:]) // never fails: see crypto/rand
	g := gathering{id: binary.BigEndian.Uint16(id[:])}
	packet, err := appendQuestion(g.id)
	if err != nil {
		return nil, err
	}
	end := time.Now().Add(answersWithin)
	var mu sync.Mutex // guards g
	var readers sync.WaitGroup
	for i, conn := range conns {
		stop := context.AfterFunc(ctx, func() { _ = conn.SetReadDeadline(time.Now()) })
		defer stop()
		_ = conn.SetReadDeadline(end)
		if _, err := conn.WriteToUDPAddrPort(packet, to); err != nil {
			conn.Close()
			continue
		}
		readers.Go(crash.Guarded(func() {
			defer conn.Close()
			buffer := make([]byte, maxPacket)
			for more := true; more; {
				n, from, err := conn.ReadFromUDPAddrPort(buffer)
				if err != nil {
					return
				}
				if !within[i].Contains(from.Addr().Unmap()) {
					continue
				}
				mu.Lock()
				more = g.take(buffer[:n], from.Addr().Unmap())
				mu.Unlock()
			}
		}))
	}
	readers.Wait()
	return g.games, nil
}

// Answer answers others who ask for games with what describe returns, until stop is called. The port of its address is
// that of the server, and its IP address is of no matter. If the system does not let it listen, nobody finds the
// game, and err is why.
func Answer(describe func() Game) (stop func(), err error) {
	conn, err := net.ListenMulticastUDP("udp4", nil, net.UDPAddrFromAddrPort(group))
	if err != nil {
		return func() {}, err
	}
	group := &net.UDPAddr{IP: group.Addr().AsSlice()}
	p := ipv4.NewPacketConn(conn)
	var within []netip.Prefix
	join := func() {
		within = nil
		for _, l := range links() {
			_ = p.JoinGroup(l.iface, group) // it may be in it already
			within = append(within, l.prefix)
		}
	}
	join()
	near := func(ip netip.Addr) bool {
		for _, prefix := range within {
			if prefix.Contains(ip) {
				return true
			}
		}
		return false
	}
	done := make(chan struct{})
	go crash.Guarded(func() {
		defer close(done)
		serve(conn, describe, near, join)
	})()
	return func() { conn.Close(); <-done }, nil
}

// serve answers the questions that arrive on a socket from near addresses, until it is closed. It calls join every
// joinEvery.
func serve(conn *net.UDPConn, describe func() Game, near func(netip.Addr) bool, join func()) {
	var random [6]byte
	_, _ = rand.Read(random[:])
	label := "pong-" + hex.EncodeToString(random[:])
	limit := rate.NewLimiter(answersPerSec, answersPerSec)
	buffer := make([]byte, maxPacket)
	for next := time.Now().Add(joinEvery); ; {
		_ = conn.SetReadDeadline(next)
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		now := time.Now()
		if !now.Before(next) {
			join()
			next = now.Add(joinEvery)
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			continue
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // such as that of an answer that nobody has taken
			time.Sleep(time.Second / answersPerSec)
			continue
		case !limit.AllowN(now, 1):
			continue
		}
		id, asks := parseQuestion(buffer[:n])
		if !asks || !near(from.Addr().Unmap()) {
			continue
		}
		oneShot := from.Port() != group.Port()
		if !oneShot {
			id = 0
		}
		packet, err := appendAnswer(id, oneShot, label, describe())
		if err != nil {
			continue
		}
		if _, err = conn.WriteToUDPAddrPort(packet, from); err == nil && !oneShot {
			_, _ = conn.WriteToUDPAddrPort(packet, group)
		}
	}
}
