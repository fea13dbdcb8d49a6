//go:build siege && linux

package siege

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"time"

	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A controlConn is a control connection without package dial.
type controlConn struct {
	*tls.Conn
	lines *bufio.Reader
}

// A seat is a control connection that has received its WELCOME, with the keys of its game channel.
type seat struct {
	*controlConn
	welcome wire.WelcomeFields
	keys    *sealed.Session

	registered time.Time // when the first REGISTER was made
}

// source returns the loopback address with a number. The server's limits treat each as another client.
func source(i int) netip.Addr {
	return netip.AddrFrom4([4]byte{127, 1 + byte(i>>16), byte(i >> 8), byte(i)})
}

// dialFrom opens a TCP connection from an address; the system chooses it if from is invalid.
func dialFrom(from netip.Addr, to netip.AddrPort) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	if from.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
	}
	return d.Dial("tcp", to.String())
}

func clientTLS() *tls.Config {
	return &tls.Config{InsecureSkipVerify: true, NextProtos: []string{wire.ALPN}, MinVersion: tls.VersionTLS13}
}

// handshake performs the TLS handshake.
func handshake(raw net.Conn) (*controlConn, error) {
	c := tls.Client(raw, clientTLS())
	_ = raw.SetDeadline(time.Now().Add(20 * time.Second))
	if err := c.Handshake(); err != nil {
		raw.Close()
		return nil, fmt.Errorf("handshake: %w", err)
	}
	_ = raw.SetDeadline(time.Time{})
	return &controlConn{c, bufio.NewReaderSize(c, wire.MaxLine)}, nil
}

// writeLine sends a control line.
func (g *controlConn) writeLine(m wire.Message) error {
	_, err := g.Write(wire.AppendLine(nil, m))
	return err
}

// readLine receives a control line.
func (g *controlConn) readLine() (wire.Message, error) {
	return wire.ReadMessage(g.lines)
}

// join sends JOIN and waits for the WELCOME.
func (g *controlConn) join(m wire.Message) (*seat, error) {
	m.Type, m.Version = wire.Join, wire.Version
	if m.Name == "" {
		m.Name = "siege"
	}
	_ = g.SetDeadline(time.Now().Add(20 * time.Second))
	defer g.SetDeadline(time.Time{})
	if err := g.writeLine(m); err != nil {
		return nil, fmt.Errorf("send JOIN: %w", err)
	}
	w, err := g.readLine()
	switch {
	case err != nil:
		return nil, fmt.Errorf("receive WELCOME: %w", err)
	case w.Type == wire.Error:
		return nil, fmt.Errorf("refused with %s: %s", w.Code, w.Message)
	case w.Type != wire.Welcome:
		return nil, fmt.Errorf("received %s instead of WELCOME", w.Type)
	}
	s := &seat{controlConn: g}
	if s.welcome, err = wire.ParseWelcome(w, m.Role == wire.RoleWatcher); err != nil {
		return nil, err
	}
	state := g.ConnectionState()
	s.keys, err = sealed.NewClient(&state, s.welcome.Session, sealed.Config{Label: wire.KeyLabel})
	return s, err
}

// joinServer connects, performs the TLS handshake and joins.
func joinServer(from netip.Addr, to netip.AddrPort, m wire.Message) (*seat, error) {
	raw, err := dialFrom(from, to)
	if err != nil {
		return nil, err
	}
	g, err := handshake(raw)
	if err != nil {
		return nil, err
	}
	s, err := g.join(m)
	if err != nil {
		g.Close()
		return nil, err
	}
	return s, nil
}

// stamp is that of a client at which datagrams arrive, although nobody receives those of the server here. The server's
// stamps count from the first REGISTER.
func (s *seat) stamp() netcode.Stamp {
	if s.registered.IsZero() {
		s.registered = time.Now()
	}
	return echoing(time.Since(s.registered) - 200*time.Millisecond)
}

// echoing returns a stamp that echoes what a server sent at a time of its stamps.
func echoing(sent time.Duration) netcode.Stamp {
	return netcode.Stamp{Echo: uint32(max(sent, 0).Microseconds())}
}

// register returns the sealed REGISTER of a seat.
func (s *seat) register() []byte {
	r := wire.Register{Token: s.welcome.Token}
	if !s.welcome.Watcher {
		r.PlayerID = uint8(s.welcome.Player + 1)
	}
	return s.seal(wire.AppendRegister(nil, s.stamp(), r))
}

func (s *seat) ping() []byte { return s.seal(wire.AppendPing(nil, s.stamp())) }

func (s *seat) seal(plain []byte) []byte {
	b, err := s.keys.Seal(nil, plain)
	if err != nil {
		panic(err) // packet numbers cannot run out in a test
	}
	return b
}

// leave gives up the seat and closes the connection.
func (s *seat) leave() {
	_ = s.SetWriteDeadline(time.Now().Add(time.Second))
	_ = s.writeLine(wire.Message{Type: wire.Leave})
	s.Close()
}
