package load

import (
	"context"
	"sync"
	"time"

	"pong/internal/wire"
)

// An errand is something to do on the control connection of a player.
type request struct {
	i       int
	rematch bool
}

// news is what a control connection has told that the crowd must know.
type controlEvent struct {
	i, seat int    // the player has been moved to another seat; seat -1: no
	gone    string // why the connection has ended; empty: it has not
}

// A keeper's desk: a few goroutines keep the control connections of all players, because one that waits for each of them
// would be thousands. Nothing there is urgent, for STATEs tell all that matters. At each errand a keeper says
// PING and reads until the PONG, and so all that has come before it.
type controlPool struct {
	mu       sync.Mutex // guards controls
	controls []*control

	requests chan request
	events   chan controlEvent
	group    sync.WaitGroup
	stop     context.CancelFunc
}

// newDesk starts the keepers for as many players at most.
func newControlPool(most int) *controlPool {
	ctx, stop := context.WithCancel(context.Background())
	p := &controlPool{requests: make(chan request, 2*most), events: make(chan controlEvent, 4*most), stop: stop}
	for range workers {
		p.group.Go(func() { p.work(ctx) })
	}
	p.group.Go(func() { p.sendPings(ctx) })
	return p
}

// add takes over the control connection of the next player.
func (p *controlPool) add(c *control) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.controls = append(p.controls, c)
}

// ask leaves an errand and does not wait; false means that there are too many already.
func (p *controlPool) submit(r request) bool {
	select {
	case p.requests <- r:
		return true
	default:
		return false
	}
}

// wheel has each connection say something every ten seconds.
func (p *controlPool) sendPings(ctx context.Context) {
	const step = 20 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	for turn, share := 0, 0.0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		p.mu.Lock()
		n := len(p.controls)
		p.mu.Unlock()
		for share += float64(n) * float64(step) / float64(keepAlive); share >= 1; share-- {
			p.submit(request{i: turn % n})
			turn++
		}
	}
}

func (p *controlPool) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-p.requests:
			p.mu.Lock()
			c := p.controls[r.i]
			p.mu.Unlock()
			p.run(c, r)
		}
	}
}

// run does an errand.
func (p *controlPool) run(c *control, r request) {
	c.busy.Lock()
	defer c.busy.Unlock()
	if c.ended {
		return
	}
	_ = c.conn.SetDeadline(time.Now().Add(controlWithin))
	seat, why := c.exchange(r)
	if why != "" {
		c.ended = true
		c.conn.Close()
	}
	if seat >= 0 || why != "" {
		select {
		case p.events <- controlEvent{r.i, seat, why}:
		default:
		}
	}
}

// close has all players leave, and ends the keepers. It takes leaveWithin at the most.
func (p *controlPool) close() {
	p.stop()
	timer := time.AfterFunc(leaveWithin, p.closeAll)
	defer timer.Stop()
	p.group.Wait()
	queue := make(chan *control)
	for range workers {
		p.group.Go(func() {
			for c := range queue {
				if !c.ended {
					_ = c.conn.SetDeadline(time.Now().Add(controlWithin))
					_ = c.write(wire.Message{Type: wire.Leave})
				}
				c.conn.Close()
			}
		})
	}
	for _, c := range p.controls {
		queue <- c
	}
	close(queue)
	p.group.Wait()
}

// cut closes all connections without a word.
func (p *controlPool) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.controls {
		c.conn.NetConn().Close()
	}
}
