package portmap

import "time"

// An epochClock compares the clock of a router, which begins with its mappings, with ours.
type epochClock struct {
	at    time.Time
	epoch uint32
	known bool
}

// take takes the epoch of an answer, and reports whether the router has lost its mappings since the one before (RFC
// 6887, section 8.5): its clock went back, or it does not go as fast as ours.
func (c *epochClock) take(now time.Time, epoch uint32) (lost bool) {
	before := *c
	*c = epochClock{now, epoch, true}
	if !before.known {
		return false
	}
	if int64(epoch) < int64(before.epoch)-1 {
		return true
	}
	ours, theirs := int64(now.Sub(before.at)/time.Second), int64(epoch)-int64(before.epoch)
	return ours+2 < theirs-theirs/16 || theirs+2 < ours-ours/16
}
