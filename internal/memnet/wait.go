package memnet

import (
	"sync"
	"time"
)

// A monitor is a mutex with a condition variable, on which a read or write waits for data or for its deadline.
type monitor struct {
	mu   sync.Mutex // guards the struct in which the monitor is embedded
	cond sync.Cond
}

func (m *monitor) init() { m.cond.L = &m.mu }

// A deadline wakes the waiters of a monitor when it passes. It is guarded by the monitor's mutex.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

// set sets the deadline; the zero time means none.
func (d *deadline) set(m *monitor, t time.Time) {
	if d.timer != nil {
		d.timer.Stop()
	}
	// Not for a time that has passed: in a bubble, two timers due at once can crash the race detector (Go 1.26).
	if d.at = t; time.Until(t) > 0 {
		d.timer = time.AfterFunc(time.Until(t), func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.cond.Broadcast()
		})
	}
	m.cond.Broadcast()
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }
