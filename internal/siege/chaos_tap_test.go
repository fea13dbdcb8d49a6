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

// A chaosTap forwards TCP and UDP between two addresses, with the same ports, and records every datagram in the
// ledger. It can be unplugged like a cable, and it can forget its translations like a router with NAT.
//
// There is one in front of each player and one in front of the server, with the relay in between:
//
//	player - client tap - pong link - server tap - pong serve
type chaosTap struct {
	ledger   *chaosLedger
	atClient bool // next to a player, so that upward datagrams are at their source; else downward ones are
	damages  bool // the relay flips bits
	control  net.Listener
	game     *net.UDPConn
	to       netip.Addr // of the relay or the server
	all      sync.WaitGroup

	mu        sync.Mutex // guards what follows
	unplugged bool
	plugged   *sync.Cond // unplugged has become false, or closed true
	closed    bool
	from      netip.Addr // source of forwarded datagrams; if invalid, the system chooses it
	sockets   map[netip.AddrPort]*net.UDPConn
	conns     map[net.Conn]struct{}
	seen      map[chaosNonce]bool
	states    []time.Time             // when STATEs passed downwards
	first     map[sealed.ID]time.Time // when the first STATE of each session did
	dialled   []time.Time             // when TCP connections were opened
}

// chaosStateLen is the length of a datagram with a STATE. No other body has this length.
const chaosStateLen = wire.StateLen + sealed.Overhead

func newChaosTap(t testing.TB, ledger *chaosLedger, atClient bool, at, to netip.Addr, control, game int) *chaosTap {
	t.Helper()
	tap := &chaosTap{
		ledger: ledger, atClient: atClient, to: to, sockets: make(map[netip.AddrPort]*net.UDPConn),
		conns: make(map[net.Conn]struct{}),
		seen:  make(map[chaosNonce]bool), first: make(map[sealed.ID]time.Time),
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

// unplug unplugs the cable: datagrams are lost, TCP waits.
func (tap *chaosTap) unplug() {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.unplugged = true
}

// plug plugs the cable in again.
func (tap *chaosTap) plug() {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.unplugged = false
	tap.plugged.Broadcast()
}

// rebind forwards datagrams from other ports, and from another address if one is given. Datagrams to the old ones are
// lost.
func (tap *chaosTap) rebind(from netip.Addr) {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	tap.from = from
	for player, old := range tap.sockets {
		old.Close()
		delete(tap.sockets, player)
	}
}

// forwardUp forwards datagrams from players.
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

// socketFor returns the socket that forwards a player's datagrams, or nil while the cable is unplugged.
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

// forwardDown forwards datagrams to a player.
func (tap *chaosTap) forwardDown(player netip.AddrPort, socket *net.UDPConn) {
	var buffer [2048]byte
	for {
		n, err := socket.Read(buffer[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // the server does not run at present
		}
		if tap.record(false, buffer[:n]) {
			_, _ = tap.game.WriteToUDPAddrPort(buffer[:n], player)
		}
	}
}

// record records a datagram. It reports whether the cable is plugged in.
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

// accept accepts TCP connections.
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

// splice forwards a connection until both directions have ended.
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

// copyOneWay forwards one direction of a connection, and its end.
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

// wait waits while the cable is unplugged. It returns false if the tap was closed.
func (tap *chaosTap) wait() bool {
	tap.mu.Lock()
	defer tap.mu.Unlock()
	for tap.unplugged && !tap.closed {
		tap.plugged.Wait()
	}
	return !tap.closed
}

// gap returns the longest time without a STATE between two moments, and the number of STATEs.
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

// firstState returns when the first STATE arrived of any session that began after a moment.
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
