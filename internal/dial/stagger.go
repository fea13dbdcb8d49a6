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

// dialStaggered opens a stream to the first of some addresses that answers. It dials them in order: the next one
// staggerAfter the last, or at once when one fails. The others are then given up. If all fail, the error is that of the
// first to which this machine has a route.
func dialStaggered(ctx context.Context, t Transport, addresses []string) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		conn net.Conn
		err  error
		n    int
	}
	results := make(chan result, len(addresses))
	errs := make([]error, len(addresses))
	dialled, failed := 0, 0
	dialNext := func() {
		n := dialled
		dialled++
		go crash.Guarded(func() {
			conn, err := t.DialStream(ctx, addresses[n])
			results <- result{conn, err, n}
		})()
	}
	for failed < len(addresses) {
		if dialled == failed {
			dialNext()
		}
		var next <-chan time.Time // never, if there is no next one
		if dialled < len(addresses) {
			next = time.After(staggerAfter)
		}
		select {
		case r := <-results:
			if r.err == nil {
				closeOthers(dialled-failed-1, func() net.Conn { return (<-results).conn })
				return r.conn, nil
			}
			errs[r.n] = r.err
			if failed++; dialled < len(addresses) && dialled > failed {
				dialNext()
			}
		case <-next:
			dialNext()
		}
	}
	switch len(errs) {
	case 0:
		return nil, errors.New("the name has no address")
	case 1:
		return nil, errs[0]
	}
	routed := slices.IndexFunc(errs, func(err error) bool { return !isNoRoute(err) })
	return nil, fmt.Errorf("%w (and none of its other addresses answers: %d)", errs[max(routed, 0)], len(errs)-1)
}

// closeOthers closes the streams that were opened too late, in a goroutine that takes n results.
func closeOthers(n int, take func() net.Conn) {
	if n == 0 {
		return
	}
	go crash.Guarded(func() {
		for range n {
			if conn := take(); conn != nil {
				conn.Close()
			}
		}
	})()
}
