package server

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"pong/internal/shard"
	"pong/internal/wire"
)

// The limits on CHECK.
const (
	checkWithin = 3 * time.Second
	checkEvery  = 10 * time.Second // for an address prefix
	mostChecks  = 4                // at once

	// mostChecked bounds the prefixes that are remembered. If there are more, nobody is checked for a while.
	mostChecked = 4096
)

// A Dialer opens connections as net.Dialer does.
type Dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// checks limits how often clients are dialled back.
type checks struct {
	mu   sync.Mutex // guards what follows
	now  int        // checks that are going on
	last map[netip.Prefix]time.Time
}

// begin reports whether a client of a prefix may be checked at now. The caller must then call end.
func (c *checks) begin(now time.Time, of netip.Prefix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for prefix, at := range c.last {
		if now.Sub(at) >= checkEvery {
			delete(c.last, prefix)
		}
	}
	if _, lately := c.last[of]; lately || c.now == mostChecks || len(c.last) >= mostChecked {
		return false
	}
	if c.last == nil {
		c.last = make(map[netip.Prefix]time.Time)
	}
	c.now++
	c.last[of] = now
	return true
}

func (c *checks) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now--
}

// errChecked ends a connection whose client only wanted to be checked.
var errChecked = errors.New("the client has its answer")

// answerCheck answers CHECK: whether the client can be reached from here. Nothing but the address from which the client
// has connected is dialled.
func (s *server) answerCheck(c *pendingConn, conn *tls.Conn, lines *bufio.Reader, m wire.Message) {
	ip := addrPort(conn.NetConn().RemoteAddr()).Addr()
	code := ""
	switch {
	case s.cfg.CheckDialer == nil:
		code = wire.CheckedOff
	case !isPublic(ip):
		code = wire.CheckedPrivate
	case !s.checks.begin(time.Now(), shard.ClientPrefix(ip)):
		code = wire.CheckedBusy
	default:
		code = s.dialBack(c, conn, lines, ip, m)
		s.checks.end()
	}
	s.writeLine(conn, wire.Message{Type: wire.Checked, Code: code, Address: ip.String()})
}

// shared is the address space between a provider and its customers (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// isPublic reports whether an address is one of the internet.
func isPublic(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !shared.Contains(ip)
}

// dialBack dials the ports that a client names, at its address, and returns a code of CHECKED. TLS need not prove
// anything: that a program of this protocol answers is enough.
func (s *server) dialBack(c *pendingConn, conn *tls.Conn, lines *bufio.Reader, ip netip.Addr, m wire.Message) string {
	ctx, cancel := context.WithTimeout(c.ctx, checkWithin)
	defer cancel()
	at := func(port int) string { return net.JoinHostPort(ip.String(), strconv.Itoa(port)) }
	raw, err := s.cfg.CheckDialer.DialContext(ctx, "tcp", at(m.Port))
	if err != nil {
		return wire.CheckedTCP
	}
	defer raw.Close()
	back := tls.Client(raw, &tls.Config{
		InsecureSkipVerify: true, NextProtos: []string{wire.ALPN}, MinVersion: tls.VersionTLS13,
	})
	if back.HandshakeContext(ctx) != nil || back.ConnectionState().NegotiatedProtocol != wire.ALPN {
		return wire.CheckedTCP
	}
	game, err := s.cfg.CheckDialer.DialContext(ctx, "udp", at(m.UDPPort))
	if err != nil {
		return wire.CheckedUDP
	}
	defer game.Close()
	var token [wire.TokenLen]byte
	_, _ = rand.Read(token[:]) // never fails: see crypto/rand
	if _, err := game.Write(wire.AppendCheck(nil, token)); err != nil {
		return wire.CheckedUDP
	}
	deadline, _ := ctx.Deadline()
	_ = c.SetReadDeadline(deadline)
	answer, err := readLine(lines)
	if sent, ok := wire.ParseSecret(answer.Token); err != nil || answer.Type != wire.Check || !ok || sent != token {
		return wire.CheckedUDP
	}
	return wire.CheckedOpen
}

// validPorts reports whether a CHECK names two ports.
func validPorts(m wire.Message) bool {
	return m.Port >= 1 && m.Port <= 65535 && m.UDPPort >= 1 && m.UDPPort <= 65535
}
