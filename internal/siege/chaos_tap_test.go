//go:build siege && linux

package siege

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// A chaosTap passes on TCP and UDP between an address and another, with the same ports, and writes every datagram into the
// ledger. As a cable it can be pulled out, and as a translator of addresses it can forget what it has translated to.
//
// One stands before each player and one before the server, with the relay between:
//
//	player == door == pong link == back == pong serve
type chaosTap struct {
	ledger   *chaosLedger
	atClient bool // before a player: what goes up is as it was sent; before the server, what goes down
	damages  bool // the relay flips bits
	control  net.Listener
	game     *net.UDPConn
	to       netip.Addr // where the relay or the server is
	all      sync.WaitGroup

	mu        sync.Mutex // guards what follows
	unplugged bool
	plugged   *sync.Cond // pulled has become false, or closed true
	closed    bool
	from      netip.Addr // which datagrams go on from; the zero one leaves it to the system
	sockets   map[netip.AddrPort]*net.UDPConn
	conns     map[net.Conn]struct{}
	seen      map[chaosNonce]bool
	states    []time.Time             // when STATEs went down
	first     map[sealed.ID]time.Time // the same, the first of each session
	dialled   []time.Time             // when TCP connections were opened
}

// chaosStateLen is the length of a datagram with a STATE, which no other body has.
const chaosStateLen = wire.StateLen + sealed.Overhead

func newChaosTap(t testing.TB, ledger *chaosLedger, atClient bool, at, to netip.Addr, control, game int) *chaosTap {
	t.Helper()
	tap := &chaosTap{
		ledger: ledger, atClient: atClient, to: to, sockets: make(map[netip.AddrPort]*net.UDPConn), conns: make(map[net.Conn]struct{}),
		seen: make(map[chaosNonce]bool), first: make(map[sealed.ID]time.Time),
	}
	tap.plugged = sync.NewCond(&tap.mu)
	var err error
	if tap.control, err = net.Listen("tcp", netip.AddrPortFrom(at, uint16(control)).String()); err != nil {
		t.Fatal(err)
	}
	if tap.game, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, uint16(game)))); err != nil {
		t.Fatal(err)
	}
	tap.all.Go(tap.accept)
	tap.all.Go(tap.forwardUp)
	t.Cleanup(tap.close)
	return tap
}

func (tap *chaosTap) close() {
	tap.mu.Lock()
	tap.closed = true
	tap.plugged.Broadcast()
	tap.control.Close()
	tap.game.Close()
	for _, socket := range tap.sockets {
		socket.Close()
	}
	for conn := range tap.conns {
		conn.Close()
	}
	tap.mu.Unlock()
	tap.all.Wait()
}

// pull takes the cable out: datagrams are lost, TCP waits.
func (tap *chaosTap) unplug() {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.unplugged = true
}

// plug puts the cable in again.
func (tap *chaosTap) plug() {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.unplugged = false
	tap.plugged.Broadcast()
}

// rebind has all go on from other ports, and from another address if one is given. What is sent to the old ones is lost.
func (tap *chaosTap) rebind(from netip.Addr) {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.from = from
	for player, old := range tap.sockets {
		old.Close()
		delete(tap.sockets, player)
	}
}

