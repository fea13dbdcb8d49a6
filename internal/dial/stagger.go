package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"pong/internal/crash"
)

// staggerAfter is how long an address is dialled alone before the next one is dialled, too (RFC 8305 section 5).
const staggerAfter = 250 * time.Millisecond

// dialStaggered opens a stream to the first of some addresses that answers, as stagger does. If all fail, the error is
// that of the first to which this machine has a route.
func dialStaggered(ctx context.Context, t Transport, addresses []string) (net.Conn, error) {
	conn, errs := stagger(ctx, len(addresses), func(ctx context.Context, n int) (net.Conn, error) {
		return t.DialStream(ctx, addresses[n])
	})
	switch {
	case len(addresses) == 0:
		return nil, errors.New("the name has no address")
	case errs == nil:
		return conn, nil
	case len(errs) == 1:
		return nil, errs[0]
	}
	routed := slices.IndexFunc(errs, func(err error) bool { return !isNoRoute(err) })
	return nil, fmt.Errorf("%w (and none of its other addresses answers: %d)", errs[max(routed, 0)], len(errs)-1)
}

// stagger opens a connection to the first of n addresses that answers. It opens them in order: the next one
// staggerAfter the last, or at once when one fails. The others are then given up. If all fail, stagger returns their
// errors in order, else none. open must return soon after its context is done.
func stagger[C net.Conn](ctx context.Context, n int, open func(ctx context.Context, n int) (C, error)) (C, []error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		conn C
		err  error
		n    int
	}
	results := make(chan result, n)
	errs := make([]error, n)
	opened, failed := 0, 0
	openNext := func() {
		n := opened
		opened++
		go crash.Guarded(func() {
			conn, err := open(ctx, n)
			results <- result{conn, err, n}
		})()
	}
	for failed < n {
		if opened == failed {
			openNext()
		}
		var next <-chan time.Time // never, if there is no next one
		if opened < n {
			next = time.After(staggerAfter)
		}
		select {
		case r := <-results:
			if r.err == nil {
				closeOthers(opened-failed-1, func() (net.Conn, error) { r := <-results; return r.conn, r.err })
				return r.conn, nil
			}
			errs[r.n] = r.err
			if failed++; opened < n && opened > failed {
				openNext()
			}
		case <-next:
			openNext()
		}
	}
	var none C
	return none, errs
}

// closeOthers closes the connections that were opened too late, in a goroutine that takes n results.
func closeOthers(n int, take func() (net.Conn, error)) {
	if n == 0 {
		return
	}
	go crash.Guarded(func() {
		for range n {
			if conn, err := take(); err == nil {
				conn.Close()
			}
		}
	})()
}
