package load

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"sync"
	"time"

	"pong/internal/wire"
)

// The times of the control channel.
const (
	keepAlive     = 10 * time.Second
	controlWithin = 5 * time.Second
	leaveWithin   = 10 * time.Second // for all of them
	keepers       = 4
)

// A control is a player's control connection. One keeper at a time uses it.
type control struct {
	conn  *tls.Conn
	lines *bufio.Reader
	busy  sync.Mutex // held while a keeper uses the connection
	ended bool       // under busy
}

// join says JOIN and waits for the WELCOME.
func (c *control) join(name string) (w wire.Message, err error) {
	if err := c.say(wire.Message{Type: wire.Join, Version: wire.Version, Name: name, Role: wire.RolePlayer}); err != nil {
		return w, fmt.Errorf("join: %w", err)
	}
	w, err = c.hear()
	switch {
	case err != nil:
		return w, fmt.Errorf("join: %w", err)
	case w.Type == wire.Error:
		return w, &refusal{w.Code, w.Message}
	case w.Type != wire.Welcome:
		return w, fmt.Errorf("the server answered JOIN with %.20q", w.Type)
	}
	return w, nil
}

func (c *control) say(m wire.Message) error {
	_, err := c.conn.Write(wire.AppendLine(nil, m))
	return err
}

func (c *control) hear() (wire.Message, error) {
	line, err := c.lines.ReadSlice('\n')
	if err != nil {
		return wire.Message{}, err
	}
	return wire.ParseLine(line)
}

// An errand is something to do on the control connection of a player.
type errand struct {
	i       int
	rematch bool
}

// news is what a control connection has told that the crowd must know.
type news struct {
	i, seat int    // the player has been moved to another seat; seat -1: no
	gone    string // why the connection has ended; empty: it has not
}

// A keeper's desk: a few goroutines keep the control connections of all players, because one that waits for each of them
// would be thousands. Nothing there is urgent, for STATEs tell all that matters. At each errand a keeper says
// PING and reads until the PONG, and so all that has come before it.
type desk struct {
	mu       sync.Mutex // guards controls
	controls []*control

	errands chan errand
	news    chan news
	group   sync.WaitGroup
	stop    context.CancelFunc
}

// newDesk starts the keepers for as many players at most.
func newDesk(most int) *desk {
	ctx, stop := context.WithCancel(context.Background())
	d := &desk{errands: make(chan errand, 2*most), news: make(chan news, 4*most), stop: stop}
	for range keepers {
		d.group.Go(func() { d.keep(ctx) })
	}
	d.group.Go(func() { d.wheel(ctx) })
	return d
}

// add takes over the control connection of the next player.
func (d *desk) add(c *control) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.controls = append(d.controls, c)
}

// ask leaves an errand and does not wait; false means that there are too many already.
func (d *desk) ask(e errand) bool {
	select {
	case d.errands <- e:
		return true
	default:
		return false
	}
}

// wheel has each connection say something every ten seconds.
func (d *desk) wheel(ctx context.Context) {
	const step = 20 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	for turn, share := 0, 0.0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		d.mu.Lock()
		n := len(d.controls)
		d.mu.Unlock()
		for share += float64(n) * float64(step) / float64(keepAlive); share >= 1; share-- {
			d.ask(errand{i: turn % n})
			turn++
		}
	}
}

func (d *desk) keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-d.errands:
			d.mu.Lock()
			c := d.controls[e.i]
			d.mu.Unlock()
			d.run(c, e)
		}
	}
}

// run does an errand.
func (d *desk) run(c *control, e errand) {
	c.busy.Lock()
	defer c.busy.Unlock()
	if c.ended {
		return
	}
	_ = c.conn.SetDeadline(time.Now().Add(controlWithin))
	seat, why := c.errand(e)
	if why != "" {
		c.ended = true
		c.conn.Close()
	}
	if seat >= 0 || why != "" {
		select {
		case d.news <- news{e.i, seat, why}:
		default:
		}
	}
}

// errand returns the seat that the player has been moved to, else -1, and why the connection has ended.
func (c *control) errand(e errand) (seat int, why string) {
	seat = -1
	first := wire.Message{Type: wire.Ping}
	if e.rematch {
		first.Type = wire.Rematch
	}
	if err := c.say(first); err != nil {
		return seat, "write"
	}
	if e.rematch {
		if err := c.say(wire.Message{Type: wire.Ping}); err != nil {
			return seat, "write"
		}
	}
	for {
		switch m, err := c.hear(); {
		case err != nil:
			return seat, "read"
		case m.Type == wire.Pong:
			return seat, ""
		case m.Type == wire.Error:
			return seat, m.Code
		case m.Type == wire.Seat && (m.PlayerID == 1 || m.PlayerID == 2):
			seat = m.PlayerID - 1
		}
	}
}

// close has all players leave, and ends the keepers. It takes leaveWithin at the most.
func (d *desk) close() {
	d.stop()
	cut := time.AfterFunc(leaveWithin, d.cut)
	defer cut.Stop()
	d.group.Wait()
	queue := make(chan *control)
	for range keepers {
		d.group.Go(func() {
			for c := range queue {
				if !c.ended {
					_ = c.conn.SetDeadline(time.Now().Add(controlWithin))
					_ = c.say(wire.Message{Type: wire.Leave})
				}
				c.conn.Close()
			}
		})
	}
	for _, c := range d.controls {
		queue <- c
	}
	close(queue)
	d.group.Wait()
}

// cut closes all connections without a word.
func (d *desk) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.controls {
		c.conn.NetConn().Close()
	}
}