// climb takes datagrams from below.
func (tap *chaosTap) forwardUp() {
	var buffer [2048]byte
	for {
		n, from, err := tap.game.ReadFromUDPAddrPort(buffer[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		tap.record(true, buffer[:n])
		if socket := tap.socketFor(from); socket != nil {
			_, _ = socket.Write(buffer[:n])
		}
	}
}

// socket finds or makes the socket on which a player's datagrams go on; nil while the cable is out.
func (tap *chaosTap) socketFor(player netip.AddrPort) *net.UDPConn {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	if tap.unplugged || tap.closed {
		return nil
	}
	if socket := tap.sockets[player]; socket != nil {
		return socket
	}
	var from *net.UDPAddr
	if tap.from.IsValid() {
		from = net.UDPAddrFromAddrPort(netip.AddrPortFrom(tap.from, 0))
	}
	port := tap.game.LocalAddr().(*net.UDPAddr).AddrPort().Port()
	socket, err := net.DialUDP("udp", from, net.UDPAddrFromAddrPort(netip.AddrPortFrom(tap.to, port)))
	if err != nil {
		return nil
	}
	tap.sockets[player] = socket
	tap.all.Go(func() { tap.forwardDown(player, socket) })
	return socket
}

// descend takes datagrams from above.
func (tap *chaosTap) forwardDown(player netip.AddrPort, socket *net.UDPConn) {
	var buffer [2048]byte
	for {
		n, err := socket.Read(buffer[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // the server is not there at present
		}
		if tap.record(false, buffer[:n]) {
			_, _ = tap.game.WriteToUDPAddrPort(buffer[:n], player)
		}
	}
}

// note writes a datagram down. It reports whether the cable is in.
func (tap *chaosTap) record(up bool, b []byte) bool {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	if up == tap.atClient {
		tap.ledger.recordSent(up, b)
	} else {
		tap.ledger.recordArrival(up, b, tap.seen, tap.damages)
	}
	if !up && len(b) == chaosStateLen && !tap.unplugged {
		now := time.Now()
		tap.states = append(tap.states, now)
		if id, ok := sealed.ParseID(b); ok && tap.first[id].IsZero() {
			tap.first[id] = now
		}
	}
	return !tap.unplugged
}

// accept takes TCP connections.
func (tap *chaosTap) accept() {
	for {
		client, err := tap.control.Accept()
		if err != nil {
			return
		}
		tap.mu.Lock()
		tap.dialled = append(tap.dialled, time.Now())
		tap.mu.Unlock()
		tap.all.Go(func() { tap.splice(client) })
	}
}

// splice passes on a connection until both directions have ended.
func (tap *chaosTap) splice(client net.Conn) {
	defer client.Close()
	if !tap.wait() {
		return
	}
	port := tap.control.Addr().(*net.TCPAddr).AddrPort().Port()
	server, err := net.DialTimeout("tcp", netip.AddrPortFrom(tap.to, port).String(), 5*time.Second)
	if err != nil {
		return
	}
	defer server.Close()
	tap.mu.Lock()
	tap.conns[client], tap.conns[server] = struct{}{}, struct{}{}
	if tap.closed {
		client.Close()
		server.Close()
	}
	tap.mu.Unlock()
	defer func() {
		tap.mu.Lock()
		defer tap.mu.Unlock()
		delete(tap.conns, client)
		delete(tap.conns, server)
	}()
	var both sync.WaitGroup
	both.Go(func() { tap.copyOneWay(server, client) })
	both.Go(func() { tap.copyOneWay(client, server) })
	both.Wait()
}

// pour passes on one direction of a connection, and its end.
func (tap *chaosTap) copyOneWay(to, from net.Conn) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if !tap.wait() {
			return
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				from.Close()
				return
			}
		}
		if errors.Is(err, io.EOF) {
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
		if err != nil {
			to.Close()
			return
		}
	}
}

// wait waits while the cable is out; false means that the tap is closed.
func (tap *chaosTap) wait() bool {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for tap.unplugged && !tap.closed {
		tap.plugged.Wait()
	}
	return !tap.closed
}

// gap returns the longest time without a STATE between two moments, and how many came.
func (tap *chaosTap) gap(from, to time.Time) (longest time.Duration, n int) {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for i := 1; i < len(tap.states); i++ {
		if at := tap.states[i]; at.After(from) && tap.states[i-1].Before(to) {
			longest = max(longest, at.Sub(tap.states[i-1]))
			n++
		}
	}
	return longest, n
}

// firstState returns when the first STATE of any session that began after a moment came.
func (tap *chaosTap) firstState(after time.Time) (first time.Time) {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for _, at := range tap.first {
		if at.After(after) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// dialledAfter returns when the first connection after a moment was opened.
func (tap *chaosTap) dialledAfter(moment time.Time) time.Time {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for _, at := range tap.dialled {
		if at.After(moment) {
			return at
		}
	}
	return time.Time{}
}
