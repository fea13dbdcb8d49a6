package load

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// joinWithin bounds the time for TCP, TLS and the WELCOME together.
const joinWithin = 15 * time.Second

// A dialer joins players to a server.
type dialer struct {
	address string // HOST:PORT
	server  netip.Addr
	pins    *trust.Pins        // may be nil
	key     *trust.Fingerprint // that the server must have; nil until the first player has joined, if pins decide
}

// A joinedPlayer is a player that has joined, with its control connection.
type joinedPlayer struct {
	player  player
	control *control
	from    netip.Addr     // of the player; invalid if the system chooses
	game    netip.AddrPort // of the server
	rate    int            // STATEs a second
	began   time.Time
	took    time.Duration // from dialling to the WELCOME
}

// A refusedError is a server's ERROR in answer to JOIN.
type refusedError struct{ code, message string }

func (r *refusedError) Error() string {
	return fmt.Sprintf("the server refused a player (%.20s): %.200q", r.code, r.message)
}

// newDialer resolves the server's address.
func newDialer(ctx context.Context, cfg *Config) (*dialer, error) {
	link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort)
	if err != nil {
		return nil, err
	}
	d := &dialer{}
	if d.key, err = link.Want(cfg.Trust); err != nil {
		return nil, err
	}
	if cfg.PinFile != "" {
		d.pins = trust.NewPins(cfg.PinFile)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", link.Host())
	if err != nil {
		return nil, err
	}
	d.address, d.server = link.Address, addrs[0].Unmap()
	for _, a := range addrs { // prefer IPv4, where players can have source addresses of their own
		if a = a.Unmap(); a.Is4() {
			d.server = a
			break
		}
	}
	return d, nil
}

// decide returns the trust decision for a connection. Once the first connection has been trusted, all others must
// show the same identity, and the file of pins need not be read for each player.
func (d *dialer) decide(seen *trust.Fingerprint) func([]*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
	return func(peer []*x509.Certificate) (v trust.Verdict, key trust.Fingerprint, err error) {
		v, key, err = d.pins.Decide(time.Now(), d.address, d.key, peer)
		*seen = key
		return v, key, err
	}
}

// join joins player i.
func (d *dialer) join(ctx context.Context, i int) (j joinedPlayer, err error) {
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	j.began = time.Now()
	_, port, _ := net.SplitHostPort(d.address)
	var from net.Dialer
	if j.from = source(i, d.server); j.from.IsValid() {
		from.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(j.from, 0))
	}
	raw, err := from.DialContext(ctx, "tcp", net.JoinHostPort(d.server.String(), port))
	if err != nil {
		return j, fmt.Errorf("cannot connect to %s: %w: is the server running there?", d.address, err)
	}
	defer func() {
		if err != nil {
			raw.Close()
		}
	}()
	var seen trust.Fingerprint
	host, _, _ := net.SplitHostPort(d.address)
	conn := tls.Client(raw, trust.ClientTLS(host, d.decide(&seen)))
	if err := conn.HandshakeContext(ctx); err != nil {
		return j, fmt.Errorf("secure connection to %s: %w", d.address, err)
	}
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	j.control = &control{conn: conn, lines: bufio.NewReaderSize(conn, wire.MaxLine)}
	welcome, err := j.control.join(fmt.Sprintf("load %d", i+1))
	if err != nil {
		return j, err
	}
	_ = conn.SetDeadline(time.Time{})
	j.took = time.Since(j.began)
	if d.key == nil {
		d.key = &seen // not concurrent: the first player joins alone
	}
	if d.pins != nil {
		d.pins = nil
	}
	return j, d.enter(&j, welcome)
}

// enter takes the session from a WELCOME, and keys the game channel from the connection that it came over.
func (d *dialer) enter(j *joinedPlayer, m wire.Message) error {
	p := &j.player
	w, err := wire.ParseWelcome(m, false)
	if err != nil {
		return fmt.Errorf("the server's answer to JOIN: %w", err)
	}
	p.id, p.token, p.seat = w.Session, w.Token, w.Player
	j.rate, j.game = w.StateRate, netip.AddrPortFrom(d.server, uint16(w.UDPPort))
	state := j.control.conn.ConnectionState()
	p.keys, err = sealed.NewClient(&state, p.id, sealed.Config{Label: wire.KeyLabel})
	return err
}

// failureReason returns the name under which a failed join is counted.
func failureReason(err error) string {
	var no *refusedError
	var dns *net.OpError
	switch {
	case errors.As(err, &no):
		return no.code
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &dns):
		return dns.Op
	}
	return "other"
}
