package dial

import (
	"context"
	"errors"
	"slices"
	"time"

	"pong/internal/crash"
	"pong/internal/trust"
	"pong/internal/wire"
)

// The times of a client whose server is one of a cluster.
const (
	knockAfter   = 750 * time.Millisecond // without datagrams in a game: another node may have the match
	knockStagger = 250 * time.Millisecond // between two nodes that are dialled

	// seatTries is how many attempts are made to come back to a seat before a new one is taken at another node. They
	// last longer than it takes a node to take over a match.
	seatTries = 4
)

// noteNodes notes the addresses of the other nodes of the server's cluster, as a line has them.
func (c *connection) noteNodes(also string) {
	if nodes := wire.ParseAlso(also); len(nodes) > 0 {
		c.nodes.Store(&nodes)
		return
	}
	c.nodes.Store(nil)
}

// nodeConfigs returns the Configs with which the nodes of the cluster are dialled, that of the connection in use first.
// All of them have the identity of this one.
func (c *Client) nodeConfigs(cfg Config, nodes []string) []Config {
	all := []Config{cfg}
	if c.conn.cfg.Address != cfg.Address {
		all = []Config{c.conn.cfg, cfg}
		all[0].connectWithin = cfg.connectWithin
	}
	identity := cfg.Trust
	if key, ok := trust.Identity(time.Now(), c.conn.control.ConnectionState().PeerCertificates); ok {
		identity = key.String()
	}
	in := func(address string) bool {
		return slices.ContainsFunc(all, func(other Config) bool {
			link, err := trust.ParseAddress(other.Address, trust.DefaultPort)
			return other.Address == address || err == nil && link.Address == address
		})
	}
	for _, node := range nodes {
		if in(node) {
			continue
		}
		other := cfg
		other.Address, other.Trust, other.Agreed, other.PinFile = node, identity, true, ""
		other.addresses = new(addresses)
		all = append(all, other)
	}
	return all
}

// connectCluster connects to the first node that knows one of some resume secrets. It dials them knockStagger apart, or
// the next one at once when one fails. If every node that answers has refused all of them and newSeat is true, it takes
// a new seat at the first that has one.
func connectCluster(ctx context.Context, nodes []Config, secrets []string, newSeat bool) (*connection, error) {
	conn, errs := connectFirst(ctx, nodes, secrets)
	if conn != nil {
		return conn, nil
	}
	var reached []Config
	var err error
	for i, e := range errs {
		switch {
		case refusedWith(e, wire.CodeResume):
			reached = append(reached, nodes[i])
		case errors.As(e, new(*RefusedError)): // this node knows more
			return nil, e
		default:
			err = e
		}
	}
	if len(reached) == 0 || len(reached) < len(nodes) && !newSeat {
		return nil, err
	}
	for _, cfg := range reached {
		cfg.Resume = ""
		if conn, err = connect(ctx, cfg); err == nil {
			conn.stale = secrets
			return conn, nil
		}
	}
	return nil, err
}

// connectFirst connects to the first node that knows one of some resume secrets. If none does it returns their errors.
func connectFirst(ctx context.Context, nodes []Config, secrets []string) (*connection, []error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		conn *connection
		err  error
		node int
	}
	results, errs := make(chan result, len(nodes)), make([]error, len(nodes))
	dialled, failed := 0, 0
	next := func() {
		node := dialled
		dialled++
		go crash.Guarded(func() {
			conn, err := connectAny(ctx, nodes[node], secrets)
			results <- result{conn, err, node}
		})()
	}
	next()
	for failed < len(nodes) {
		var later <-chan time.Time // never, if there is no next one
		if dialled < len(nodes) {
			later = time.After(knockStagger)
		}
		select {
		case r := <-results:
			if r.err == nil {
				rest := dialled - failed - 1
				go crash.Guarded(func() {
					for range rest {
						if late := <-results; late.conn != nil {
							late.conn.close(false)
						}
					}
				})()
				return r.conn, nil
			}
			errs[r.node] = r.err
			if failed++; dialled < len(nodes) {
				next()
			}
		case <-later:
			next()
		}
	}
	return nil, errs
}
