package load

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"

	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// joinWithin is how long TCP, TLS and the WELCOME may take together.
const joinWithin = 15 * time.Second

// A dialer lets players join a server.
type dialer struct {
	address string // HOST:PORT
	server  netip.Addr
	pins    *trust.Pins // may be nil
	key     *trust.Fingerprint
}

// joined is a player who has joined, and the connection over which.
type joined struct {
	player  player
	control *control
	from    netip.Addr     // the player's; invalid if the system may choose
	game    netip.AddrPort // the server's
	rate    int            // STATEs a second
	began   time.Time
	took    time.Duration // to the WELCOME
}

// A refusal is a server's no, with its code.
type refusal struct{ code, message string }

func (r *refusal) Error() string {
	return fmt.Sprintf("the server refused a player (%.20s): %.200q", r.code, r.message)
}

// newDialer finds the server.
func newDialer(ctx context.Context, cfg *Config) (*dialer, error) {
	link, err := trust.ParseAddress(cfg.Address, trust.DefaultPort)
	if err != nil {
		return nil, err
	}
	d := &dialer{key: cfg.Trust}
	switch {
	case link.HasKey && d.key != nil && *d.key != link.Key:
		return nil, errors.New("the join link and --trust name different servers: use one of them")
	case link.HasKey:
		d.key = &link.Key
	}
	if cfg.PinFile != "" {
		d.pins = trust.NewPins(cfg.PinFile)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", link.Host())
	if err != nil {
		return nil, err
	}
	d.address, d.server = link.Address, addrs[0].Unmap()
	for _, a := range addrs { // one that all players can have sources for, if there is one
		if a = a.Unmap(); a.Is4() {
			d.server = a
			break
		}
	}
	return d, nil
}

// decide is asked for every connection. What the first one was trusted for, all others must show.
func (d *dialer) decide(seen *trust.Fingerprint) func([]*x509.Certificate) (trust.Verdict, trust.Fingerprint, error) {
	return func(peer []*x509.Certificate) (v trust.Verdict, key trust.Fingerprint, err error) {
		if d.pins == nil || d.key != nil {
			v, key, err = trust.Decide(time.Now(), d.address, d.key, nil, peer, nil)
		} else {
			v, key, err = d.pins.Decide(time.Now(), d.address, nil, peer)
		}
		*seen = key
		return v, key, err
	}
}

// join lets player i join.
func (d *dialer) join(ctx context.Context, i int) (j joined, err error) {
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
		return j, fmt.Errorf("no connection to %s: %w: is the server running there?", d.address, err)
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
		d.key = &seen // of the first player, who joins before there are others
	}
	return j, d.enter(&j, welcome)
}

// enter keys the game channel with the connection that the WELCOME came over.
func (d *dialer) enter(j *joined, w wire.Message) error {
	p := &j.player
	id, err := hex.DecodeString(w.Session)
	token, err2 := base64.RawURLEncoding.DecodeString(w.Token)
	if err != nil || err2 != nil || len(id) != len(p.id) || len(token) != len(p.token) {
		return errors.New("the server's welcome names no session or has no token")
	}
	if w.PlayerID != 1 && w.PlayerID != 2 || w.UDPPort < 1 || w.UDPPort > 65535 || wire.CheckStateRate(w.StateRate) != nil {
		return fmt.Errorf("the server's welcome makes no sense: player %d, UDP port %d, %d STATEs a second", w.PlayerID, w.UDPPort, w.StateRate)
	}
	p.id, p.token, p.seat = sealed.ID(id), [wire.TokenLen]byte(token), w.PlayerID-1
	j.rate, j.game = w.StateRate, netip.AddrPortFrom(d.server, uint16(w.UDPPort))
	state := j.control.conn.ConnectionState()
	secret, err := sealed.Export(&state, p.id)
	if err != nil {
		return err
	}
	p.keys, err = sealed.New(sealed.Client, state.CipherSuite, secret, p.id)
	return err
}

// reason is what a failed join is counted under.
func reason(err error) string {
	var no *refusal
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

// outcome is that of a join.
type outcome struct {
	joined
	err     error
	retries int
	last    bool // there are no more
}

// joinOne lets player i join. One whom the server is too full or too busy for asks again, later and later, as people do.
func (r *run) joinOne(ctx context.Context, i int) (o outcome) {
	for wait := firstRetry; ; wait *= 2 {
		var no *refusal
		o.joined, o.err = r.dialer.join(ctx, i)
		if o.err == nil {
			return o
		}
		o.joined = joined{}
		if !errors.As(o.err, &no) || no.code != wire.CodeFull || wait > lastRetry {
			return o
		}
		o.retries++
		select {
		case <-ctx.Done():
			return o
		case <-time.After(wait):
		}
	}
}

// joinAll lets all players but the first join, a few at a time.
func (r *run) joinAll(ctx context.Context) {
	turns := make(chan int)
	var group sync.WaitGroup
	for range joiners {
		group.Go(func() {
			for i := range turns {
				r.joined <- r.joinOne(ctx, i)
			}
		})
	}
	start, n := time.Now(), 2*r.cfg.Matches
	for i := 1; i < n && ctx.Err() == nil; i++ {
		wait := time.NewTimer(time.Until(start.Add(r.cfg.Ramp * time.Duration(i) / time.Duration(n))))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			continue
		}
		select {
		case turns <- i:
		case <-ctx.Done():
		}
	}
	close(turns)
	group.Wait()
	r.joined <- outcome{last: true}
}

// settle takes the outcome of a join.
func (r *run) settle(o outcome) {
	if o.last {
		r.report.Join.Seconds = time.Since(r.epoch).Seconds()
		if r.stage == joining {
			r.enter(starting)
		}
		return
	}
	r.report.Join.Retries += o.retries
	if o.err == nil {
		o.err = r.admit(o.joined)
	}
	if errors.Is(o.err, context.Canceled) {
		return // the joining was given up
	}
	if o.err == nil {
		r.failedInARow = 0
		return
	}
	r.report.Join.Failed[reason(o.err)]++
	r.failedInARow++
}
