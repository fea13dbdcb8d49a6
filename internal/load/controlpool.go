package load

import (
	"context"
	"sync"
	"time"

	"pong/internal/wire"
)

// A request is work for the control connection of a player: a PING, or a REMATCH and a PING.
type request struct {
	i       int
	rematch bool
}

// A controlEvent is a change that a control connection reported to the crowd.
type controlEvent struct {
	i, seat int    // the player has moved to this seat; -1: the seat has not changed
	gone    string // why the connection has ended; empty if it has not
}

// A controlPool serves the control connections of all players with a few goroutines, its workers. A goroutine for
// each connection would mean thousands, and nothing here is urgent: STATEs carry everything that play needs. For each
// request a worker sends a PING and reads until the PONG, and so reads every line that came before it.
type controlPool struct {
	mu       sync.Mutex // guards controls
	controls []*control

	requests chan request
	events   chan controlEvent
	group    sync.WaitGroup
	stop     context.CancelFunc
}

// newControlPool starts the workers, for at most so many players.
func newControlPool(most int) *controlPool {
	ctx, stop := context.WithCancel(context.Background())
	p := &controlPool{requests: make(chan request, 2*most), events: make(chan controlEvent, 4*most), stop: stop}
	for range workers {
		p.group.Go(func() { p.work(ctx) })
	}
	p.group.Go(func() { p.sendPings(ctx) })
	return p
}

// add hands over the control connection of the next player.
func (p *controlPool) add(c *control) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.controls = append(p.controls, c)
}

// submit queues a request without waiting. It returns false if the queue is full.
func (p *controlPool) submit(r request) bool {
	select {
	case p.requests <- r:
		return true
	default:
		return false
	}
}

// sendPings requests a PING on each connection every ten seconds, evenly spread.
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

// run carries out a request.
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

// close sends LEAVE for all players and ends the workers. It takes at most leaveWithin.
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

// closeAll closes all connections at once, without LEAVE.
func (p *controlPool) closeAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.controls {
		c.conn.NetConn().Close()
	}
}
