package netsim

import (
	"net"
	"os"
	"sync"
	"time"
)

// A timedLink is a Link on the clock of the machine, or of a testing/synctest bubble. Its receive waits for packets.
type timedLink struct {
	mu       sync.Mutex // guards all below
	changed  sync.Cond  // a packet was sent or is due, or the deadline was set, or the link was closed
	link     *Link
	due      *time.Timer // broadcasts on changed; made by the first receive that waits
	deadline time.Time   // of receive; zero for none
	failed   error       // for the next receive
	closed   bool
}

func newTimedLink(p Profile, seed uint64) *timedLink {
	t := &timedLink{link: NewLink(p, seed)}
	t.changed.L = &t.mu
	return t
}

// send puts a packet in. If the other end is closed, the packet is lost, as in a network.
func (t *timedLink) send(packet []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.link.Send(time.Now(), packet)
	t.changed.Broadcast()
}

// receive waits for a packet and copies as much of it as fits into b, like a datagram socket. Its errors are
// net.ErrClosed and os.ErrDeadlineExceeded.
func (t *timedLink) receive(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		now := time.Now()
		if t.closed {
			return 0, net.ErrClosed
		}
		if !t.deadline.IsZero() && !now.Before(t.deadline) {
			return 0, os.ErrDeadlineExceeded
		}
		if packet, _, ok := t.link.Receive(now); ok {
			return copy(b, packet), nil
		}
		if err := t.failed; err != nil {
			t.failed = nil
			return 0, err
		}
		t.wake(now)
		t.changed.Wait()
	}
}

// wake sets the timer to the next packet or the deadline. All receivers wait for the same event, so one timer is
// enough.
func (t *timedLink) wake(now time.Time) {
	at, ok := t.link.Next()
	if !t.deadline.IsZero() && (!ok || t.deadline.Before(at)) {
		at, ok = t.deadline, true
	}
	switch {
	case !ok:
	case t.due == nil:
		t.due = time.AfterFunc(at.Sub(now), t.broadcast)
	default:
		t.due.Reset(at.Sub(now))
	}
}

func (t *timedLink) broadcast() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changed.Broadcast()
}

func (t *timedLink) set(p Profile) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.link.Set(p)
}

// fail makes the next receive return an error.
func (t *timedLink) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = err
	t.changed.Broadcast()
}

func (t *timedLink) setDeadline(deadline time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deadline = deadline
	t.changed.Broadcast()
}

func (t *timedLink) stats() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.link.Stats()
}

// close ends every receive. It returns net.ErrClosed if the link was closed before.
func (t *timedLink) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return net.ErrClosed
	}
	t.closed = true
	if t.due != nil {
		t.due.Stop()
	}
	t.changed.Broadcast()
	return nil
}

func (t *timedLink) isClosed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.closed
}
