package web

import (
	"net/netip"
	"sync"
)

// The limits on connections of HTTP/3 without a session: in all, and of an address prefix. From manyUnopened on a
// client must prove its address before anything is computed for it.
const (
	maxUnopened     = 256
	maxUnopenedEach = 32
	manyUnopened    = 16
)

// A counter counts connections by address prefix.
type counter struct {
	mu   sync.Mutex // guards what follows
	n    int
	each map[netip.Prefix]int
}

// add counts a connection. It returns false if there are too many.
func (c *counter) add(from netip.Prefix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n >= maxUnopened || c.each[from] >= maxUnopenedEach {
		return false
	}
	if c.each == nil {
		c.each = make(map[netip.Prefix]int)
	}
	c.n++
	c.each[from]++
	return true
}

func (c *counter) remove(from netip.Prefix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	if c.each[from]--; c.each[from] == 0 {
		delete(c.each, from)
	}
}

// many reports whether there are so many that addresses must be proved.
func (c *counter) many() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n >= manyUnopened
}
